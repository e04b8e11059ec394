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
seed("labelled_folder", "set", "happy/a.png\nhappy/b.png\nsad/.hidden\nempty\n")


def field(number, kind, content):
    if kind == 0:
        return bytes([number << 3]) + bytes([content])
    return bytes([number << 3 | 2]) + bytes([len(content)]) + content


def value(name):
    dims = b"".join(field(1, 2, field(1, 0, size)) for size in (1, 2))
    return field(1, 2, name) + field(2, 2, field(1, 2, field(1, 0, 1) + field(2, 2, dims)))


node = field(1, 2, b"x") + field(2, 2, b"y") + field(4, 2, b"Relu")
graph = field(1, 2, node) + field(2, 2, b"g") + field(11, 2, value(b"x")) + field(12, 2, value(b"y"))
model = field(1, 0, 8) + field(7, 2, graph) + field(8, 2, field(2, 0, 11))
seed("onnx", "relu", model)
