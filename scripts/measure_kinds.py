#!/usr/bin/env python3
"""Measures the shipped models on every kind of picture with `mien eval`, and writes the tables into
docs/signals.md, models/*/README.md and the cards.

    python3 scripts/measure_kinds.py --mien build/release/mien --ferplus ferplus-valid.npz \\
        --posed posed.npz --photos PHOTOS [--rendered RENDERED] [--model mien-base] [--dry]

PHOTOS is a labelled folder of photographs, RENDERED what `mien synthesize --rendered` has made, of which
only people with a number that ends in 0 are taken, since training/ holds these out. Needs python3-numpy and
takes some minutes on one core; --every 9 is quicker and coarser.
"""
import argparse
import csv
import json
import os
import random
import re
import subprocess
import sys
import tempfile

import face_pictures

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
MODELS = ["mien-base", "mien-small"]
TURNS = [0, 0.05, 0.1, 0.15, 0.2, 0.28, 0.35, 0.45, 0.6, 1, 100]
YAWS = [0, 10, 20, 30, 40, 50, 60, 91]
LEAST_PROBABILITY = 0.6  # CertaintyRules::least_probability


def make(script, npz, out, *more):
    subprocess.run([sys.executable, os.path.join(HERE, script), npz, out, *more], check=True)
    return out


def rendered_set(folder, out, most):
    """Links to the pictures of people who are held out, and each picture's yaw in degrees."""
    with open(os.path.join(folder, "faces.csv"), newline="") as file:
        rows = [row for row in csv.DictReader(file) if int(row["person"]) % 10 == 0]
    # Each person has pictures of every label in a fixed order, so that steps would miss labels.
    rows = random.Random(1).sample(rows, min(most, len(rows)))
    face_pictures.make_folders(out)
    yaws = {}
    for row in rows:
        link = os.path.join(out, row["label"], os.path.basename(row["file"]))
        os.symlink(os.path.join(os.path.abspath(folder), row["file"]), link)
        yaws[link] = abs(float(row["yaw"]))
    return yaws


def evaluate(options, folder, model, *more):
    done = subprocess.run([options.mien, "eval", folder, "--model", model, "--json", *more], check=True,
                          stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def detector(options):
    return ["--detector", options.detector] if options.detector else []


def kinds(options, work):
    """Name, folder, options of `mien eval`."""
    every = ["--every", str(options.every)]
    ferplus, posed = options.ferplus, options.posed
    at = lambda name: os.path.join(work, name)
    yield "web faces, cropped", make("ferplus_pictures.py", ferplus, at("web")), ["--cropped"]
    yield "web faces, found", make("ferplus_pictures.py", ferplus, at("web-found"), "--surround", *every), []
    yield "posed faces, cropped", make("posed_pictures.py", posed, at("posed")), ["--cropped"]
    yield "posed faces, found", make("posed_pictures.py", posed, at("posed-found"), "--surround"), []
    if options.rendered:
        yield "rendered faces, found", at("rendered"), []
    yield "photographs", options.photos, []
    for part in face_pictures.COVERS:
        yield (f"web faces, {part} covered",
               make("ferplus_pictures.py", ferplus, at("web-" + part), "--cover", part, *every), ["--cropped"])
        yield (f"posed faces, {part} covered",
               make("posed_pictures.py", posed, at("posed-" + part), "--cover", part), ["--cropped"])


def percent(value):
    return f"{100 * value:.1f} %"


def table(rows):
    """Markdown; the first row is the heading."""
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * len(rows[0]), *lines[1:]])


def kinds_table(results):
    rows = [["pictures", "number", "right, of those read", "balanced", "calibration error", "given a label",
             "right, of those", "covered or unlike"]]
    for name, r in results.items():
        doubt = sum(r["not_sure"].get(reason, 0) for reason in ("covered", "unlike what it learned"))
        rows.append([name, str(r["images"] - r["unreadable"]), percent(r["accuracy"]),
                     percent(r["balanced_accuracy"]), f"{r['ece']:.3f}", percent(r["answered"]),
                     percent(r["selective_accuracy"]), percent(doubt)])
    return table(rows)


def recall_table(results):
    labels = next(iter(results.values()))["labels"]
    rows = [["recall", *labels]]
    for name, r in results.items():
        scores = [r["per_class"][label] for label in labels]
        rows.append([name, *(percent(s["recall"]) if s["support"] else "" for s in scores)])
    return table(rows)


def reading_table(options, model, readings, work):
    """Balanced accuracy by the card's readings, which are priors over the same network."""
    rows = [["reading", "web faces: right, of all", "web faces: balanced", "posed faces: balanced",
             "posed faces: right of what is said", "photographs: right, of all"]]
    for reading in readings:
        web, posed = (evaluate(options, os.path.join(work, name), model, "--cropped", "--reading", reading["id"])
                      for name in ("web", "posed"))
        photos = evaluate(options, options.photos, model, "--reading", reading["id"], *detector(options))
        rows.append([reading.get("name", reading["id"]), percent(web["accuracy"]), percent(web["balanced_accuracy"]),
                     percent(posed["balanced_accuracy"]), percent(posed["selective_accuracy"]),
                     percent(photos["accuracy"])])
    return table(rows)


def by(rows, value, limits, names):
    """Accuracy of the rows by where their value lies between the limits; "0 to 10" ... of `names`."""
    lines = []
    for low, high in zip(limits, limits[1:]):
        inside = [row for row in rows if low <= value(row) < high]
        right = [row for row in inside if row["answer"] == row["label"]]
        likely = [row for row in inside if float(row["probability"]) >= LEAST_PROBABILITY]
        likely_right = [row for row in likely if row["answer"] == row["label"]]
        share = lambda part, whole: percent(len(part) / len(whole)) if whole else ""
        lines.append([names(low, high), str(len(inside)), share(right, inside), share(likely, inside),
                      share(likely_right, likely)])
    return lines


def turn_table(tables):
    heading = ["turn", "faces", "right, of all", "0.6 and more", "right, of those"]
    name = lambda low, high: f"{low} to {high}" if high < 100 else f"more than {low}"
    parts = []
    for kind, rows in tables.items():
        rows = [row for row in rows if row["answer"]]
        parts += [f"{kind[0].upper()}{kind[1:]}:", "",
                  table([heading, *by(rows, lambda row: float(row["turn"]), TURNS, name)]), ""]
    return "\n".join(parts).strip()


def yaw_table(rows, yaws):
    found = [row for row in rows if row["answer"]]
    degrees = lambda row: yaws[row["file"]]
    name = lambda low, high: f"{low}° to {high}°" if high < 90 else f"more than {low}°"
    lines = by(found, degrees, YAWS, name)
    for line, (low, high) in zip(lines, zip(YAWS, YAWS[1:])):
        turns = sorted(float(row["turn"]) for row in found if low <= degrees(row) < high)
        line.append(f"{turns[len(turns) // 2]:.2f}" if turns else "")
    return table([["yaw", "faces", "right, of all", "0.6 and more", "right, of those", "turn, median"], *lines])


def replace(path, name, text):
    """Between the marks of that name; at the end of a file that has none."""
    with open(path) as file:
        content = file.read()
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    block = f"{begin}\n{text}\n{end}"
    if begin in content and end in content:
        content = re.sub(re.escape(begin) + ".*?" + re.escape(end), lambda _: block, content, flags=re.S)
    else:
        content = content.rstrip("\n") + "\n\n" + block + "\n"
    with open(path, "w") as file:
        file.write(content)


def put_in_card(path, results):
    with open(path) as file:
        card = json.load(file)
    card.setdefault("metrics", {})["kinds_of_pictures"] = {
        name: {"pictures": r["images"] - r["unreadable"], "accuracy": r["accuracy"],
               "balanced_accuracy": r["balanced_accuracy"], "expected_calibration_error": r["ece"],
               "answered": r["answered"], "right_of_answered": r["selective_accuracy"]}
        for name, r in results.items()}
    with open(path, "w") as file:
        json.dump(card, file, indent=2)
        file.write("\n")


def measure(options, model, work, yaws, sets):
    """All of one model: results by kind, and the rows of each picture for those that were looked for."""
    results, tables = {}, {}
    for name, folder, how in sets:
        print(f"{model}: {name}", file=sys.stderr, flush=True)
        if how:
            results[name] = evaluate(options, folder, model, *how)
            continue
        rows = os.path.join(work, "rows.csv")
        results[name] = evaluate(options, folder, model, "--table", rows, *detector(options))
        with open(rows, newline="") as file:
            tables[name] = list(csv.DictReader(file))
    return results, tables


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--mien", required=True, help="the program")
    parser.add_argument("--ferplus", required=True)
    parser.add_argument("--posed", required=True)
    parser.add_argument("--photos", required=True)
    parser.add_argument("--rendered")
    parser.add_argument("--model", action="append", help="default: " + " and ".join(MODELS))
    parser.add_argument("--detector", help="default: the program's")
    parser.add_argument("--every", type=int, default=3, help="of the web faces that are looked for or covered")
    parser.add_argument("--most", type=int, default=1600, help="rendered faces")
    parser.add_argument("--dry", action="store_true", help="print the tables and change no file")
    options = parser.parse_args()

    with tempfile.TemporaryDirectory() as work:
        yaws = {}
        if options.rendered:
            yaws = rendered_set(options.rendered, os.path.join(work, "rendered"), options.most)
        sets = list(kinds(options, work))
        for model in options.model or MODELS:
            folder = os.path.join(ROOT, "models", model)
            results, tables = measure(options, model, work, yaws, sets)
            with open(os.path.join(folder, "card.json")) as file:
                readings = json.load(file).get("readings", [])
            parts = [kinds_table(results), recall_table(results)]
            if readings:
                parts.append(reading_table(options, model, readings, work))
            kinds_text = "\n\n".join(parts)
            blocks = {f"kinds of pictures: {model}": kinds_text}
            if model == MODELS[0]:
                blocks["turned heads"] = turn_table(tables)
                if options.rendered:
                    blocks["turned heads: rendered"] = yaw_table(tables["rendered faces, found"], yaws)
            for name, text in blocks.items():
                print(f"{name}\n\n{text}\n")
                if not options.dry:
                    replace(os.path.join(ROOT, "docs", "signals.md"), name, text)
            if not options.dry:
                replace(os.path.join(folder, "README.md"), "kinds of pictures", kinds_text)
                put_in_card(os.path.join(folder, "card.json"), results)


if __name__ == "__main__":
    main()
