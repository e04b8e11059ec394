#!/usr/bin/env python3
"""Scores mien's face detectors on a folder of pictures whose faces were marked by hand.

    python3 scripts/detection_table.py PICTURES BOXES.csv [--mien build/release/mien]
                                       [--detectors auto blazeface blazeface-far haar]

BOXES.csv has the columns file, x, y, width, height in pixels, one line for each face; a picture without faces
needs no line. A box counts as right when its centre lies in a marked face and it is 0.45 to 2.2 times as wide; each
marked face counts once. Prints a table: recall of all faces, by the face's width over the picture's longer
side, precision, and false boxes for each 100 found. Needs nothing but Python and mien.
"""
import argparse
import csv
import json
import pathlib
import subprocess
import tempfile

LIMITS = [(0.00, 0.04), (0.04, 0.06), (0.06, 0.08), (0.08, 0.12), (0.12, 0.20), (0.20, 9)]


def found_in(mien, detector, picture, out):
    run = subprocess.run([mien, "analyze", str(picture), "--out", out, "--detector", detector, "--json"],
                         capture_output=True, text=True, check=True)
    folder = pathlib.Path(json.loads(run.stdout)["inputs"][0]["folder"])
    with open(folder / "faces.csv", newline="", encoding="utf-8") as file:
        rows = [{key.strip(): value for key, value in row.items()} for row in csv.DictReader(file)]
    session = json.loads((folder / "session.json").read_text(encoding="utf-8"))
    longer = max(session["source"]["width"], session["source"]["height"])
    faces = [tuple(float(r[key]) for key in ("x", "y", "w", "h", "confidence"))
             for r in rows if r["success"] == "1"]
    return sorted(faces, key=lambda face: -face[4]), longer


def same(marked, box):
    x, y = box[0] + box[2] / 2, box[1] + box[3] / 2
    return (marked[0] <= x <= marked[0] + marked[2] and marked[1] <= y <= marked[1] + marked[3]
            and 0.45 < box[2] / marked[2] < 2.2)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pictures", type=pathlib.Path)
    parser.add_argument("boxes")
    parser.add_argument("--mien", default="build/release/mien")
    parser.add_argument("--detectors", nargs="+", default=["auto", "blazeface", "blazeface-far", "blazeface-full", "haar"])
    arguments = parser.parse_args()
    marked = {}
    with open(arguments.boxes, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            marked.setdefault(row["file"], []).append([float(row[k]) for k in ("x", "y", "width", "height")])
    pictures = sorted(p for p in arguments.pictures.iterdir() if p.suffix.lower() in (".jpg", ".jpeg", ".png", ".webp"))
    names = [f"under {high:.2f}" if low == 0 else f"{low:.2f} on" for low, high in LIMITS]
    print("| detector | all | " + " | ".join(names) + " | precision | false for 100 found |")
    print("|---" * (len(LIMITS) + 4) + "|")
    for detector in arguments.detectors:
        hits, all_faces, false = [0] * len(LIMITS), [0] * len(LIMITS), 0
        with tempfile.TemporaryDirectory() as out:
            for picture in pictures:
                boxes, longer = found_in(arguments.mien, detector, picture, out)
                left = list(marked.get(picture.name, []))
                size = lambda face: next(i for i, (_, high) in enumerate(LIMITS) if face[2] / longer < high)
                for face in left:
                    all_faces[size(face)] += 1
                for box in boxes:
                    match = next((face for face in left if same(face, box)), None)
                    if match is None:
                        false += 1
                    else:
                        hits[size(match)] += 1
                        left.remove(match)
        right = sum(hits)
        shares = [f"{h} of {n}" if n else "" for h, n in zip(hits, all_faces)]
        print(f"| `{detector}` | {right} of {sum(all_faces)} | " + " | ".join(shares) +
              f" | {right / max(1, right + false):.3f} | {100 * false / max(1, right):.1f} |", flush=True)


if __name__ == "__main__":
    main()
