#!/usr/bin/env python3
"""Measures how much harder spoilt pictures are to read, and what limits on probability do, with `mien eval`, and writes both tables
into docs/signals.md.

    python3 scripts/measure_spoilt.py --mien build/release/mien --ferplus ferplus-valid.npz [--every 3] [--dry]

--every takes every third face for spoilt pictures; the limits are always measured on all. Needs python3-numpy.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
PAGE = os.path.join(os.path.dirname(HERE), "docs", "signals.md")
SPOILT = [("as they are", []), ("24 pixels wide", ["--shrink", "2"]), ("16 pixels wide", ["--shrink", "3"]),
          ("blurred by 1 pixel", ["--blur", "1"]), ("blurred by 1.5", ["--blur", "1.5"]), ("blurred by 2", ["--blur", "2"]),
          ("a quarter of the light", ["--gain", "0.25"]), ("an eighth of the light", ["--gain", "0.125"]),
          ("1.5 times the light", ["--gain", "1.5"]), ("twice the light", ["--gain", "2"])]
LIMITS = [None, 0.5, 0.55, 0.6, 0.7, 0.8, 0.9]
SHIPPED = 0.6  # CertaintyRules::least_probability


def curve_of(options, every, *spoilt):
    """(share said, right of these) at a limit on probability, and the number of pictures."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, os.path.join(HERE, "ferplus_pictures.py"), options.ferplus, folder, "--every", str(every), *spoilt],
                       check=True)
        done = subprocess.run([options.mien, "eval", folder, "--cropped", "--json"], check=True, stdout=subprocess.PIPE)
    read = json.loads(done.stdout)

    def at(limit):
        if limit is None:
            return 1.0, read["accuracy"]
        row = min(read["coverage_curve"], key=lambda row: abs(row["threshold"] - limit))
        assert abs(row["threshold"] - limit) < 1e-6, f"mien eval has no limit of {limit}"
        return row["coverage"], row["accuracy"]
    return at, read["images"]


def percent(value):
    return f"{100 * value:.1f} %"


def put(page, name, lines):
    begin, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
    before, rest = page.split(begin)
    return before + begin + "\n".join(lines) + "\n" + end + rest.split(end)[1]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--mien", required=True, help="the program")
    parser.add_argument("--ferplus", required=True)
    parser.add_argument("--every", type=int, default=1, help="of the spoilt faces")
    parser.add_argument("--dry", action="store_true", help="print the tables and change no file")
    options = parser.parse_args()

    at, count = curve_of(options, 1)
    limits = [f"| limit, {count} pictures | said | right of what is said |", "|---|---|---|"]
    for limit in LIMITS:
        said, right = at(limit)
        bold = "**" if limit == SHIPPED else ""
        limits.append(f"| {bold}{limit or 'none'}{bold} | {bold}{percent(said)}{bold} | {bold}{percent(right)}{bold} |")
    spoilt = None
    for name, change in SPOILT:
        at, count = curve_of(options, options.every, *change)
        spoilt = spoilt or [f"| {count} pictures | right, of all | said at {SHIPPED} | right, of those |", "|---|---|---|---|"]
        spoilt.append(f"| {name} | {percent(at(None)[1])} | " + " | ".join(map(percent, at(SHIPPED))) + " |")
    print("\n".join(limits + [""] + spoilt))
    if options.dry:
        return
    with open(PAGE) as file:
        page = file.read()
    page = put(put(page, "limits", limits), "spoilt pictures", spoilt)
    with open(PAGE, "w") as file:
        file.write(page)


if __name__ == "__main__":
    main()
