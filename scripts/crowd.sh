#!/bin/bash
# Makes a clip of a video call with N people, all of them the demo's portrait: mirrored, nearer or
# farther, moving a little, some in poor light or out of focus. For pictures of the window with
# many people that anybody may have. Needs ffmpeg.
#
#     scripts/crowd.sh 20 crowd.mkv [SECONDS]
set -euo pipefail
people=$1 out=$2 seconds=${3:-20}
portrait=$(dirname "$0")/../assets/demo/astronaut.png
width=1280 height=720 gap=4

# Rows so that the cells are about as wide as high, then no more columns than these need.
rows=$(awk -v n="$people" -v r="$width" -v h="$height" \
  'BEGIN { c = sqrt(n * h / r); print (c > int(c)) ? int(c) + 1 : int(c) }')
columns=$(((people + rows - 1) / rows))
cell_width=$((width / columns / 2 * 2)) cell_height=$((height / rows / 2 * 2))

graph="color=0x14171c:s=${width}x$height:r=30:d=$seconds[canvas0];"
# Enlarged once: whole pixels of the portrait would jump where it moves.
graph+="[0:v]crop=500:300:0:0,scale=iw*3:ih*3:flags=bicubic,loop=loop=-1:size=1"
graph+=",setpts=N/30/TB,trim=duration=$seconds,split=$people"
for ((i = 0; i < people; i++)); do graph+="[in$i]"; done
graph+=";"
for ((i = 0; i < people; i++)); do
  row=$((i / columns))
  in_row=$((row < rows - 1 ? columns : people - columns * (rows - 1)))
  x=$(((width - in_row * cell_width) / 2 + i % columns * cell_width + gap / 2))
  y=$((row * cell_height + gap / 2))
  w=$((cell_width - gap)) h=$((cell_height - gap))
  # What the cell sees of the portrait: its face is 110 pixels wide, around (228, 118).
  high=$((170 + (i * 37) % 50))
  wide=$((high * w / h)); ((wide > 400)) && wide=400 && high=$((wide * h / w))
  phase=$((i * 53 % 100))
  chain="crop=$((3 * wide)):$((3 * high))"
  chain+=":'3*(228-$wide/2+9*sin(2*PI*(t/$((5 + i % 4))+0.$phase)))'"
  chain+=":'3*(110-$high/2+5*sin(2*PI*(t/$((4 + i % 3))+0.$phase)))',scale=$w:$h"
  ((i % 2)) && chain+=",hflip"
  case $((i % 11)) in
    3) chain+=",eq=brightness=-0.12:saturation=0.8" ;;
    7) chain+=",gblur=sigma=$((1 + cell_width / 120))" ;;
  esac
  graph+="[in$i]$chain[cell$i];[canvas$i][cell$i]overlay=$x:$y:shortest=1[canvas$((i + 1))];"
done
graph=${graph%;}

ffmpeg -v error -y -i "$portrait" -filter_complex "$graph" \
  -map "[canvas$people]" -c:v libx264 -preset veryfast -crf 18 -pix_fmt yuv420p "$out"
