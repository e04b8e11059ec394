"""How the canonical face lies turned on a head because of the face's own shape, and of what it does. Tried, not shipped:
README.md, "How a head is turned".

    python3 head.py OUT.pt --rendered A.npz B.npz ... [--posed POSED.npz] [--photos photos.npz] [--web web-valid.npz] [--judge]

A long chin, a deep brow or an open mouth tilt the canonical face that is laid over a mesh (fit_head()): by how much is learned
from rendered heads, whose turn is known. The .npz files are written by movement_data.py, some of them of `mien synthesize
--rendered --turned`; one person in eight is held out. Most rendered heads look ahead, and a mesh that is turned has another
shape, too: so that nobody is turned back to the front for that, faces are picked so that all turns are as frequent. POSED.npz
is for judging alone: laboratory faces that look into the camera, several expressions of each `person`, so that their pitch
should differ little. --judge reads OUT.pt instead of learning it.
"""
import argparse
import os

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

import movement_data as md
import movements

TILT = 7.25  # degrees: kCanonicalTilt in include/mien/movements/head_pose.hpp
NEAR, FAR = 350, 2500  # millimetres: how far away a face may be; the program knows only what its lens is assumed to be
CONFIDENT = 0.9  # presence: others are no faces to learn from
DIRECTIONS, WIDTH = 60, 96
STEPS, BATCH, RATE, DECAY = 12000, 1024, 0.002, 0.1
NOISE = 0.2  # of each direction's deviation
YAW, PITCH, BIN, MOST = 60, 37, (6, 5), 20  # degrees; a face in a rare bin counts at most so often as the mean one


def about(axis, degrees):
    """Rotations [N,3,3] about axis 0, 1 or 2."""
    angle = np.radians(np.atleast_1d(degrees).astype(float))
    turn = np.tile(np.eye(3), (len(angle), 1, 1))
    a, b = (axis + 1) % 3, (axis + 2) % 3
    turn[:, a, a] = turn[:, b, b] = np.cos(angle)
    turn[:, b, a] = np.sin(angle)
    turn[:, a, b] = -turn[:, b, a]
    return turn


def vector(rotation):
    """Rotation vectors [N,3], degrees."""
    angle = np.arccos(np.clip((np.trace(rotation, axis1=1, axis2=2) - 1) / 2, -1, 1))
    axis = np.stack([rotation[:, 2, 1] - rotation[:, 1, 2], rotation[:, 0, 2] - rotation[:, 2, 0],
                     rotation[:, 1, 0] - rotation[:, 0, 1]], 1) / 2
    return np.degrees(axis * (angle / np.maximum(np.sin(angle), 1e-6))[:, None])


def rotation_of(vectors):
    angle = np.radians(np.linalg.norm(vectors, axis=1))
    axis = np.radians(vectors) / np.maximum(angle, 1e-9)[:, None]
    cross = np.zeros((len(axis), 3, 3))
    cross[:, 2, 1], cross[:, 0, 2], cross[:, 1, 0] = axis.T
    cross -= np.swapaxes(cross, 1, 2)
    s, c = np.sin(angle)[:, None, None], np.cos(angle)[:, None, None]
    return np.eye(3) + s * cross + (1 - c) * cross @ cross


def read(path, canonical, rng):
    """`face`: meshes over the canonical face, for cameras at any distance; `head`: its axes as fit_head() has them."""
    held = dict(np.load(path))
    good = (held["presence"] > 0.5) & np.isfinite(held["mesh"]).all((1, 2))
    held = {k: v[good] if len(v) == len(good) else v for k, v in held.items()}
    count = len(held["mesh"])
    distance = np.exp(rng.uniform(np.log(NEAR), np.log(FAR), count))
    faces, turns = [], []
    for part in np.array_split(np.arange(count), max(1, count // 1000)):
        face, turn = md.fit(held["mesh"][part], canonical, distance[part], np.zeros((len(part), 2)))
        faces.append(face.reshape(len(part), -1))
        turns.append(turn)
    held["face"] = np.concatenate(faces)
    held["head"] = np.concatenate(turns) @ about(0, -TILT)
    return held


def errors(held):
    """What turns the rendered head to where the fit has it, in the head's axes. The crop is level by the eyes, so that
    nothing is known of the turn about the line of sight: it is taken for right."""
    yaw, pitch, roll = held["pose"].astype(float).T
    # The renderer's axes are y up and z towards the camera, and its yaw, pitch and roll come in this order.
    flip = np.diag([1.0, -1, -1])
    truth = flip @ about(2, -roll) @ about(0, -pitch) @ about(1, yaw) @ flip
    off = held["head"] @ np.swapaxes(truth, 1, 2)
    level = about(2, -np.degrees(np.arctan2(off[:, 1, 0] - off[:, 0, 1], off[:, 0, 0] + off[:, 1, 1])))
    return vector(np.swapaxes(truth, 1, 2) @ level @ held["head"])


class Net(nn.Module):
    """A mesh over the canonical face, millimetres, and how much deeper the head's axes x, y and z lead: degrees about them."""

    def __init__(self):
        super().__init__()
        self.first = nn.Linear(3 * md.POINTS + 3, DIRECTIONS + 3)  # principal directions, and the three numbers as they are
        self.straight = nn.Linear(DIRECTIONS + 3, 3)
        self.bent = nn.Sequential(nn.Linear(DIRECTIONS + 3, WIDTH), nn.ReLU(), nn.Linear(WIDTH, WIDTH), nn.ReLU(),
                                  nn.Linear(WIDTH, 3))

    def look_along(self, faces):
        mean = faces.mean(0)
        some = faces[np.random.default_rng(5).permutation(len(faces))[:6000]] - mean
        _, spread, axes = np.linalg.svd(some, full_matrices=False)
        base = axes[:DIRECTIONS] / (spread[:DIRECTIONS, None] / np.sqrt(len(some)))
        weight = torch.zeros_like(self.first.weight.data)
        weight[:DIRECTIONS, :3 * md.POINTS] = torch.from_numpy(base)
        weight[DIRECTIONS:, 3 * md.POINTS:] = 2 * torch.eye(3)
        self.first.weight.data = weight
        self.first.bias.data = torch.cat([torch.from_numpy(-(base @ mean)), torch.zeros(3)])

    def rest(self, z):
        return self.straight(z) + self.bent(z)

    def forward(self, x):
        return self.rest(self.first(x))


def inputs(held, part=slice(None)):
    return np.concatenate([held["face"][part], held["head"][part][:, 2]], 1).astype(np.float32)


def mirrored(x, off, pose, canonical):
    points = x[:, :3 * md.POINTS].reshape(-1, md.POINTS, 3)[:, movements.mirrored_points(canonical)] * [-1, 1, 1]
    return (np.concatenate([points.reshape(len(x), -1), x[:, 3 * md.POINTS:] * [-1, 1, 1]], 1).astype(np.float32),
            off * [1, -1, -1], pose * [-1, 1, -1])


def evenly(pose):
    """How often each face is to be picked, so that all turns up to YAW and PITCH are as frequent."""
    bins = [np.round(pose[:, axis] / BIN[axis]).astype(int) for axis in (0, 1)]
    _, place, count = np.unique(np.stack(bins, 1), axis=0, return_inverse=True, return_counts=True)
    often = 1 / count[place.reshape(-1)]
    often = np.minimum(often, MOST * often.mean())
    often[(abs(pose[:, 0]) > YAW) | (abs(pose[:, 1]) > PITCH)] = 0
    return often / often.sum()


def learn(sets, canonical):
    x, off, pose = (np.concatenate(a) for a in zip(*(
        (inputs(h, part), h["off"][part], h["pose"][part])
        for h in sets for part in [(h["person"] % movements.HELD_OUT != 0) & (h["presence"] > CONFIDENT)])))
    print(len(x), "faces to learn from")
    x, off, pose = (np.concatenate(pair) for pair in zip((x, off, pose), mirrored(x, off, pose, canonical)))
    torch.manual_seed(0)
    net = Net()
    net.look_along(x[:, :3 * md.POINTS])
    with torch.no_grad():
        seen = net.first(torch.from_numpy(x))
    truth = torch.from_numpy(off.astype(np.float32))
    place = torch.from_numpy(np.cumsum(evenly(pose)))
    taught = list(net.straight.parameters()) + list(net.bent.parameters())
    optimizer = torch.optim.AdamW(taught, lr=RATE, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, STEPS)
    for _ in range(STEPS):
        pick = torch.searchsorted(place, torch.rand(BATCH, dtype=place.dtype)).clamp(max=len(x) - 1)
        z = seen[pick].clone()
        z[:, :DIRECTIONS] += NOISE * torch.randn(BATCH, DIRECTIONS)
        loss = F.smooth_l1_loss(net.rest(z), truth[pick], beta=4.0)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    return net


def pitch_of(head):
    return np.degrees(np.arctan2(-head[:, 1, 2], head[:, 2, 2]))


def say(name, before, after):
    word = lambda of: f"{of.mean():5.1f} +- {of.std():4.1f}, {np.median(abs(of)):4.1f}"
    print(f"| {name} | {len(before)} | " + " | ".join(word(of) for of in (*before.T, *after.T)) + " |", flush=True)


def judge(net, sets):
    """People who were held out: mean, deviation and median size of what is wrong, before and after."""
    outs = [h["person"] % movements.HELD_OUT == 0 for h in sets]
    off, pose, x = (np.concatenate(a) for a in zip(*((h["off"][o], h["pose"][o], inputs(h, o)) for h, o in zip(sets, outs))))
    with torch.no_grad():
        left = off - net(torch.from_numpy(x)).numpy()
    print("| heads | faces | x (pitch) before | y (yaw) | z (roll) | x after | y | z |\n|---|---|---|---|---|---|---|---|")
    yaw, pitch = pose[:, 0], pose[:, 1]
    rows = [("all", yaw < 360), ("ahead: yaw below 15, pitch below 10", (abs(yaw) < 15) & (abs(pitch) < 10))]
    for low, high in ((-56, -40), (-40, -25), (-25, -10), (10, 25), (25, 40), (40, 56)):
        rows.append((f"yaw {low} to {high}, pitch below 15", (yaw >= low) & (yaw < high) & (abs(pitch) < 15)))
    for low, high in ((-36, -22), (-22, -10), (10, 22), (22, 36)):
        rows.append((f"pitch {low} to {high}, yaw below 15", (pitch >= low) & (pitch < high) & (abs(yaw) < 15)))
    rows.append(("yaw beyond 25 and pitch beyond 15", (abs(yaw) > 25) & (abs(pitch) > 15)))
    for name, part in rows:
        say(name, off[part], left[part])


def judge_real(net, path, held):
    """Nobody knows how these heads are turned; that of people who look into a camera differs little."""
    with torch.no_grad():
        known = net(torch.from_numpy(inputs(held))).numpy()
    before, after = pitch_of(held["head"]), pitch_of(held["head"] @ rotation_of(-known))
    line = f"{os.path.basename(path)}: {len(before)} faces, pitch {before.mean():.1f} +- {before.std():.1f} before, " \
           f"{after.mean():.1f} +- {after.std():.1f} after"
    if "person" in held:
        people = [held["person"] == p for p in np.unique(held["person"]) if (held["person"] == p).sum() > 2]
        for word, pitch in (("before", before), ("after", after)):
            line += f"; {word}: between people {np.std([pitch[p].mean() for p in people]):.1f}, of one person's faces " \
                    f"{np.sqrt(np.mean([pitch[p].var(ddof=1) for p in people])):.1f}"
    print(line)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("out")
    p.add_argument("--rendered", nargs="+", required=True)
    p.add_argument("--posed")
    p.add_argument("--photos")
    p.add_argument("--web")
    p.add_argument("--judge", action="store_true")
    args = p.parse_args()
    torch.set_num_threads(1)
    rng = np.random.default_rng(7)
    canonical = md.canonical()
    sets = [read(path, canonical, rng) for path in args.rendered]
    for held in sets:
        held["off"] = errors(held)
    if args.judge:
        net = Net()
        net.load_state_dict(torch.load(args.out))
    else:
        net = learn(sets, canonical)
        torch.save(net.state_dict(), args.out)
    net.eval()
    judge(net, sets)
    for path in (args.posed, args.photos, args.web):
        if path:
            judge_real(net, path, read(path, canonical, rng))


if __name__ == "__main__":
    main()
