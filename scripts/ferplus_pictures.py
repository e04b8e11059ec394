#!/usr/bin/env python3
"""Writes the FER+ validation faces as PNG files, one folder a label, for `mien eval`.

    python3 scripts/ferplus_pictures.py ferplus-valid.npz OUT [--shrink 2] [--blur 1.5] [--gain 0.25]
    python3 scripts/ferplus_pictures.py ferplus-valid.npz OUT [--cover eyes|mouth]
    python3 scripts/ferplus_pictures.py ferplus-valid.npz OUT --surround [--every 3]

By the published rule: single votes are dropped, and only faces stay where one of the eight
labels has more than half of the votes. Needs python3-numpy.
"""
import argparse

import numpy as np

import face_pictures


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("npz")
    parser.add_argument("out")
    parser.add_argument("--shrink", type=int, default=1, help="divide the size: 2, 3 or 4")
    parser.add_argument("--blur", type=float, default=0, help="sigma of a Gaussian, pixels of 48")
    parser.add_argument("--gain", type=float, default=1, help="multiply the brightness")
    face_pictures.add_options(parser)
    options = parser.parse_args()

    data = np.load(options.npz)
    images = data["images"]
    votes = data["votes"].astype(int)
    votes[votes == 1] = 0
    truth = votes.argmax(1)
    keep = (truth < 8) & (votes.max(1) * 2 > votes.sum(1))
    face_pictures.make_folders(options.out)
    k = options.shrink
    for index in np.flatnonzero(keep)[::options.every]:
        picture = images[index].astype(float)
        if options.blur > 0:
            picture = face_pictures.blurred(picture, options.blur)
        picture = np.clip(picture * options.gain, 0, 255)
        picture = picture.reshape(48 // k, k, 48 // k, k).mean((1, 3))
        face_pictures.write(options.out, truth[index], index, face_pictures.changed(picture, options))


if __name__ == "__main__":
    main()
