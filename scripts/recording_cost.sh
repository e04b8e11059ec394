#!/bin/bash
# What recording costs, for README's speed table: 60 s of a face that moves and grows, 1280x720 at 30
# frames a second with a webcam's noise, are analysed without a video and with one by each encoder.
# The processor time in between is the cost of painting, encoding and writing; the size is the file's.
# The smaller model reads the faces: the less it takes, the less it hides of the difference.
#
#   scripts/recording_cost.sh [PROGRAM] [SECONDS]
#
# Processor seconds, not the clock: another program that runs beside it hardly counts.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
mien=${1:-$here/build/release/mien}
seconds=${2:-60}
export MIEN_DATA_DIR=$here
command -v ffmpeg >/dev/null || { echo "ffmpeg is not installed (package ffmpeg)" >&2; exit 1; }
[ -x "$mien" ] || { echo "there is no program $mien; build it with ./run" >&2; exit 1; }

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
ffmpeg -v error -loop 1 -framerate 30 -i "$here/assets/demo/astronaut.png" -t "$seconds" -vf \
  "scale=2560:-2,crop=2560:1440:0:60,zoompan=z='1.3+0.25*sin(on/40)':x='(iw-iw/zoom)*(0.5+0.3*sin(on/55))':y='(ih-ih/zoom)*(0.2+0.2*sin(on/70))':d=1:s=1280x720:fps=30,noise=alls=3:allf=t,format=yuv420p" \
  -c:v libx264 -preset ultrafast -crf 18 "$folder/face.mp4"

# cost NAME ARGS...: user and system seconds of an analysis.
cost() {
  local name=$1; shift
  local TIMEFORMAT='%U %S'
  { time "$mien" analyze "$folder/face.mp4" --out "$folder/$name" --workers 1 \
      --model mien-small "$@" \
      >/dev/null 2>"$folder/log"; } 2>"$folder/time" || { cat "$folder/log" >&2; exit 1; }
  awk '{print $1 + $2}' "$folder/time"
}

plain=$(cost plain)
printf '%-8s %16s %14s\n' encoder "of a core" "MB a minute"
printf '%-8s %14.0f %% %14s\n' none 0 "$(du -b "$folder/plain/face/faces.csv" |
  awk -v s="$seconds" '{printf "%.1f", $1 / 1e6 * 60 / s}')"
for encoder in h264 vp8 mjpeg; do
  with=$(cost "$encoder" --video --encoder "$encoder")
  bytes=$(stat -c %s "$folder/$encoder/face/video.mkv")
  "$mien" report --verify "$folder/$encoder/face" >/dev/null || exit 1
  awk -v name="$encoder" -v plain="$plain" -v with="$with" -v bytes="$bytes" -v s="$seconds" \
    'BEGIN {printf "%-8s %14.0f %% %14.1f\n", name, (with - plain) / s * 100, bytes / 1e6 * 60 / s}'
done
