#!/usr/bin/env bash
# Draws the icons of all sizes anew from the two SVG files (rsvg-convert, package librsvg2-bin).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
for size in 16 22 24 32 48 64 128 256 512; do
  drawing=mien.svg
  [[ $size -gt 24 ]] || drawing=mien-small.svg
  rsvg-convert --width "$size" --height "$size" "$drawing" --output "mien-$size.png"
done
