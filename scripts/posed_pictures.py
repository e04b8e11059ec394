#!/usr/bin/env python3
"""Writes posed faces as PNG files, one folder a label, for `mien eval`: how a model reads people who
wear an expression on purpose.

    python3 scripts/posed_pictures.py POSED.npz OUT [--cover eyes|mouth]
    python3 scripts/posed_pictures.py POSED.npz OUT --surround

POSED.npz holds `images` (uint8, faces x 48 x 48, gray crops) and `labels` (0 to 7: neutral, happiness,
surprise, sadness, anger, disgust, fear, contempt). With --surround the detector is measured, too; without
it, use `mien eval OUT --cropped`. Needs python3-numpy.
"""
import argparse

import numpy as np

import face_pictures


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("npz")
    parser.add_argument("out")
    face_pictures.add_options(parser)
    options = parser.parse_args()

    data = np.load(options.npz)
    images, labels = data["images"], data["labels"].astype(int)
    if images.ndim != 3 or len(images) != len(labels) or not ((labels >= 0) & (labels < 8)).all():
        parser.error(f"{options.npz} must hold images (N x height x width) and N labels from 0 to 7.")
    face_pictures.make_folders(options.out)
    for index in range(0, len(images), options.every):
        picture = face_pictures.changed(images[index].astype(float), options)
        face_pictures.write(options.out, labels[index], index, picture)


if __name__ == "__main__":
    main()
