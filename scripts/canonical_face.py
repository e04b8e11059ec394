#!/usr/bin/env python3
"""Writes models/face-mesh/canonical_face.json: the face to which a head pose is fitted.

    npm pack @mediapipe/face_mesh@0.4.1657299874 && tar xf mediapipe-face_mesh-0.4.1657299874.tgz
    python3 scripts/canonical_face.py package models/face-mesh/canonical_face.json

The package (Apache-2.0) holds MediaPipe's geometry_pipeline_metadata_landmarks.binarypb within
its face_mesh_solution_packed_assets.data: a protocol buffer with the vertices of the canonical
face (x, y, z in centimetres, then two texture coordinates), its triangles, and the weights of
those points that tell the pose and hardly move with an expression. Only the standard library of
Python is needed.
"""

import hashlib
import json
import pathlib
import struct
import sys

ASSETS = "face_mesh_solution_packed_assets.data"
BEGIN, END = 3737848, 3757224
SHA256 = "bdbcda96dfcb7da883da124aaa2c55dee49770d934f0fcc71747f8c21bdc75b4"
POINTS = 468
# Field numbers of GeometryPipelineMetadata, Mesh3d and WeightedLandmarkRef.
MESH, BASIS = 1, 2
VERTICES, INDICES = 3, 4
ID, WEIGHT = 1, 2
NUMBERS_PER_VERTEX = 5


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def fields(data):
    """The fields of a message: number and value (an integer, a float or bytes)."""
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        if key & 7 == 0:
            value, at = varint(data, at)
        elif key & 7 == 2:
            length, at = varint(data, at)
            value, at = data[at:at + length], at + length
        elif key & 7 == 5:
            value, at = struct.unpack("<f", data[at:at + 4])[0], at + 4
        else:
            sys.exit(f"A field of type {key & 7} was not expected; this is another file.")
        yield key >> 3, value


def all_of(message, number):
    return [value for field, value in fields(message) if field == number]


def short(value):
    return round(value, 5)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    data = (pathlib.Path(sys.argv[1]) / ASSETS).read_bytes()[BEGIN:END]
    if hashlib.sha256(data).hexdigest() != SHA256:
        sys.exit(f"{sys.argv[1]} is not @mediapipe/face_mesh 0.4.1657299874; fetch that version.")
    mesh = all_of(data, MESH)[0]
    numbers = all_of(mesh, VERTICES)
    points = [[short(x) for x in numbers[i:i + 3]]
              for i in range(0, len(numbers), NUMBERS_PER_VERTEX)]
    corners = all_of(mesh, INDICES)
    triangles = [corners[i:i + 3] for i in range(0, len(corners), 3)]
    weights = []
    for reference in all_of(data, BASIS):
        values = dict(fields(reference))
        weights.append([values.get(ID, 0), short(values[WEIGHT])])
    assert len(points) == POINTS
    # One item a line, so that a change can be read.
    lines = ["{", '"about": "MediaPipe\'s canonical face; centimetres, x to the person\'s left, y up, z to'
             ' the front. Made by scripts/canonical_face.py",']
    for name, rows in (("points", points), ("weights", weights), ("triangles", triangles)):
        lines.append(f'"{name}": [')
        lines.append(",\n".join(json.dumps(row) for row in rows))
        lines.append("]," if name != "triangles" else "]")
    pathlib.Path(sys.argv[2]).write_text("\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
