"""Meshes of faces whose movements are known, for movements.py: rendered ones, and web faces with the teacher's word.

    python3 movement_data.py rendered FOLDER OUT.npz      of mien synthesize --rendered [--movements] --out FOLDER
    python3 movement_data.py web OUT.npz --split train --count 9000
    python3 movement_data.py photos FOLDER OUT.npz        pictures of whole faces, to judge by

A face is cut out as the program does (src/faces/face_patch.cpp): a square of 1.5 times its box, the eyes level; box and
eyes as far off as a detector's are. `mesh` holds 468 points in pixels of the 192-pixel crop.
"""
import argparse
import csv
import glob
import json
import os

import cv2
import numpy as np

import data

HERE = os.path.dirname(os.path.abspath(__file__))
MODELS = os.path.normpath(os.path.join(HERE, "../models"))
SIDE, POINTS, SCALE = 192, 468, 1.5


class Mesh:
    def __init__(self, path=os.path.join(MODELS, "face-mesh/face_landmark.onnx")):
        self.net = cv2.dnn.readNetFromONNX(path)

    def __call__(self, crop):
        """Points in pixels of a 192 x 192 RGB crop, bytes, and the presence, 0 to 1."""
        self.net.setInput(crop[None].astype(np.float32) / 255)
        outs = sorted(self.net.forward(self.net.getUnconnectedOutLayersNames()), key=lambda o: o.size)
        return outs[-1].reshape(POINTS, 3).astype(np.float32), 1 / (1 + np.exp(-float(outs[0].ravel()[0])))


def cut_out(picture, centre, extent, across, side=SIDE):
    """The square of `extent` pixels around `centre`, level along `across`; black where the picture ends."""
    step = extent / side
    if step > 2:  # averaged down first, so that nothing aliases
        shrink = 2 / step
        picture = cv2.resize(picture, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
        centre, step = np.asarray(centre) * shrink, step * shrink
    c, s = np.asarray(across) / max(np.hypot(*across), 1e-6) * step
    turn = np.array([[c, -s], [s, c]])
    corner = np.asarray(centre) + turn @ [0.5 - side / 2, 0.5 - side / 2] - 0.5
    return cv2.warpAffine(picture, np.hstack([turn, corner[:, None]]), (side, side),
                          flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_CONSTANT)


def around(mesh, centre, extent, across):
    """The square around a mesh that was found in this one: how a face is followed."""
    c, s = np.asarray(across) / np.hypot(*across) * (extent / SIDE)
    flat = (mesh[:, :2] - SIDE / 2) @ np.array([[c, s], [-s, c]]) + centre
    across = flat[263] - flat[33]  # the outer corners of the eyes
    along = across / np.hypot(*across)
    turn = np.array([along, [-along[1], along[0]]])
    turned = flat @ turn.T
    low, high = turned.min(0), turned.max(0)
    return (low + high) / 2 @ turn, SCALE * (high - low).max(), across


def canonical(path=os.path.join(MODELS, "face-mesh/canonical_face.json")):
    """Points in the program's axes (millimetres; x to the person's left, y down, z to the back), and which of them tell
    the pose, with their weights."""
    with open(path) as f:
        face = json.load(f)
    index, weight = np.array(face["weights"]).T
    return np.array(face["points"]) * [10, -10, -10], index.astype(int), weight / weight.sum()


def align(source, target, weight):
    """target = scale * rotation * source + shift for [N,K,3] targets, weighted least squares (Umeyama 1991)."""
    a, b = weight @ source, np.einsum("k,nkc->nc", weight, target)
    from_, to = source - a, target - b[:, None]
    u, values, vt = np.linalg.svd(np.einsum("k,nki,kj->nij", weight, to, from_))
    sign = np.ones((len(target), 3))
    sign[:, 2] = np.sign(np.linalg.det(u) * np.linalg.det(vt))
    rotation = u * sign[:, None] @ vt
    scale = (values * sign).sum(1) / (weight @ (from_ ** 2).sum(1))
    return scale, rotation, b - scale[:, None] * (rotation @ a)


def fit(mesh, face, distance=None, off=None):
    """Meshes [N,468,3] laid over the canonical face: millimetres in its axes. As the program's fit_head() does it, for a
    camera at `distance` millimetres [N] in which the crop's middle lies `off` millimetres [N,2] from the picture's; without
    a distance, as if from very far."""
    points, index, weight = face
    mesh = mesh.astype(float)
    middle = np.array([SIDE / 2, SIDE / 2, 0])
    scale, rotation, shift = align(points[index], mesh[:, index] - middle, weight)
    space = mesh - middle
    if distance is not None:
        flat = space + np.concatenate([off * scale[:, None], np.zeros((len(mesh), 1))], 1)[:, None]
        focal = distance * scale
        depth = mesh[:, :, 2].mean(1)
        for _ in range(2):
            z = (focal / scale)[:, None] + (flat[..., 2] - depth[:, None]) / scale[:, None]
            space = np.stack([flat[..., 0] * z / focal[:, None], flat[..., 1] * z / focal[:, None], z], 2)
            again, rotation, shift = align(points[index], space[:, index], weight)
            scale_of, scale = again, scale * again
        back = scale_of
    else:
        back = scale
    return ((space - shift[:, None]) @ rotation / back[:, None, None]).astype(np.float32), rotation


def lay(made, face, rng):
    """Adds the meshes as fitted, `face`, and `seen`: fitted as the program would in a picture whose lens it can only
    guess, at a random distance and place in the picture."""
    count = len(made["mesh"])
    distance = np.exp(rng.uniform(np.log(350), np.log(2500), count))
    off = rng.normal(0, 0.12, (count, 2)) * distance[:, None]
    parts = np.array_split(np.arange(count), max(1, count // 1000))
    made["face"] = np.concatenate([fit(made["mesh"][p], face)[0] for p in parts])
    made["seen"] = np.concatenate([fit(made["mesh"][p], face, distance[p], off[p])[0] for p in parts])


def read_rendered(folder, rng, teacher=None):
    net = Mesh()
    with open(os.path.join(folder, "faces.csv"), newline="") as f:
        rows = list(csv.DictReader(f))
    names = [n for n in rows[0] if n.startswith("m_")]
    held = {"mesh": [], "presence": [], "weights": [], "person": [], "pose": [], "gaze": [], "still": [], "teacher": []}
    for row in rows:
        picture = cv2.imread(os.path.join(folder, row["file"]))[:, :, ::-1]
        value = lambda name: float(row[name])
        side = max(value("box_width"), value("box_height"))
        centre = np.array([value("box_x") + value("box_width") / 2, value("box_y") + value("box_height") / 2])
        left, right = (np.array([value(f"{w}_pupil_x"), value(f"{w}_pupil_y")]) for w in ("left", "right"))
        # BlazeFace's boxes against the table's: 0.78 of the side, and this far off (as found on 120 rendered faces).
        centre = centre + side * rng.normal((0, 0.02), (0.025, 0.037))
        across = left - right + rng.normal(0, 0.03 * side, 2)
        extent = SCALE * 0.78 * side * np.exp(rng.normal(0, 0.065))
        mesh, presence = net(cut_out(picture, centre, extent, across))
        if rng.random() < 0.7:  # most faces are followed by their meshes
            centre, extent, across = around(mesh, centre, extent, across)
            mesh, presence = net(cut_out(picture, centre, extent, across))
        held["mesh"].append(mesh)
        held["presence"].append(presence)
        held["weights"].append([value(n) for n in names])
        held["person"].append(int(row["person"]))
        held["pose"].append([value(n) for n in ("yaw", "pitch", "roll")])
        held["gaze"].append([value(n) for n in ("gaze_x", "gaze_y", "tongue")])
        held["still"].append(row["variant"] in ("still", "neutral, plain"))
        if teacher:
            held["teacher"].append(teacher.points(cut_out(picture, centre, extent, across, 256)))
    if teacher:
        held["teacher"] = teacher.blendshapes(np.array(held["teacher"]))
    return {k: np.array(v, np.float32 if k not in ("person", "still") else None) for k, v in held.items()} | {
        "names": np.array([n[2:] for n in names])}


def read_pictures(pictures, teacher):
    """Pictures that show one face from forehead to chin."""
    net, meshes, presences, points = Mesh(), [], [], []
    for picture in pictures:
        picture = cv2.cvtColor(picture, cv2.COLOR_GRAY2RGB) if picture.ndim == 2 else picture[:, :, ::-1]
        side = picture.shape[0]
        # A web face fills its picture: 0.8 of the square's side, as in mesh.py; what is around is made of its edges.
        edge = side // 4
        wide = cv2.copyMakeBorder(picture, edge, edge, edge, edge, cv2.BORDER_REPLICATE)
        place = np.full(2, wide.shape[0] / 2), side / 0.8, (1, 0)
        place = around(net(cut_out(wide, *place))[0], *place)
        mesh, presence = net(cut_out(wide, *place))
        meshes.append(mesh)
        presences.append(presence)
        points.append(teacher.points(cut_out(wide, *place, 256)))
    return {"mesh": np.array(meshes), "presence": np.array(presences, np.float32),
            "teacher": teacher.blendshapes(np.array(points))}


class Blazeface:
    """The surest face of a picture, if there is one: middle and side of its box, direction of its eyes."""

    def __init__(self, folder=os.path.join(MODELS, "blazeface-far")):
        with open(os.path.join(folder, "card.json")) as f:
            card = json.load(f)
        self.net = cv2.dnn.readNetFromONNX(os.path.join(folder, card["files"][0]["name"]))
        self.side = card["input"]["width"]
        self.anchors = np.array([[(x + 0.5) / grid["cells"], (y + 0.5) / grid["cells"]] for grid in card["options"]["grids"]
                                 for y in range(grid["cells"]) for x in range(grid["cells"]) for _ in range(grid["anchors"])])

    def __call__(self, picture):
        longer = max(picture.shape[:2])
        square = np.zeros((longer, longer, 3), np.uint8)
        square[:picture.shape[0], :picture.shape[1]] = picture
        small = cv2.resize(square, (self.side, self.side), interpolation=cv2.INTER_AREA)
        self.net.setInput(small[None].astype(np.float32) / 127.5 - 1)
        outs = self.net.forward(self.net.getUnconnectedOutLayersNames())  # one a grid, of scores and of boxes
        scores = np.concatenate([o.reshape(-1) for o in outs if o.shape[-1] == 1])
        boxes = np.concatenate([o.reshape(-1, 16) for o in outs if o.shape[-1] == 16])
        best = scores.argmax()
        if scores[best] < 0:
            return None
        at = self.anchors[best] * longer
        box = boxes[best] / self.side * longer
        # Of the box: middle, width, height; then the right eye, the left one and four more points.
        return at + box[:2], SCALE * max(box[2:4]), box[6:8] - box[4:6]


def read_photos(folder, teacher):
    """Photographs, the surest face of each: the crop by BlazeFace, then once more around the mesh, as the program
    follows a face."""
    net, detector, held = Mesh(), Blazeface(), {"mesh": [], "presence": [], "points": [], "photo": []}
    for path in sorted(glob.glob(os.path.join(folder, "*", "*.jpg"))):
        picture = cv2.imread(path)[:, :, ::-1]
        box = detector(picture)
        if box is None:
            continue
        centre, extent, across = box
        for _ in range(2):
            crop = cut_out(picture, centre, extent, across)
            mesh, presence = net(crop)
            used = mesh, presence, centre, extent, across
            centre, extent, across = around(mesh, centre, extent, across)
        mesh, presence, centre, extent, across = used
        held["mesh"].append(mesh)
        held["presence"].append(presence)
        held["points"].append(teacher.points(cut_out(picture, centre, extent, across, 256)))
        held["photo"].append(os.path.relpath(path, folder))
    held["teacher"] = teacher.blendshapes(np.array(held.pop("points")))
    return {k: np.array(v) for k, v in held.items()}


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("kind", choices=("rendered", "web", "photos"))
    p.add_argument("places", nargs="+", metavar="[FOLDER] OUT")
    p.add_argument("--data", default=data.FOLDER)
    p.add_argument("--split", default="train", choices=("train", "valid"))
    p.add_argument("--count", type=int, default=9000)
    p.add_argument("--skip", type=int, default=0, help="web: leaves out so many first, to go on where another file ends")
    p.add_argument("--canonical", default=os.path.join(MODELS, "face-mesh/canonical_face.json"))
    p.add_argument("--teacher", action="store_true", help="rendered: the teacher's word as well")
    args = p.parse_args()
    cv2.setNumThreads(1)
    teacher = None
    if args.kind != "rendered" or args.teacher:
        import blendshapes
        teacher = blendshapes.Teacher(os.path.join(args.data, "teacher"))
    if args.kind == "rendered":
        made = read_rendered(args.places[0], np.random.default_rng(1), teacher)
    elif args.kind == "web":
        images, target, _ = data.load(args.data, args.split)
        pick = np.random.default_rng(2).permutation(len(images))[args.skip:args.skip + args.count]
        made = read_pictures(images.numpy()[pick], teacher) | {"neutral": target.numpy()[pick, 0], "pick": pick}
    else:
        made = read_photos(args.places[0], teacher)
    lay(made, canonical(args.canonical), np.random.default_rng(3))
    np.savez(args.places[-1], **made)
    print(args.places[-1], len(made["mesh"]), "faces, presence below 0.5 in", int((made["presence"] < 0.5).sum()))


if __name__ == "__main__":
    main()
