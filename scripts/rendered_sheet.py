#!/usr/bin/env python3
"""A sheet of rendered faces, a column for each label and a row for each age.

    mien synthesize --rendered --out faces --samples 1500 --seed 3
    python3 scripts/rendered_sheet.py faces docs/images/rendered.jpg

Of each kind the clearest picture is taken: near to the front, in colour, little blur and noise.
"""
import csv
import pathlib
import sys

import cv2

LABELS = ["neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt"]
AGES = [(0, 12), (12, 20), (20, 35), (35, 50), (50, 65), (65, 91)]
SIDE = 128


def clearness(row):
    value = {key: abs(float(row[key])) for key in
             ("yaw", "pitch", "defocus", "motion", "noise", "intensity", "gray", "warmth")}
    return (value["yaw"] / 20 + value["pitch"] / 15 + value["defocus"] + value["motion"] +
            value["noise"] / 6 + 2 * value["gray"] + value["warmth"] - 2 * value["intensity"])


def main():
    folder, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    with open(folder / "faces.csv", newline="") as file:
        faces = list(csv.DictReader(file))
    rows, taken = [], set()
    for low, high in AGES:
        cells = []
        for label in LABELS:
            fitting = [f for f in faces if f["label"] == label and low <= float(f["age"]) < high]
            # Nobody twice in a row, as long as there are others.
            fitting.sort(key=lambda f: ((low, f["person"]) in taken, clearness(f)))
            if not fitting:
                raise SystemExit(f"No {label} between {low} and {high}: render more samples.")
            taken.add((low, fitting[0]["person"]))
            cells.append(cv2.resize(cv2.imread(str(folder / fitting[0]["file"])), (SIDE, SIDE),
                                    interpolation=cv2.INTER_AREA))
        rows.append(cv2.hconcat(cells))
    cv2.imwrite(str(out), cv2.vconcat(rows), [cv2.IMWRITE_JPEG_QUALITY, 88])


if __name__ == "__main__":
    main()
