#!/usr/bin/env python3
"""Whether mien's face detectors find people of every skin tone alike: a table, from rendered frontal faces.

    python3 scripts/skin_tones.py [--mien build/release/mien] [--faces 800] [--detectors auto blazeface-far]

`mien synthesize --rendered` makes the faces; those that look ahead (15 degrees) are put into plain pictures of
1280x720, 0.12 to 0.20 of the width high. The tone is the skin's linear luminance: dark under 0.12, medium
under 0.30, light above. Needs python3-opencv.
"""
import argparse
import collections
import csv
import json
import pathlib
import subprocess
import tempfile

import cv2
import numpy as np

WIDTH, HEIGHT = 1280, 720
TONES = ("light", "medium", "dark")


def tone_of(row):
    luminance = 0.2126 * float(row["skin_r"]) + 0.7152 * float(row["skin_g"]) + 0.0722 * float(row["skin_b"])
    return "dark" if luminance < 0.12 else "medium" if luminance < 0.30 else "light"


def compose(rendered, pictures):
    """One picture for each frontal face; returns tone and middle of the face by the picture's name."""
    dice = np.random.default_rng(1)
    faces = {}
    with open(rendered / "faces.csv", newline="", encoding="utf-8") as table:
        rows = [r for r in csv.DictReader(table) if abs(float(r["yaw"])) < 15 and abs(float(r["pitch"])) < 15]
    for number, row in enumerate(rows):
        face = cv2.imread(str(rendered / row["file"]))
        high = dice.uniform(0.12, 0.20) * WIDTH
        scale = high / (float(row["face_height"]) * face.shape[0])
        face = cv2.resize(face, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
        face = face[max(0, (face.shape[0] - HEIGHT) // 2):][:HEIGHT]
        x = int(dice.integers(0, WIDTH - face.shape[1]))
        y = int(dice.integers(0, HEIGHT - face.shape[0] + 1))
        picture = np.full((HEIGHT, WIDTH, 3), dice.integers(60, 190), np.uint8)
        picture[y:y + face.shape[0], x:x + face.shape[1]] = face
        name = f"{number:05d}.jpg"
        cv2.imwrite(str(pictures / name), picture, [cv2.IMWRITE_JPEG_QUALITY, 92])
        faces[name] = (tone_of(row), x + face.shape[1] / 2, y + face.shape[0] / 2)
    return faces


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mien", default="build/release/mien")
    parser.add_argument("--faces", type=int, default=800)
    parser.add_argument("--detectors", nargs="+", default=["auto", "blazeface-far"])
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        subprocess.run([args.mien, "synthesize", "--rendered", "--out", str(scratch / "faces"), "--samples",
                        str(args.faces), "--seed", "5", "--size", "256"], check=True, stdout=subprocess.DEVNULL)
        (scratch / "pictures").mkdir()
        faces = compose(scratch / "faces", scratch / "pictures")
        count = collections.Counter(tone for tone, _, _ in faces.values())
        print("| detector | " + " | ".join(f"{tone} ({count[tone]})" for tone in TONES) + " | false boxes |")
        print("|---|" + "---|" * (len(TONES) + 1))
        for detector in args.detectors:
            run = subprocess.run([args.mien, "analyze", str(scratch / "pictures"), "--out", str(scratch / detector),
                                  "--detector", detector, "--json"], capture_output=True, text=True, check=True)
            boxes = collections.defaultdict(list)
            with open(pathlib.Path(json.loads(run.stdout)["inputs"][0]["folder"]) / "faces.csv", newline="",
                      encoding="utf-8") as table:
                for row in csv.DictReader(table, skipinitialspace=True):
                    if row["success"] == "1":
                        boxes[pathlib.Path(row["file"]).name].append([float(row[key]) for key in "xywh"])
            found, false = collections.Counter(), 0
            for name, (tone, x, y) in faces.items():
                right = any(b[0] < x < b[0] + b[2] and b[1] < y < b[1] + b[3] for b in boxes[name])
                found[tone] += right
                false += len(boxes[name]) - right
            print(f"| `{detector}` | " + " | ".join(f"{found[tone] / max(1, count[tone]):.3f}" for tone in TONES) +
                  f" | {false} |")


if __name__ == "__main__":
    main()
