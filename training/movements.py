"""The network from a face's mesh to its movements: learns it and judges it.

    python3 movements.py runs/movements learn --rendered A.npz B.npz --web web-train.npz
    python3 movements.py runs/movements judge --rendered A.npz B.npz --web web-valid.npz --photos photos.npz

The .npz files are written by movement_data.py. One person in eight is held out of every rendered file, by the column
person. movements_export.py writes what ships.
"""
import argparse
import json
import os
import time

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

import movement_data as md

HELD_OUT = 8
# What the network says: name, FACS hint, what of the renderer's movements it is (their sum; `@` stands for the side, and
# where the name has none it is the mean of both), the teacher's words for it.
KEPT = [
    ("inner_brow_raise", "AU1", ["inner_brow_raise_@"], ["browInnerUp"]),
    ("outer_brow_raise_@", "AU2", ["outer_brow_raise_@"], ["browOuterUp@"]),
    ("brow_lower_@", "AU4", ["brow_lower_@"], ["browDown@"]),
    ("upper_lid_raise", "AU5", ["upper_lid_raise_@"], ["eyeWide@"]),
    ("lid_tighten_@", "AU7", ["lid_tighten_@"], ["eyeSquint@"]),
    ("eye_close_@", "AU43", ["eye_close_@"], ["eyeBlink@"]),
    ("upper_lip_raise", "AU10", ["upper_lip_raise_@"], ["mouthUpperUp@"]),
    ("smile_@", "AU12", ["lip_corner_pull_@", "open_smile_@"], ["mouthSmile@"]),
    ("lip_stretch_@", "AU20", ["lip_stretch_@"], ["mouthStretch@"]),
    ("lower_lip_depress", "AU16", ["lower_lip_depress"], ["mouthLowerDown@"]),
    ("pucker", "AU18", ["pucker"], ["mouthPucker"]),
    ("funnel", "AU22", ["funnel"], ["mouthFunnel"]),
    ("lip_press", "AU23, AU24, AU28", ["lip_press", "lip_tighten", "lip_suck"], ["mouthPress@"]),
    ("jaw_drop", "AU26, AU27", ["jaw_drop"], ["jawOpen"]),
]
# Learned along, but below 0.6: they do not ship.
NEARLY = [
    ("corner_depress", "AU15", ["corner_depress_@"], ["mouthFrown@"]),
    ("chin_raise", "AU17", ["chin_raise"], ["mouthShrugLower"]),
]
# Tried as well, and left out: see README.md. `--all` learns and judges them, too.
LEFT_OUT = [
    ("cheek_raise_@", "AU6", ["cheek_raise_@"], []),
    ("nose_wrinkle_@", "AU9", ["nose_wrinkle_@"], ["noseSneer@"]),
    ("dimple_@", "AU14", ["dimple_@"], ["mouthDimple@"]),
    ("platysma", "AU21", ["platysma"], []),
    ("lips_part", "AU25", ["lips_part"], []),
    ("teeth_bared", "AU10 with AU16 and AU25", ["bared_teeth"], []),
    ("jaw_forward", "AU29", ["jaw_forward"], ["jawForward"]),
    ("jaw_left", "AU30", ["jaw_left"], ["jawLeft"]),
    ("jaw_right", "AU30", ["jaw_right"], ["jawRight"]),
    ("cheek_puff", "AU34", ["cheek_puff"], ["cheekPuff"]),
    ("nostril_dilate_@", "AU38", ["nostril_dilate_@"], []),
    ("nostril_compress", "AU39", ["nostril_compress"], []),
]
OUTPUTS, NAMES = [], []


def choose(table):
    """Fills OUTPUTS: name, hint, groups of the renderer's movements (each a sum, the mean of all is taken), words."""
    sides = lambda text, side: text.replace("_@", "_" + side).replace("@", side.title())
    for name, facs, parts, words in table:
        for side in ("left", "right") if "@" in name else ("",):
            of = [side] if side or not any("@" in t for t in parts + words) else ["left", "right"]
            OUTPUTS.append((sides(name, side), facs, [[sides(p, s) for p in parts] for s in of],
                            sorted({sides(w, s) for w in words for s in of})))
    NAMES.extend(o[0] for o in OUTPUTS)


def mirrored_outputs(names=None):
    names = names or NAMES
    swap = {"left": "right", "right": "left"}
    other = lambda n: n.rsplit("_", 1)[0] + "_" + swap[n.rsplit("_", 1)[1]] if n.rsplit("_", 1)[-1] in swap else n
    return np.array([names.index(other(n)) for n in names])


def mirrored_points(face):
    """Which point is the mirror image of which."""
    points = face[0]
    away = ((points[:, None] * [-1, 1, 1] - points[None]) ** 2).sum(2)
    other = away.argmin(1)
    assert (other[other] == np.arange(len(other))).all() and away.min(1).max() < 1
    return other


class Net(nn.Module):
    """The first layer is the large one: a few directions of the mesh, from its principal ones on."""

    def __init__(self, outputs, inputs=3 * md.POINTS, directions=40, width=64):
        super().__init__()
        self.first = nn.Linear(inputs, directions)
        self.middle = nn.Sequential(nn.Linear(directions, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU())
        self.last = nn.Linear(width, outputs)
        self.straight = nn.Linear(directions, outputs, bias=False)
        # From a face at rest, 0, to the strongest that was seen, 1; found after the learning.
        self.register_buffer("rest", torch.zeros(outputs))
        self.register_buffer("range", torch.ones(outputs))

    def logits(self, x):
        z = self.first(x)
        return self.last(self.middle(z)) + self.straight(z)

    def forward(self, x):
        y = (torch.sigmoid(self.logits(x)) - self.rest) / self.range
        return 1 - torch.relu(1 - torch.relu(y))  # what cv::dnn 4.6 reads of a clamp


def truth_of(held):
    names = held["names"].tolist()
    return np.stack([np.mean([np.clip(sum(held["weights"][:, names.index(p)] for p in parts), 0, 1) for parts in groups], 0)
                     for _, _, groups, _ in OUTPUTS], 1).astype(np.float32)


def teacher_of(words):
    import blendshapes
    return np.stack([words[:, [blendshapes.NAMES.index(t) for t in names]].mean(1) if names else np.full(len(words), np.nan)
                     for _, _, _, names in OUTPUTS], 1).astype(np.float32)


class Rendered:
    """Rendered faces of several files: fitted meshes, what moves, and each person's mesh at rest where there is one."""

    def __init__(self, paths):
        parts = []
        for number, path in enumerate(paths):
            held = dict(np.load(path))
            good = (held["presence"] > 0.5) & np.isfinite(held["seen"]).all((1, 2))
            person = held["person"] + 1000000 * number
            parts.append([held["face"], held["seen"], truth_of(held), person, held["pose"], held["still"].astype(bool), good,
                          np.full(len(good), number)])
        face, seen, truth, person, pose, still, good, file = (np.concatenate(p) for p in zip(*parts))
        self.face, self.seen, self.truth, self.person, self.pose, self.still, self.file = (
            a[good] for a in (face, seen, truth, person, pose, still, file))
        self.paths = paths
        self.out = self.person % HELD_OUT == 0
        # Row of the same person's picture at rest; -1: there is none.
        rest = {p: i for i, p in zip(np.where(self.still)[0], self.person[self.still])}
        self.rest = np.array([rest.get(p, -1) for p in self.person])


def correlation(a, b):
    a, b = a - a.mean(), b - b.mean()
    return float((a * b).sum() / np.sqrt((a * a).sum() * (b * b).sum() + 1e-12))


def apart(said, truth):
    """For each paired movement, the correlation of what left does more than right."""
    other = mirrored_outputs()
    return [correlation(said[:, k] - said[:, o], truth[:, k] - truth[:, o]) if o != k and np.isfinite(truth[0, k]) and
            (truth[:, k] - truth[:, o]).std() > 1e-4 else None for k, o in enumerate(other)]


def answers(net, x):
    with torch.no_grad():
        return torch.cat([net(p) for p in torch.as_tensor(x.reshape(len(x), -1)).split(4096)]).numpy()


def learn(args, face):
    torch.manual_seed(args.seed)
    rng = np.random.default_rng(args.seed)
    start = time.time()
    rendered = Rendered(args.rendered)
    train = np.where(~rendered.out)[0]
    canonical = face[0].astype(np.float32)
    flat = lambda x: (x - canonical).reshape(len(x), -1)
    # All that varies lies in a few directions: what is learned is learned in these, and brought back at the end.
    some = flat(rendered.face[rng.choice(train, min(len(train), 6000), replace=False)])
    axes = np.linalg.eigh(np.cov(some.T, dtype=np.float32))[1].T[::-1][:args.axes].copy()
    inside = lambda x: torch.from_numpy(flat(x) @ axes.T)
    mirror = np.eye(3 * md.POINTS, dtype=np.float32).reshape(-1, md.POINTS, 3)[:, mirrored_points(face)] * [-1, 1, 1]
    mirror = torch.from_numpy((axes @ mirror.reshape(-1, 3 * md.POINTS) @ axes.T).astype(np.float32))
    swap = mirrored_outputs()
    mean = rendered.face[rendered.still & ~rendered.out].mean(0)
    faces = torch.stack([inside(rendered.face), inside(rendered.seen)])
    truth, rest = torch.from_numpy(rendered.truth), torch.from_numpy(rendered.rest)
    base = torch.zeros(args.axes) if args.kind == "absolute" else inside(mean[None])[0]
    web_mean, web = mean, None
    if args.web:
        parts = [np.load(path) for path in args.web]
        held = {k: np.concatenate([part[k] for part in parts]) for k in ("face", "presence", "teacher", "neutral")}
        good = held["presence"] > 0.9
        web_face, neutral = held["face"][good], held["neutral"][good] >= 0.8
        web_mean = web_face[neutral].mean(0)
        web_base = torch.zeros(args.axes) if args.kind == "absolute" else inside(web_mean[None])[0]
        web = (inside(web_face) - web_base, torch.from_numpy(np.nan_to_num(teacher_of(held["teacher"][good]))),
               torch.from_numpy(neutral))
        has = torch.tensor([bool(o[3]) for o in OUTPUTS])
        spread = web[1].std(0) + 0.02

    def inputs(rows):
        camera = (torch.rand(len(rows)) < 0.5).long()
        x = faces[camera, rows]
        if args.kind == "absolute":
            return x
        # Half of the people have shown their face at rest, through the same camera; the others are compared with the mean.
        own = (torch.rand(len(rows)) < 0.5) & (rest[rows] >= 0)
        return x - torch.where(own[:, None], faces[camera, rest[rows].clamp(min=0)], base)

    net = Net(len(OUTPUTS), args.axes, args.directions, args.width)
    with torch.no_grad():  # begins with the principal directions, each of deviation 1
        rows = torch.from_numpy(rng.choice(train, 8000))
        x = inputs(rows)
        sizes, v = torch.linalg.eigh(torch.cov(x.T))
        weight = v.T.flip(0)[:args.directions] / sizes.flip(0)[:args.directions, None].sqrt()
        net.first.weight.copy_(weight)
        net.first.bias.copy_(-weight @ x.mean(0))
        net.last.weight.mul_(0.1)
        net.straight.weight.mul_(0.1)
        net.last.bias.fill_(-2.5)
    # The teacher's scale is its own: each of its words is a stretched and shifted one of ours.
    teach = nn.Parameter(torch.stack([torch.ones(len(OUTPUTS)), torch.zeros(len(OUTPUTS))]))
    first = [net.first.weight]
    others = [p for p in net.parameters() if p is not first[0]] + [teach]
    optimizer = torch.optim.AdamW([{"params": first}, {"params": others}], lr=args.rate, weight_decay=args.decay)
    batch = 256
    steps = args.epochs * (len(train) // batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, [args.rate * args.first, args.rate], total_steps=steps, pct_start=0.15)
    size = truth[train].var(0)
    for epoch in range(args.epochs):
        total = [0.0, 0.0]
        for rows in torch.from_numpy(rng.permutation(train)).split(batch)[:len(train) // batch]:
            x, y = inputs(rows), truth[rows]
            if torch.rand(1) < 0.5:
                x, y = x @ mirror.T, y[:, swap]
            x = x * (1 + 0.05 * torch.randn(len(x), 1)) + args.noise * torch.randn(x.shape)
            loss = args.render * ((torch.sigmoid(net.logits(x)) - y) ** 2 / size).mean()
            total[0] += float(loss)
            if web is not None:
                pick = torch.randint(len(web[0]), (batch,))
                w, t, calm = web[0][pick], web[1][pick], web[2][pick]
                if torch.rand(1) < 0.5:
                    w, t = w @ mirror.T, t[:, swap]
                logits = net.logits(w + args.noise * torch.randn(w.shape))
                said = torch.sigmoid(logits * F.softplus(teach[0]) + teach[1])
                other = (((said - t) / spread) ** 2)[:, has].mean()
                total[1] += float(other)
                loss = loss + args.teach * other + args.calm * (torch.sigmoid(logits)[calm] ** 2 / size).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
        if epoch % 5 == 4 or epoch + 1 == args.epochs:
            print(f"epoch {epoch + 1}: rendered {total[0] * batch / len(train):.4f}, web {total[1] * batch / len(train):.4f},"
                  f" {time.time() - start:.0f} s", flush=True)
    with torch.no_grad():
        said = [torch.sigmoid(net.logits(part)) for part in (faces[0][train] - base, *([web[0]] if web is not None else []))]
        strongest = torch.stack([part.quantile(0.995, 0) for part in said]).max(0).values
        resting = said[-1][web[2]] if web is not None else said[0][torch.from_numpy(rendered.still[train])]
        net.rest.copy_(resting.quantile(0.5, 0))
        net.range.copy_(strongest - net.rest)
    whole = Net(len(OUTPUTS), directions=args.directions, width=args.width)
    state = net.state_dict()
    state["first.weight"] = state["first.weight"] @ torch.from_numpy(axes)
    whole.load_state_dict(state)
    os.makedirs(args.run, exist_ok=True)
    torch.save({"net": whole.state_dict(), "kind": args.kind, "directions": args.directions, "width": args.width,
                "mean": mean, "web_mean": web_mean, "neutral": int(neutral.sum()) if args.web else 0, "names": NAMES}, os.path.join(args.run, "net.pt"))


def load(run):
    held = torch.load(os.path.join(run, "net.pt"))
    net = Net(len(held["names"]), directions=held["directions"], width=held["width"])
    net.load_state_dict(held["net"])
    # Only the movements that are asked for.
    rows = [held["names"].index(name) for name in NAMES]
    asked = Net(len(rows), directions=held["directions"], width=held["width"])
    asked.load_state_dict({k: v[rows] if k.split(".")[0] in ("last", "straight", "rest", "range") else v
                           for k, v in net.state_dict().items()})
    return asked.eval(), held


def scores(args, rendered, net, held):
    """Correlations and errors of every movement, on people and pictures that nothing was learned from."""
    canonical = md.canonical(args.canonical)[0].astype(np.float32)
    base = canonical if held["kind"] == "absolute" else held["mean"]
    found = {}

    def judge(name, rows, own):
        said, truth = answers(net, rendered.face[rows] - base), rendered.truth[rows]
        if own and held["kind"] == "absolute":
            said = np.clip(said - answers(net, rendered.face[rendered.rest[rows]] - base), 0, 1)
        elif own:
            said = answers(net, rendered.face[rows] - rendered.face[rendered.rest[rows]])
        found[name] = {"faces": int(len(rows)), "correlation": [correlation(said[:, k], truth[:, k]) for k in range(len(NAMES))],
                       "apart": apart(said, truth),
                       "error": np.abs(said - truth).mean(0).tolist(),
                       "shown": [int((truth[:, k] > 0.05).sum()) for k in range(len(NAMES))]}

    yaw = np.abs(rendered.pose[:, 0])
    by_chance = np.array(["move" in os.path.basename(p) for p in rendered.paths])[rendered.file]
    for kind, group in (("expressions", ~by_chance), ("by chance", by_chance)):
        for view, mask in (("frontal", yaw < 15), ("turned", (yaw >= 20) & (yaw <= 45))):
            rows = np.where(rendered.out & ~rendered.still & mask & group)[0]
            if len(rows):
                judge(f"{kind}, {view}", rows, False)
            rows = rows[rendered.rest[rows] >= 0]
            if kind == "by chance" and len(rows):
                judge(f"{kind}, {view}, own", rows, True)
    rows = np.where(rendered.out & rendered.still & (yaw < 15))[0]
    found["at rest"] = {"said": np.quantile(answers(net, rendered.face[rows] - base), 0.9, axis=0).tolist()}
    base = canonical if held["kind"] == "absolute" else held["web_mean"]
    for name, paths in (("web", args.web), ("photos", args.photos)):
        for path in paths or []:
            more = np.load(path)
            good = more["presence"] > 0.9
            said, words = answers(net, more["face"][good] - base), teacher_of(more["teacher"][good])
            found[name] = {"faces": int(good.sum()), "correlation": [
                correlation(said[:, k], words[:, k]) if np.isfinite(words[0, k]) else None for k in range(len(NAMES))],
                "apart": apart(said, words)}
            if "neutral" in more:
                found[name]["neutral"] = np.median(said[more["neutral"][good] >= 0.8], axis=0).tolist()
    return found


def show(found):
    kinds = [k for k in found if "correlation" in found[k]]
    print(" " * 24, *[k.replace("expressions, ", "e-").replace("by chance, ", "c-").rjust(13) for k in kinds])
    number = lambda v: ("%.2f" % v if v is not None else "-").rjust(13)
    for k, name in enumerate(NAMES):
        print(name.ljust(24), *[number(found[kind]["correlation"][k]) for kind in kinds], "rest %.2f" % found["at rest"]["said"][k],
              "web neutral %.2f" % found["web"]["neutral"][k] if "web" in found else "")
    for k, name in enumerate(NAMES):
        if name.endswith("_left"):
            print((name[:-5] + ", left - right").ljust(24), *[number(found[kind]["apart"][k]) for kind in kinds])
    print("mean".ljust(24), *[number(float(np.mean([c for c in found[kind]["correlation"] if c is not None]))) for kind in kinds])
    print("faces".ljust(24), *[str(found[kind]["faces"]).rjust(13) for kind in kinds])


def parser():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("run")
    p.add_argument("--rendered", nargs="+", required=True)
    p.add_argument("--web", nargs="+")
    p.add_argument("--photos", nargs="+")
    p.add_argument("--all", action="store_true", help="also what was left out")
    p.add_argument("--kind", default="reference", choices=("absolute", "reference"))
    p.add_argument("--directions", type=int, default=40)
    p.add_argument("--width", type=int, default=64)
    p.add_argument("--axes", type=int, default=160)
    p.add_argument("--epochs", type=int, default=30)
    p.add_argument("--rate", type=float, default=0.003)
    p.add_argument("--first", type=float, default=0.3, help="the first layer's learning rate, as a share")
    p.add_argument("--decay", type=float, default=0.02)
    p.add_argument("--noise", type=float, default=0.05, help="millimetres")
    p.add_argument("--render", type=float, default=1)
    p.add_argument("--teach", type=float, default=0.3)
    p.add_argument("--calm", type=float, default=0.05)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--canonical", default=os.path.join(md.MODELS, "face-mesh/canonical_face.json"))
    return p


def main():
    p = parser()
    p.add_argument("what", choices=("learn", "judge"))
    args = p.parse_args()
    torch.set_num_threads(1)
    face = md.canonical(args.canonical)
    choose(KEPT + NEARLY + (LEFT_OUT if args.all else []))
    if args.what == "learn":
        learn(args, face)
    else:
        net, held = load(args.run)
        found = scores(args, Rendered(args.rendered), net, held)
        show(found)
        with open(os.path.join(args.run, "scores.json"), "w") as f:
            json.dump(found, f)


if __name__ == "__main__":
    main()
