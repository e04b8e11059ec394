"""What the scripts share that make pictures for `mien eval` out of 48x48 gray faces. Needs python3-numpy."""
import os
import struct
import zlib

import numpy as np

LABELS = "neutral happiness surprise sadness anger disgust fear contempt".split()

# Rows and columns of a face crop, as shares: the brows and eyes, and what a mask hides.
COVERS = {"eyes": (0.27, 0.48), "mouth": (0.58, 0.96)}
COVER_COLUMNS = (0.08, 0.92)


def png(path, gray):
    height, width = gray.shape
    rows = b"".join(b"\0" + row.tobytes() for row in gray)

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    with open(path, "wb") as out:
        out.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) +
                  chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b""))


def blurred(picture, sigma):
    reach = int(3 * sigma) + 1
    kernel = np.exp(-np.arange(-reach, reach + 1) ** 2 / (2 * sigma * sigma))
    kernel /= kernel.sum()
    padded = np.pad(picture, reach, "edge")
    for axis in (0, 1):
        padded = np.apply_along_axis(lambda line: np.convolve(line, kernel, "valid"), axis, padded)
    return padded


def covered(picture, part):
    """The eyes or the mouth under a black bar that ends before the sides of the picture do."""
    picture = picture.copy()
    height, width = picture.shape
    top, bottom = (round(share * height) for share in COVERS[part])
    left, right = (round(share * width) for share in COVER_COLUMNS)
    picture[top:bottom, left:right] = 0
    return picture


def surrounded(picture):
    """Four times as large, in the middle of a picture of twice that width whose rest goes on from the
    edges: how a detector's crops agree with the crops of the set is then seen without --cropped."""
    size = len(picture)
    places = (np.arange(4 * size) + 0.5) / 4 - 0.5
    for axis in (0, 1):
        picture = np.apply_along_axis(lambda line: np.interp(places, np.arange(size), line), axis, picture)
    return np.pad(picture, 2 * size, "edge")


def add_options(parser):
    parser.add_argument("--cover", choices=list(COVERS), help="black out a part of the face")
    parser.add_argument("--surround", action="store_true", help="put the face into a larger picture")
    parser.add_argument("--every", type=int, default=1, help="write every so many of the faces only")


def changed(picture, options):
    """The picture with what add_options() offers, as floats."""
    if options.cover:
        picture = covered(picture, options.cover)
    return surrounded(picture) if options.surround else picture


def make_folders(out):
    for label in LABELS:
        os.makedirs(os.path.join(out, label), exist_ok=True)


def write(out, label, index, picture):
    png(os.path.join(out, LABELS[label], f"{index:05d}.png"), np.clip(picture, 0, 255).round().astype(np.uint8))
