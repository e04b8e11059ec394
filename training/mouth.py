"""Whether a mouth is covered, from a small gray square around it: pictures to learn from, learning, the file that ships.

    python3 mouth.py rendered FOLDER OUT.npz [--count N]     of mien synthesize --rendered --out FOLDER
    python3 mouth.py web OUT.npz [--split valid] [--count N] FER+ faces
    python3 mouth.py learn OUT.pt IN.npz ...
    python3 mouth.py judge IN.pt IN.npz ...
    python3 mouth.py export IN.pt                            models/face-movements/mouth.onnx and its place in the card
    python3 mouth.py check FILE                              what `mien_movement_truth squares` wrote, made here again

Covers are painted (mouth_covers.py) before the mesh looks, so that the square lies where it does in life. `rendered` and
`web` keep for each picture the bare face, two with a cover and one with something beside the mouth.
"""
import argparse
import csv
import hashlib
import json
import os
import time

import cv2
import numpy as np
import torch
import torch.nn.functional as F

import data
import mouth_covers as covers
import movement_data as md

SIDE = 40            # pixels of the square around the mouth
EXTENT, ABOVE = 0.72, 0.04  # its side, and how far its middle is above the mouth's, in sides of the mesh' square
CORNERS = 61, 291
LEAST_CONTRAST = 4   # of 255, deviation: less is not stretched
COVERED, BARE = 0.6, 0.25  # shares of the lips that are hidden: from there on, up to there; nothing is learned in between
REAL = 6             # how often a really covered web face counts
FOLDER = os.path.join(md.MODELS, "face-movements")


def square(points):
    """Middle, extent and direction of the square around the mouth: src/movements/mouth_square.cpp."""
    flat = points[:, :2].astype(np.float64)
    across = flat[263] - flat[33]
    apart = np.hypot(*across)
    across = across / apart if apart > 1e-3 else np.array([1.0, 0])
    down = np.array([-across[1], across[0]])
    side = max(np.ptp(flat @ across), np.ptp(flat @ down))
    return (flat[CORNERS[0]] + flat[CORNERS[1]]) / 2 - down * ABOVE * side, EXTENT * side, across


def cut_out(picture, centre, extent, across, side=SIDE):
    """As faces::FacePatch::cut_out(), to the pixel; None outside the picture."""
    step = extent / side
    reach = step * side / 2 * np.sqrt(2.0) + 2
    left, top = int(np.floor(centre[0] - reach)), int(np.floor(centre[1] - reach))
    wide = int(np.ceil(2 * reach))
    x0, y0, x1, y1 = max(left, 0), max(top, 0), min(left + wide, picture.shape[1]), min(top + wide, picture.shape[0])
    if x0 >= x1 or y0 >= y1:
        return None
    part = picture[y0:y1, x0:x1]
    shrink = np.ones(2)
    if step > 2:
        size = max(1, round((x1 - x0) * 2 / step)), max(1, round((y1 - y0) * 2 / step))
        shrink = np.array(size) / [x1 - x0, y1 - y0]
        part = cv2.resize(part, size, interpolation=cv2.INTER_AREA)
    c, s = np.asarray(across) / np.hypot(*across) * step
    turn = np.array([[c, -s], [s, c]])
    corner = np.asarray(centre) + turn @ [0.5 - side / 2, 0.5 - side / 2] - [x0, y0]
    return cv2.warpAffine(part, np.hstack([turn * shrink[:, None], (corner * shrink - 0.5)[:, None]]), (side, side),
                          flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_CONSTANT)


def patch_of(picture, points):
    """The gray square of a BGR picture, bytes; None outside it."""
    out = cut_out(picture, *square(points))
    return None if out is None else cv2.cvtColor(out, cv2.COLOR_BGR2GRAY)


def standard(patches):
    """Bytes [N,40,40] as the network takes them: mean 0, deviation 1."""
    x = torch.as_tensor(patches).float().reshape(-1, SIDE * SIDE)
    mean = x.mean(1, keepdim=True)
    return (x - mean) / (x - mean).pow(2).mean(1, keepdim=True).sqrt().clamp(min=LEAST_CONTRAST)


class Places:
    """The mesh of a BGR picture, in its pixels, from a square that is roughly the face's."""

    def __init__(self):
        self.net = md.Mesh()

    def __call__(self, picture, place):
        centre, extent, across = place
        crop = md.cut_out(picture, *place)
        mesh, presence = self.net(np.ascontiguousarray(crop[:, :, ::-1]))
        c, s = np.asarray(across) / np.hypot(*across) * (extent / md.SIDE)
        flat = (mesh[:, :2] - md.SIDE / 2) @ np.array([[c, s], [-s, c]]) + centre
        return flat, presence, md.around(mesh, *place)


def roughly(place, rng):
    """As far off as a detector's box or the last frame's mesh."""
    centre, extent, across = place
    turn = rng.normal(0, 0.06)
    c, s = np.cos(turn), np.sin(turn)
    return (np.asarray(centre) + extent * rng.normal(0, 0.025, 2), extent * np.exp(rng.normal(0, 0.06)),
            np.array([[c, -s], [s, c]]) @ across)


def make(pictures, seed, gray=False, plain=False):
    """`pictures` gives BGR pictures, and roughly where the face is; `plain`: nothing is painted."""
    rng = np.random.default_rng(seed)
    mesh = Places()
    held = {"patches": [], "hidden": [], "kind": [], "source": []}
    textures, lost, begun = [], 0, time.time()

    def keep(picture, place, hidden, kind, source):
        points, presence, _ = mesh(picture, place)
        if presence < 0.5:
            return False
        patch = patch_of(picture, points)
        if patch is None:
            return False
        held["patches"].append(patch)
        held["hidden"].append(hidden)
        held["kind"].append(kind)
        held["source"].append(source)
        return True

    for source, (picture, place) in enumerate(pictures):
        _, presence, place = mesh(picture, place)
        points, presence, place = mesh(picture, place)
        if presence < 0.9:
            continue
        if len(textures) < 200:
            textures.append(picture)
        else:
            textures[rng.integers(200)] = picture
        keep(covers.spoil(picture, rng) if rng.random() < 0.5 else picture, roughly(place, rng), 0.0, "bare", source)
        for covered in () if plain else (True, True, False):
            face = covers.Face(picture, points, rng)
            with np.errstate(over="ignore"):
                kind = covers.paint(face, covered, textures)
            out = face.picture.astype(np.uint8)
            if gray:
                out = np.repeat(cv2.cvtColor(out, cv2.COLOR_BGR2GRAY)[..., None], 3, 2)
            if rng.random() < 0.7:
                out = covers.spoil(out, rng)
            found = keep(out, roughly(place, rng), face.hidden, kind, source)
            lost += covered and not found
        if source % 500 == 499:
            print(source + 1, len(held["kind"]), "kept;", lost, "covered without a mesh;", round(time.time() - begun), "s", flush=True)
    return {"patches": np.array(held["patches"]), "hidden": np.array(held["hidden"], np.float32), "kind": np.array(held["kind"]),
            "source": np.array(held["source"])}


def rendered_pictures(folder, count, skip):
    with open(os.path.join(folder, "faces.csv"), newline="") as f:
        rows = list(csv.DictReader(f))
    rng = np.random.default_rng(7)
    for i in rng.permutation(len(rows))[skip:skip + count]:
        row = rows[i]
        value = lambda name: float(row[name])
        side = max(value("box_width"), value("box_height"))
        centre = np.array([value("box_x") + value("box_width") / 2, value("box_y") + value("box_height") / 2])
        left, right = (np.array([value(f"{w}_pupil_x"), value(f"{w}_pupil_y")]) for w in ("left", "right"))
        yield cv2.imread(os.path.join(folder, row["file"])), (centre, md.SCALE * 0.78 * side, left - right)


def web_order(folder, split):
    return np.random.default_rng(2).permutation(len(data.load(folder, split)[0]))


def web_pictures(folder, split, count, skip):
    images, _, _ = data.load(folder, split)
    for i in web_order(folder, split)[skip:skip + count]:
        picture = cv2.resize(images[i].numpy(), (96, 96), interpolation=cv2.INTER_CUBIC)
        wide = cv2.copyMakeBorder(picture, 24, 24, 24, 24, cv2.BORDER_REPLICATE)
        yield np.repeat(wide[..., None], 3, 2), (np.full(2, 72.0), 96 / 0.8, (1, 0))


class Net(torch.nn.Module):
    """Squares [N,1600], standard, to the logit of a covered mouth."""
    WIDTHS = (12, 18, 26, 31)

    def __init__(self):
        super().__init__()
        a, b, c, d = self.WIDTHS
        conv = lambda i, o, k, s: torch.nn.Sequential(torch.nn.Conv2d(i, o, k, s, k // 2, bias=False), torch.nn.BatchNorm2d(o))
        self.layers = torch.nn.ModuleList([conv(1, a, 5, 2), conv(a, b, 3, 1), conv(b, c, 3, 2), conv(c, d, 3, 2)])
        self.middle = torch.nn.Linear(d * 25, 12)
        self.last = torch.nn.Linear(12, 1)

    def forward(self, x):
        x = x.reshape(-1, 1, SIDE, SIDE)
        for layer in self.layers:
            x = F.relu(layer(x))
        x = F.dropout(x.flatten(1), 0.15, self.training)
        return self.last(F.relu(self.middle(x)))[:, 0]


def moved(patches, rng):
    """A batch of squares, mirrored, turned, shifted, lit and spoiled; bytes [N,40,40] in, standard out."""
    n = len(patches)
    x = torch.as_tensor(patches).float()[:, None]
    u = lambda low, high: torch.empty(n, 1, 1, 1).uniform_(low, high)
    turn, size, flip = u(-0.12, 0.12)[:, 0, 0, 0], u(0.9, 1.12)[:, 0, 0, 0], torch.randint(0, 2, (n,)) * 2 - 1
    c, s = torch.cos(turn) * size, torch.sin(turn) * size
    theta = torch.stack([torch.stack([c * flip, -s, torch.randn(n) * 0.05], 1), torch.stack([s * flip, c, torch.randn(n) * 0.05], 1)], 1)
    x = F.grid_sample(x, F.affine_grid(theta, x.shape, align_corners=False), padding_mode="border", align_corners=False)
    y = torch.linspace(-1, 1, SIDE)
    slope = torch.randn(n, 2, 1, 1) * 0.12
    x = x * (1 + slope[:, :1] * y[None, None, :, None] + slope[:, 1:] * y[None, None, None, :]).clamp(0.3, 2)
    x = torch.where(u(0, 1) < 0.3, (255 * (x / 255).clamp(0, 1) ** torch.exp(u(-0.5, 0.5))), x)
    blurred = F.avg_pool2d(F.pad(x, (1, 1, 1, 1), mode="replicate"), 3, 1)
    x = torch.where(u(0, 1) < 0.2, blurred, x)
    x = x + torch.randn_like(x) * u(0, 1) ** 3 * 14
    return standard(x.clamp(0, 255)[:, 0])


def load(paths, real=True):
    """Squares, 1 for a covered mouth, what was painted; `real`: web faces that someone saw to be covered as such, several
    times over, and nothing else that is made of these or of unclear ones."""
    with open(os.path.join(md.HERE, "mouth_labels.json")) as f:
        seen = json.load(f)
    parts = []
    for path in paths:
        part = dict(np.load(path))
        known = (part["hidden"] >= COVERED) | (part["hidden"] <= BARE)
        if "index" in part and real:
            marked = np.isin(part["index"], seen["covered"])
            bare = part["hidden"] < COVERED
            known &= ~(bare & (marked | np.isin(part["index"], seen["unclear"])))
            own = np.repeat(np.flatnonzero(marked & (part["kind"] == "bare")), REAL)
            part["hidden"][own], part["kind"][own] = 1, "real"
            known = np.concatenate([np.flatnonzero(known), own])
        parts.append([part[k][known] for k in ("patches", "hidden", "kind")])
    patches, hidden, kind = (np.concatenate(p) for p in zip(*parts))
    return patches, (hidden >= COVERED).astype(np.float32), kind


def table(logits, target, kind, limit=0.0):
    """How many of each kind are called covered."""
    for covered in (1, 0):
        print("covered:" if covered else "bare:", end="")
        for name in sorted(set(kind[target == covered])):
            chosen = (kind == name) & (target == covered)
            print(f"  {name} {100 * (logits[chosen] > limit).mean():.1f} % of {chosen.sum()}", end="")
        print()


def answers(net, patches):
    with torch.no_grad():
        return torch.cat([net(standard(p)) for p in np.array_split(patches, max(1, len(patches) // 2000))]).numpy()


def learn(args):
    torch.manual_seed(args.seed)
    rng = np.random.default_rng(args.seed)
    patches, target, kind = load(args.places[1:])
    held = rng.random(len(patches)) < 0.04
    print(len(patches), "squares,", int(target.sum()), "covered")
    net = Net()
    print(sum(p.numel() for p in net.parameters()), "numbers")
    inside, y = patches[~held], torch.from_numpy(target[~held])
    steps = args.epochs * len(inside) // args.batch
    if args.start:
        net.load_state_dict(torch.load(args.start))
    optimiser = torch.optim.AdamW(net.parameters(), lr=args.rate, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, args.rate, total_steps=steps + 1, pct_start=0.15)
    begun, total = time.time(), 0.0
    # A bare mouth that is called covered costs more than the other way round: people's numbers vanish.
    weight = torch.where(y > 0.5, 1.0, args.bare)
    for step in range(steps):
        pick = torch.from_numpy(rng.integers(0, len(inside), args.batch))
        logits = net(moved(inside[pick.numpy()], rng))
        loss = (F.binary_cross_entropy_with_logits(logits, y[pick] * 0.98 + 0.01, reduction="none") * weight[pick]).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        total += float(loss)
        if step % 500 == 499:
            net.eval()
            logits = answers(net, patches[held])
            wrong = (logits > 0) != (target[held] > 0.5)
            print(f"{step + 1} of {steps}: loss {total / 500:.4f}, wrong {100 * wrong.mean():.2f} %, {time.time() - begun:.0f} s", flush=True)
            net.train()
            total = 0.0
            torch.save(net.state_dict(), args.places[0])
    net.eval()
    torch.save(net.state_dict(), args.places[0])
    table(answers(net, patches[held]), target[held], kind[held])



def judge(args):
    """What a run says of squares that it did not learn from: shares of each kind above some limits."""
    net = Net()
    net.load_state_dict(torch.load(args.places[0]))
    net.eval()
    patches, target, kind = load(args.places[1:])
    logits = answers(net, patches)
    for limit in (0.5, 0.7, 0.8, 0.9, 0.95):
        print("limit", limit)
        table(logits, target, kind, float(np.log(limit / (1 - limit))))


def write(net, path):
    """Reshape, convolutions with their norms folded in, two products, a sigmoid: what cv::dnn 4.6 reads."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper
    nodes, weights = [], []

    def constant(name, values):
        weights.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def node(kind, inputs, name, **more):
        nodes.append(helper.make_node(kind, inputs, [name], name=name, **more))
        return name

    x = node("Reshape", ["mouth", constant("shape", np.array([1, 1, SIDE, SIDE], np.int64))], "square")
    for k, (conv, norm) in enumerate(net.layers):
        folded = torch.nn.utils.fusion.fuse_conv_bn_eval(conv, norm)
        pad = conv.padding[0]
        x = node("Conv", [x, constant(f"weight_{k}", folded.weight.detach().numpy()), constant(f"bias_{k}", folded.bias.detach().numpy())],
                 f"conv_{k}", kernel_shape=list(conv.kernel_size), strides=list(conv.stride), pads=[pad] * 4)
        x = node("Relu", [x], f"relu_{k}")
    x = node("Flatten", [x], "flat", axis=1)
    for name, layer in (("middle", net.middle), ("last", net.last)):
        x = node("Gemm", [x, constant(name + "_weight", layer.weight.detach().numpy()), constant(name + "_bias", layer.bias.detach().numpy())],
                 name, transB=1)
        x = node("Relu", [x], "hidden") if name == "middle" else node("Sigmoid", [x], "covered")
    graph = helper.make_graph(nodes, "mouth", [helper.make_tensor_value_info("mouth", TensorProto.FLOAT, [1, SIDE * SIDE])],
                              [helper.make_tensor_value_info("covered", TensorProto.FLOAT, [1, 1])], weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 11)], producer_name="mouth.py")
    model.ir_version = 6
    onnx.checker.check_model(model)
    onnx.save(model, path)


def export(args):
    net = Net()
    net.load_state_dict(torch.load(args.places[0]))
    net.eval()
    path = os.path.join(args.out, "mouth.onnx")
    write(net, path)
    there = cv2.dnn.readNetFromONNX(path)
    x = standard(np.random.default_rng(1).integers(0, 256, (200, SIDE, SIDE)).astype(np.uint8))
    far, begun = 0.0, time.time()
    for row in x.numpy():
        there.setInput(row[None])
        with torch.no_grad():
            far = max(far, abs(float(there.forward()) - float(torch.sigmoid(net(torch.from_numpy(row[None]))))))
    print(f"largest difference between cv::dnn and PyTorch: {far:.2g}; {1e3 * (time.time() - begun) / len(x):.2f} ms both")
    assert far < 1e-4
    content = open(path, "rb").read()
    entry = {"name": "mouth.onnx", "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    print(entry)
    place = os.path.join(args.out, "card.json")
    with open(place) as f:
        card = json.load(f)
    card["files"] = [e for e in card["files"] if e["name"] != entry["name"]] + [entry]
    card["options"]["covered_mouth"] = {"file": entry["name"], "above": args.above}
    with open(place, "w") as f:
        json.dump(card, f, indent=2)
        f.write("\n")
    place = os.path.join(args.out, "README.md")
    with open(place) as f:
        lines = [line for line in f.read().split("\n") if not line.startswith("| with it | `mouth.onnx`")]
    after = next(i for i, line in enumerate(lines) if line.startswith("| with it |")) + 1
    lines.insert(after, f"| with it | `mouth.onnx`, {entry['size']:,} bytes, SHA-256 `{entry['sha256']}`: whether the mouth is covered "
                 "(\"Whether a mouth is covered\" in `training/README.md`) |")
    with open(place, "w") as f:
        f.write("\n".join(lines))


def check(args):
    """Each line of the file: a picture, 936 numbers of its mesh, 1600 pixels of its square."""
    most, different, count = 0, 0, 0
    with open(args.places[0], newline="") as f:
        for row in csv.reader(f):
            points = np.array(row[1:1 + 2 * md.POINTS], float).reshape(-1, 2)
            theirs = np.array(row[1 + 2 * md.POINTS:], int).reshape(SIDE, SIDE)
            ours = patch_of(cv2.imread(row[0]), points).astype(int)
            most = max(most, int(np.abs(ours - theirs).max()))
            different += int((ours != theirs).sum())
            count += 1
    print(f"{count} squares; pixels that differ: {100 * different / max(1, count) / SIDE ** 2:.2f} %, by {most} of 255 at most")
    assert count and different <= 0.002 * count * SIDE ** 2


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("what", choices=("rendered", "web", "learn", "judge", "export", "check"))
    p.add_argument("places", nargs="*")
    p.add_argument("--data", default=data.FOLDER)
    p.add_argument("--split", default="train", choices=("train", "valid"))
    p.add_argument("--count", type=int, default=100000)
    p.add_argument("--skip", type=int, default=0)
    p.add_argument("--plain", action="store_true", help="rendered, web: bare faces alone")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--epochs", type=int, default=12)
    p.add_argument("--start", help="learn: goes on from there")
    p.add_argument("--rate", type=float, default=4e-3)
    p.add_argument("--batch", type=int, default=128)
    p.add_argument("--bare", type=float, default=1.5, help="learn: what a bare mouth weighs against a covered one")
    p.add_argument("--above", type=float, default=0.7, help="export: the limit that the card gets")
    p.add_argument("--out", default=FOLDER)
    args = p.parse_args()
    cv2.setNumThreads(1)
    torch.set_num_threads(1)
    if args.what == "rendered":
        np.savez(args.places[1], **make(rendered_pictures(args.places[0], args.count, args.skip), args.seed, plain=args.plain))
    elif args.what == "web":
        made = make(web_pictures(args.data, args.split, args.count, args.skip), args.seed, gray=True, plain=args.plain)
        np.savez(args.places[0], index=web_order(args.data, args.split)[args.skip + made["source"]], **made)
    else:
        {"learn": learn, "judge": judge, "export": export, "check": check}[args.what](args)


if __name__ == "__main__":
    main()
