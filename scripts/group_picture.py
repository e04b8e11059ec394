#!/usr/bin/env python3
"""A group picture of rendered people and the demo's portrait, near and far, with the boxes and labels that mien gives them.

    mien synthesize --rendered --out faces --samples 800 --size 256 --seed 5
    python3 scripts/group_picture.py faces docs/images/group.jpg [--mien build/release/mien]

Rows of a video call, each with smaller tiles than the one above. Prints how many faces were found of how many.
"""
import argparse
import csv
import json
import pathlib
import subprocess
import tempfile

import cv2
import numpy as np

ROOT = pathlib.Path(__file__).resolve().parent.parent
WIDTH, GAP = 1280, 4
ROWS = [(4, 300), (6, 200), (10, 120), (16, 76)]  # tiles, and their height in pixels
LABELS = ["happiness", "surprise", "neutral", "anger", "sadness", "fear", "disgust"]


def clearest(folder, count):
    """Pictures of as many people, every label in turn, near to the front and in colour."""
    with open(folder / "faces.csv", newline="") as file:
        faces = list(csv.DictReader(file))
    strain = lambda f: (abs(float(f["yaw"])) / 20 + abs(float(f["pitch"])) / 15 + float(f["defocus"]) + float(f["motion"]) +
                        float(f["noise"]) / 6 + 2 * float(f["gray"]) - 2 * float(f["intensity"]))
    faces.sort(key=strain)
    people, chosen = set(), []
    while len(chosen) < count:
        for label in LABELS:
            face = next((f for f in faces if f["label"] == label and f["person"] not in people), None)
            if face is None:
                raise SystemExit("There are too few people: render more samples.")
            people.add(face["person"])
            chosen.append(cv2.imread(str(folder / face["file"])))
    return chosen[:count]


def tile(picture, width, height):
    """The middle of the picture, as large as the tile."""
    scale = max(width / picture.shape[1], height / picture.shape[0])
    big = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    top, left = (big.shape[0] - height) // 2, (big.shape[1] - width) // 2
    return big[top:top + height, left:left + width]


def gallery(people):
    people = list(people)
    people.insert(2, cv2.imread(str(ROOT / "assets" / "demo" / "astronaut.png"))[0:300, 60:400])
    rows = []
    for count, height in ROWS:
        width = (WIDTH - GAP * (count + 1)) // count
        row = np.full((height + GAP, WIDTH, 3), 32, np.uint8)
        for i in range(count):
            left = GAP + i * (width + GAP)
            row[GAP:, left:left + width] = tile(people.pop(0), width, height)
        rows.append(row)
    return np.vstack(rows + [np.full((GAP, WIDTH, 3), 32, np.uint8)])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("faces", type=pathlib.Path)
    parser.add_argument("out")
    parser.add_argument("--mien", default=str(ROOT / "build" / "release" / "mien"))
    options = parser.parse_args()

    count = sum(tiles for tiles, _ in ROWS)
    with tempfile.TemporaryDirectory() as work:
        source = pathlib.Path(work) / "group.png"
        cv2.imwrite(str(source), gallery(clearest(options.faces, count - 1)))
        done = subprocess.run([options.mien, "analyze", str(source), "--out", work, "--video", "--json"], check=True,
                              stdout=subprocess.PIPE)
        folder = pathlib.Path(json.loads(done.stdout)["inputs"][0]["folder"])
        with open(folder / "faces.csv", newline="") as file:
            found = sum(row["success"].strip() == "1" for row in csv.DictReader(file, skipinitialspace=True))
        video = next(path for path in folder.iterdir() if path.suffix in (".mp4", ".mkv", ".webm", ".avi"))
        good, picture = cv2.VideoCapture(str(video)).read()
        if not good:
            raise SystemExit(f"{video} has no picture.")
        cv2.imwrite(options.out, picture, [cv2.IMWRITE_JPEG_QUALITY, 88])
    print(f"{found} of {count} faces found")


if __name__ == "__main__":
    main()
