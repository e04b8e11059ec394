#!/usr/bin/env python3
"""Writes the FER+ validation faces as PNG files, one folder a label, for `mien eval`.

    python3 scripts/ferplus_pictures.py ferplus-valid.npz OUT [--shrink 2] [--blur 1.5] [--gain 0.25]
    python3 scripts/ferplus_pictures.py ferplus-valid.npz OUT --surround [--every 3]

By the published rule: single votes are dropped, and only faces stay where one of the eight
labels has more than half of the votes. Needs python3-numpy.
"""
import argparse
import os
import struct
import zlib

import numpy as np

LABELS = "neutral happiness surprise sadness anger disgust fear contempt".split()


def png(path, gray):
    height, width = gray.shape
    rows = b"".join(b"\0" + row.tobytes() for row in gray)

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    with open(path, "wb") as out:
        out.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) +
                  chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def blurred(picture, sigma):
    reach = int(3 * sigma) + 1
    kernel = np.exp(-np.arange(-reach, reach + 1) ** 2 / (2 * sigma * sigma))
    kernel /= kernel.sum()
    padded = np.pad(picture, reach, "edge")
    for axis in (0, 1):
        padded = np.apply_along_axis(lambda line: np.convolve(line, kernel, "valid"), axis, padded)
    return padded


def surrounded(picture):
    """Four times as large, in the middle of a picture of twice that width whose rest goes on from the
    edges: how a detector's crops agree with the crops of FER+ is then seen without --cropped."""
    size = len(picture)
    places = (np.arange(4 * size) + 0.5) / 4 - 0.5
    for axis in (0, 1):
        picture = np.apply_along_axis(lambda line: np.interp(places, np.arange(size), line), axis, picture)
    return np.pad(picture, 2 * size, "edge")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("npz")
    parser.add_argument("out")
    parser.add_argument("--shrink", type=int, default=1, help="divide the size: 2, 3 or 4")
    parser.add_argument("--blur", type=float, default=0, help="sigma of a Gaussian, pixels of 48")
    parser.add_argument("--gain", type=float, default=1, help="multiply the brightness")
    parser.add_argument("--surround", action="store_true", help="put the face into a larger picture")
    parser.add_argument("--every", type=int, default=1, help="write every so many of the faces only")
    options = parser.parse_args()

    data = np.load(options.npz)
    images = data["images"]
    votes = data["votes"].astype(int)
    votes[votes == 1] = 0
    truth = votes.argmax(1)
    keep = (truth < 8) & (votes.max(1) * 2 > votes.sum(1))
    for label in LABELS:
        os.makedirs(os.path.join(options.out, label), exist_ok=True)
    k = options.shrink
    for index in np.flatnonzero(keep)[::options.every]:
        picture = images[index].astype(float)
        if options.blur > 0:
            picture = blurred(picture, options.blur)
        picture = np.clip(picture * options.gain, 0, 255)
        picture = picture.reshape(48 // k, k, 48 // k, k).mean((1, 3))
        if options.surround:
            picture = surrounded(picture)
        png(os.path.join(options.out, LABELS[truth[index]], f"{index:05d}.png"), picture.round().astype(np.uint8))


if __name__ == "__main__":
    main()
