#!/usr/bin/env python3
"""Writes a few small sound files for each fuzz target: make_corpus.py DIR -> DIR/<target>/*."""

import gzip
import json
import pathlib
import struct
import sys
import zlib

out = pathlib.Path(sys.argv[1])


def seed(target, name, content):
    folder = out / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())


faces = (
    "frame,face_id,timestamp,confidence,success,x,y,w,h,calm,sad,verdict,certainty,reason,valence\r\n"
    "1,1,0.000,0.9,1,1.0,2.0,3.0,4.0,0.9,0.1,calm,0.9,,0.1\r\n"
    '1,2,0.000,0.9,1,1.0,2.0,3.0,4.0,0.5,0.5,not sure,0.5,"low, ""very"" low",nan\r\n'
    "2,0,0.040,0,0,,,,,,,,,,\r\n"
)
seed("csv", "faces", faces)
seed("csv", "events", 'frame,timestamp,event,face_id,value,text\r\n1,0.000,marker,0,0,"a, b"\r\n2,0.040,gap,0,3,\r\n')
document = {
    "schema": "mien-session", "schema_version": 1, "state": "closed",
    "started": "2026-11-22T07:15:00+01:00", "finished": None, "ended": "stopped", "problem": "",
    "source": {"spec": "clip.mp4", "name": "clip.mp4", "kind": "video", "width": 640, "height": 360},
    "detector": "blazeface", "model": {"id": "m", "name": "M", "metrics": {"recall": {"calm": 0.9}}},
    "labels": ["calm", "sad"], "privacy": "everything", "settings": {"video": False},
    "files": ["faces.csv", "events.csv"], "video": {"encoder": "libx264", "width": 640, "height": 360},
    "seconds": 0.04, "names": {"1": "Ada"},
    "counts": {"frames": 2, "faces": 2, "frames_without_face": 0, "people": 1, "events": 0,
               "frames_lost": 0, "frames_left_out": 0, "frames_scaled": 0, "not_sure": {}},
    "model_changes": [{"timestamp": 0.04, "frame": 2, "model": "n", "detector": "haar", "labels": ["x"]}],
}
seed("session", "closed", json.dumps(document))
document["state"] = "recording"
seed("session", "recording", json.dumps(document))
seed("session", "torn", json.dumps(document)[:300])
seed("settings", "some", json.dumps({"source": "camera:0", "model": "m", "privacy": "everything",
                                     "window_width": 1280, "fullscreen": False, "camera_modes": {}}))
seed("model_card", "emotion", json.dumps({
    "schema_version": 1, "id": "m", "name": "M", "version": "1", "task": "emotion", "format": "onnx",
    "license": "MIT", "source": "", "files": [{"name": "m.onnx", "size": 3, "sha256": "0" * 64}],
    "input": {"name": "in", "width": 8, "height": 8, "channels": "gray", "layout": "nchw"},
    "rescale_factor": 0.004, "image_mean": [0.5], "image_std": [0.25],
    "crop": {"margin": 0.1, "align": "eyes"}, "output": {"name": "out", "activation": "logits"},
    "id2label": {"0": "neutral", "1": "happiness"}, "options": {}, "limitations": "none"}))
seed("model_card", "movements", (pathlib.Path(__file__).parents[2] / "models/face-movements/card.json").read_bytes())
forest = ("%YAML:1.0\n---\nopencv_ml_rtrees:\n   format: 3\n   is_classifier: 1\n   var_all: 3\n"
          "   var_count: 2\n   ord_var_count: 2\n   cat_var_count: 1\n   ntrees: 1\n   trees:\n"
          "      -\n         nodes:\n            - { depth:0, value:0., splits:[ { var:0, quality:1., le:1. } ] }\n"
          "            - { depth:1, value:0. }\n            - { depth:1, value:1. }\n")
seed("forest", "plain", forest)
seed("forest", "packed", gzip.compress(forest.encode(), mtime=0))


def jpeg(width, height, end=b"\xff\xd9"):
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00"
    exif = b"\xff\xe1" + struct.pack(">H", 34) + b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
    scan = b"\xff\xda" + struct.pack(">H", 8) + b"\x01\x01\x00\x00\x3f\x00" + b"data\xff\x00"
    return b"\xff\xd8" + exif + frame + scan + end


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 2, 2, 8, 0, 0, 0, 0))
png += chunk(b"acTL", struct.pack(">II", 2, 0)) + chunk(b"IDAT", zlib.compress(b"\0" * 6)) + chunk(b"IEND", b"")
webp = b"RIFF" + struct.pack("<I", 30) + b"WEBPVP8X" + struct.pack("<I", 10) + b"\x02\0\0\0\x01\0\0\x01\0\0"
tiff = b"II*\0\x08\0\0\0\x02\0" + struct.pack("<HHII", 256, 4, 1, 9) + struct.pack("<HHII", 257, 4, 1, 9) + b"\0\0\0\0"
bmp = b"BM" + struct.pack("<IIIIiiHH", 58, 0, 54, 40, 2, 2, 1, 24)
for name, content in {"jpeg": jpeg(16, 8), "two": jpeg(16, 8) * 2, "cut": jpeg(16, 8, b""), "png": png,
                      "webp": webp, "tiff": tiff, "bmp": bmp,
                      "heic": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"}.items():
    seed("picture_announcement", name, content)
part = b"--b\r\nContent-Type: image/jpeg\r\nContent-Length: 5\r\n\r\n" + jpeg(16, 8) + b"\r\n"
seed("mjpeg", "stream", part * 3)
seed("mjpeg", "no_ends", jpeg(16, 8, b"") * 3)
seed("opinion_rules", "shipped", (pathlib.Path(__file__).parents[2] / "assets" / "opinions.rules").read_bytes())
seed("opinion_rules", "all", "# note\n[a, b]\ncolour = #E69F00\nwhen = not (smile_left * 2 - -pucker / 3 + .5 <= 1) "
     "or never and jaw_drop >= pose_yaw or eyes_open < 1\n[c]\r\nwhen = funnel > 0.5\r\n")
strands = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 6, 0, 0, 0))
strands += chunk(b"IDAT", zlib.compress(b"\0\x5a\x5a\x5a\xff")) + chunk(b"IEND", b"")
seed("hair_mesh", "picture", b"\1" + strands)
seed("hair_mesh", "triangle", '\0{"ref_vIdxs":[[0,1,2],[1,2,3],[2,3,4]],"weights":[[1,0,0],[0.5,0.5,0],[2,-1,0]],'
     '"offsets":[[0,0.1,0],[0,0.1,0],[0,0.2,0]],"faces":[10,0,1,2,0,0,0,0,11,0,1,2,0,0,0,0,0,0],'
     '"uvs":[[0.5,0.5]],"materials":[{"mapDiffuse":"textures/x.png"}]}')
seed("labelled_folder", "set", "happy/a.png\nhappy/b.png\nsad/.hidden\nempty\n")

for name, lines in {
    "marker": ["POST", "/marker", "", "localhost:8600", "", "", "5ec4e7", "", "", "x" * 20, '{"text": "stimulus 1"}'],
    "neutral": ["POST", "/neutral", "token=5ec4e7", "127.0.0.1", "http://a.b", "", "", "", "", "x", '{"person": 3}'],
    "bearer": ["POST", "/record/start", "", "localhost", "", "Bearer 5ec4e7", "", "", "", "x", "0.0.0.0:8600,open"],
    "state": ["GET", "/state", "a=%41&token=x", "localhost:8600", "http://localhost:8600", "", "", "same-origin", "cors", "x", "8600"],
    "listen": ["GET", "/ws", "", "127.0.0.1:8600", "", "", "", "cross-site", "navigate", "x", "127.0.0.1:80"],
    "preflight": ["OPTIONS", "/marker", "", "localhost", "null", "", "", "", "", "x", ""],
}.items():
    seed("web_request", name, "\n".join(lines))
for name, frames in {"text": b"\x81\x85abcdhello", "ping": b"\x89\x84abcdping\x8a\x80abcd", "long": b"\x02\xfe\x01\x00abcd" + b"x" * 256
                     + b"\x80\x80abcd\x88\x82abcd\x03\xe8", "longer": b"\x82\xff\0\0\0\0\0\x01\0\0abcd" + b"x" * 99}.items():
    seed("websocket_input", name, b"\x02" + frames)


def varint(number):
    number &= (1 << 64) - 1
    content = b""
    while number >= 0x80:
        content += bytes([number & 0x7F | 0x80])
        number >>= 7
    return content + bytes([number])


def field(number, content):
    if isinstance(content, int):
        return varint(number << 3) + varint(content)
    if isinstance(content, str):
        content = content.encode()
    return varint(number << 3 | 2) + varint(len(content)) + content


def value(name, *sizes):
    dims = b"".join(field(1, field(1, size)) for size in sizes)
    return field(1, name) + field(2, field(1, field(1, 1) + field(2, dims)))


def floats(name, *sizes):
    count = 1
    for size in sizes:
        count *= size
    raw = struct.pack(f"<{count}f", *(0.5 * i for i in range(count)))
    return b"".join(field(1, size) for size in sizes) + field(2, 1) + field(8, name) + field(9, raw)


def longs(name, *numbers):
    return field(1, len(numbers)) + field(2, 7) + field(8, name) + field(9, struct.pack(f"<{len(numbers)}q", *numbers))


def ints(name, *numbers):
    return field(1, name) + field(20, 7) + b"".join(field(8, number) for number in numbers)


def integer(name, number):
    return field(1, name) + field(20, 2) + field(3, number)


def node(kind, inputs, output, *attributes):
    return (b"".join(field(1, each) for each in inputs) + field(2, output) + field(3, output) + field(4, kind)
            + b"".join(field(5, each) for each in attributes))


def model(opset, nodes, weights, sizes, outcome):
    graph = b"".join(field(1, each) for each in nodes) + field(2, "g")
    graph += b"".join(field(5, each) for each in weights)
    graph += field(11, value("x", *sizes)) + field(12, value("y", *outcome))
    return field(1, 8) + field(7, graph) + field(8, field(1, "") + field(2, opset))


picture = (1, 1, 8, 8)
networks = {
    "relu": model(11, [node("Relu", ["x"], "y")], [], picture, picture),
    "clip": model(13, [node("Clip", ["x", "a", "b"], "y")], [floats("a"), floats("b")], picture, picture),
    "axes": model(13, [node("Squeeze", ["x", "a"], "t"), node("Unsqueeze", ["t", "a"], "u"),
                       node("ReduceSum", ["u", "b"], "y", integer("keepdims", 0))],
                  [longs("a", 0), longs("b", 2, 3)], picture, (1, 1)),
    "reduce": model(18, [node("ReduceMean", ["x", "a"], "y", integer("keepdims", 0))],
                    [longs("a", 2, 3)], picture, (1, 1)),
    "gemm": model(13, [node("Flatten", ["x"], "t"), node("Gemm", ["t", "w", "b"], "u"),
                       node("Dropout", ["u", "r"], "d"), node("Softmax", ["d"], "y", integer("axis", 1))],
                  [floats("w", 64, 2), floats("b", 2), floats("r")], picture, (1, 2)),
    "pad": model(18, [node("Pad", ["x", "p", "v", "a"], "t"), node("Relu", ["t"], "y")],
                 [longs("p", 1, 1, 1, 1), floats("v"), longs("a", 2, 3)], picture, (1, 1, 10, 10)),
    "shape": model(13, [node("Shape", ["x"], "s"), node("Gather", ["s", "a"], "n"),
                        node("Concat", ["n", "m"], "r", integer("axis", 0)), node("Reshape", ["x", "r"], "y")],
                   [longs("a", 0), longs("m", -1)], picture, (1, 64)),
    "slice": model(13, [node("Shape", ["x"], "s"), node("Slice", ["s", "a", "b"], "r"),
                        node("Cast", ["r"], "c", integer("to", 7)), node("Reshape", ["x", "m"], "y")],
                   [longs("a", 0), longs("b", 2), longs("m", 1, -1)], picture, (1, 64)),
    "depthwise": model(13, [node("Conv", ["x", "w"], "t", ints("pads", 0, 0, 0, 0)),
                            node("Conv", ["t", "d"], "y", ints("kernel_shape", 3, 3), ints("pads", 1, 1, 1, 1),
                                 ints("strides", 2, 2), integer("group", 4))],
                       [floats("w", 4, 1, 1, 1), floats("d", 4, 1, 3, 3)], picture, (1, 4, 4, 4)),
}
for name, content in networks.items():
    seed("onnx", name, content)
    seed("onnx_lowering", name, content)

# The fuzz target's clock stands at a million seconds.
for command in ("marker", "record_start", "record_stop"):
    seed("command_message", command, json.dumps({"mien": 1, "command": command, "text": "stimulus 3",
                                                 "at": 999_999_000_000_000}))
seed("command_message", "answer", '{"error":"No."}')
