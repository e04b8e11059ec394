#!/usr/bin/env python3
"""A sheet of rendered faces, a column for each label and a row for each age.

    mien synthesize --rendered --out painted --samples 1000 --seed 3 --size 320
    mien synthesize --rendered --out worn --samples 1000 --seed 3 --size 320 --head-data FOLDER
    python3 scripts/rendered_sheet.py painted worn docs/images/rendered.jpg

The cells take turns between the folders, as on a chessboard: without and with the package's
photographic skins and hair. Of each kind the clearest picture is taken: near to the front, in
colour, little blur and noise. The faces are larger than the cells, so that edges come out smooth.
Needs Pillow (Debian's python3-pil).
"""
import csv
import pathlib
import sys

from PIL import Image, ImageDraw, ImageFont, ImageStat

LABELS = ["neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt"]
AGES = [(0, 12), (12, 20), (20, 35), (35, 50), (50, 65), (65, 91)]
SIDE, GAP, LEFT, TOP = 152, 4, 92, 44
FONTS = pathlib.Path(__file__).parent.parent / "assets" / "fonts"


def clearness(row):
    value = {key: abs(float(row[key])) for key in
             ("yaw", "pitch", "roll", "defocus", "motion", "noise", "gray", "shrink", "intensity")}
    return (value["yaw"] / 20 + value["pitch"] / 15 + value["roll"] / 20 + 5 * value["defocus"] +
            5 * value["motion"] + value["noise"] / 6 + 3 * value["gray"] +
            5 * (1 - value["shrink"]) - 3 * float(row["p_" + row["label"]]) -
            (0 if row["label"] == "neutral" else 3 * value["intensity"]))


def plainness(picture):
    """0 for a face that is neither dark nor bright nor under coloured light."""
    middle = picture.crop(tuple(int(picture.width * share) for share in (0.3, 0.3, 0.7, 0.8)))
    red, green, blue = ImageStat.Stat(middle).mean
    return abs(green - 125) / 60 + 2 * max(0, red / max(blue, 1) - 1.7)


def wears(row):
    return any(row.get(name, "none") != "none" for name in ("hair_mesh", "beard_mesh"))


def main():
    folders, out = [pathlib.Path(name) for name in sys.argv[1:-1]], pathlib.Path(sys.argv[-1])
    faces = []
    for folder in folders:
        with open(folder / "faces.csv", newline="", encoding="utf-8") as file:
            faces.append(list(csv.DictReader(file)))
    sheet = Image.new("RGB", (LEFT + len(LABELS) * (SIDE + GAP), TOP + len(AGES) * (SIDE + GAP)),
                      "white")
    draw = ImageDraw.Draw(sheet)
    bold = ImageFont.truetype(str(FONTS / "Inter-SemiBold.otf"), 20)
    plain = ImageFont.truetype(str(FONTS / "Inter-Regular.otf"), 18)
    for column, label in enumerate(LABELS):
        draw.text((LEFT + column * (SIDE + GAP) + SIDE // 2, TOP // 2), label, "#202428", bold, "mm")
    shown = set()
    for row, (low, high) in enumerate(AGES):
        y = TOP + row * (SIDE + GAP)
        draw.text((LEFT // 2, y + SIDE // 2 - 12), f"{max(low, 2)} to {high - 1}", "#202428", bold, "mm")
        draw.text((LEFT // 2, y + SIDE // 2 + 12), "years", "#5a6068", plain, "mm")
        for column, label in enumerate(LABELS):
            which = (row + column) % len(folders)
            fitting = [(i, f) for i, f in enumerate(faces[which])
                       if f["label"] == label and low <= float(f["age"]) < high]
            # Somebody new if that costs little; hair of the package where it may be.
            fitting = sorted((clearness(f) + 1.5 * (f["person"] in shown) +
                              1.5 * (which > 0 and not wears(f)), i, f) for i, f in fitting)
            if not fitting:
                raise SystemExit(f"No {label} between {low} and {high}: render more samples.")
            clear = []
            for cost, i, face in fitting[:8]:
                with Image.open(folders[which] / face["file"]) as picture:
                    clear.append((cost + plainness(picture), i, picture.convert("RGB")))
            _, best, picture = min(clear, key=lambda each: each[:2])
            shown.add(faces[which][best]["person"])
            cell = picture.resize((SIDE, SIDE), Image.Resampling.LANCZOS)
            sheet.paste(cell, (LEFT + column * (SIDE + GAP), y))
    sheet.save(out, quality=90, optimize=True, subsampling=0)


if __name__ == "__main__":
    main()
