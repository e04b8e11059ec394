#!/bin/bash
# The whole window against two webcams, which play a moving portrait: it opens on the first, records
# through a switch to the second, and lives on when that one is unplugged.
# Arguments: the program, png_not_blank, the source tree, the fake camera. Exit code 77: skipped.
mien=$1 not_blank=$2 source=$3 camera=$4

source "$(dirname "$0")/window_session.sh"

start LD_PRELOAD="$camera" FAKE_CAMERAS=2 FAKE_CAMERA_0=name=Studio \
  FAKE_CAMERA_1=name=Lobby,unplug=120 \
  --sessions "$folder/sessions" --screenshot "$folder/last.png"
until_true 60 title_has "Studio" || fail "it did not open on the first camera"
until_true 60 title_has "auto" || fail "no detector was loaded"

table() { ls "$folder"/sessions/*/faces.csv 2>/dev/null; }
# Rows of column 5 (success) that say a face was found.
faces() { awk -F, '$5 == 1' "$(table)" 2>/dev/null | wc -l; }
faces_beyond() { [ "$(faces)" -gt "$1" ]; }
key r
until_true 60 faces_beyond 10 || fail "no face of the first camera was recorded"
before=$(faces)
key c
until_true 60 title_has "Lobby" || fail "C did not change to the second camera"
until_true 60 faces_beyond $((before + 10)) || fail "no face of the second camera was recorded"

# It is unplugged after four seconds; the picture, the menus and the recording stay.
sleep 5
title_has "Lobby" || fail "the window forgot which camera it had"
key c
until_true 60 title_has "Studio" || fail "C did not come back to the first camera"
key r
ended() { grep -q '"state": "closed"' "$folder"/sessions/*/session.json; }
until_true 60 ended || fail "the recording was not closed"
quit

"$not_blank" "$folder/last.png" || fail "the screenshot is blank"
rows=$(awk -F, 'NR > 1 {print $1}' "$(table)" | sort -un | wc -l)
frames=$(grep -o '"frames": *[0-9]*' "$folder"/sessions/*/session.json | head -1 | grep -o '[0-9]*$')
[ "$rows" = "$frames" ] || fail "the table has $rows frames, the document $frames"
if command -v ffprobe >/dev/null; then
  count=$(ffprobe -v error -count_frames -select_streams v -show_entries stream=nb_read_frames \
    -of csv=p=0 "$folder"/sessions/*/video.mkv)
  [ "${count%%,*}" = "$frames" ] || fail "the video has $count frames, the document $frames"
fi
echo "all well: $frames frames, $(faces) faces"
