"""Rendered faces (`mien synthesize --rendered --out FOLDER`) as training pictures: 48x48 gray crops framed like FER+'s.

    python3 rendered.py FOLDER      writes FOLDER/faces.npz: images, target, person (every tenth person is held out)

The crop is placed by the eyes and the mouth, which faces.csv gives: eyes level, at the place and distance at which
they lie on average in FER+'s pictures. What comes from detectors varies; augment.warp moves the crops about.
"""
import csv
import os
import sys
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np

import nets

EYES_Y, MOUTH_Y, EYES_APART = 0.387, 0.765, 0.35  # of the picture, as measured on 3,800 neutral FER+ faces


def placed(picture, left, right, mouth):
    """The similarity that puts the middle of the eyes and the mouth's height where FER+ has them."""
    left, right, mouth = (np.array(p, float) for p in (left, right, mouth))
    middle, across = (left + right) / 2, right - left
    angle = np.arctan2(across[1], across[0])
    # The larger of two sizes: a turned head has its eyes close together, a nodding one its mouth close to them.
    down = np.array([-np.sin(angle), np.cos(angle)]) @ (mouth - middle)
    size = max(abs(down) / (MOUTH_Y - EYES_Y), np.hypot(*across) / EYES_APART, 1e-6)
    scale = nets.SIZE / size
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]]) * scale
    shift = np.array([nets.SIZE / 2, nets.SIZE * EYES_Y]) - turn @ middle
    # Shrinking needs averaging, or thin lines flicker: two steps of area resampling where it shrinks a lot.
    matrix = np.hstack([turn, shift[:, None]])
    big = cv2.warpAffine(picture, matrix * 2, (nets.SIZE * 2, nets.SIZE * 2), flags=cv2.INTER_LINEAR,
                         borderMode=cv2.BORDER_REPLICATE)
    return cv2.resize(big, (nets.SIZE, nets.SIZE), interpolation=cv2.INTER_AREA)


def read(folder):
    with open(os.path.join(folder, "faces.csv"), newline="") as f:
        rows = list(csv.DictReader(f))

    def one(row):
        picture = cv2.imread(os.path.join(folder, row["file"]), cv2.IMREAD_GRAYSCALE)
        point = lambda name: (float(row[name + "_x"]), float(row[name + "_y"]))
        left, right = sorted([point("left_eye"), point("right_eye")])
        a, b = point("left_mouth_corner"), point("right_mouth_corner")
        return placed(picture, left, right, ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2))

    with ThreadPoolExecutor(2) as pool:
        images = np.stack(list(pool.map(one, rows)))
    target = np.array([[float(row["p_" + label]) for label in nets.LABELS] for row in rows], np.float32)
    return images, target, np.array([int(row["person"]) for row in rows])


def main():
    folder = sys.argv[1]
    images, target, person = read(folder)
    np.savez(os.path.join(folder, "faces.npz"), images=images, target=target, person=person)
    print(images.shape, target.mean(0).round(3))


if __name__ == "__main__":
    main()
