#!/bin/bash
# One real window, used as a person would: start on the demo, choose another model in the menu, see
# the title change, take a screenshot, record a moment, quit with Q.
# Arguments: the program, png_not_blank, the source tree. Exit code 77: cannot be tried here.
mien=$1 not_blank=$2 source=$3

for tool in Xvfb xdotool; do
  command -v "$tool" >/dev/null || { echo "skipped: $tool is not installed"; exit 77; }
done

folder=$(mktemp -d)
x= program=
cleanup() {
  [ -n "$program" ] && kill "$program" 2>/dev/null
  [ -n "$x" ] && kill "$x" 2>/dev/null
  wait 2>/dev/null
  rm -rf "$folder"
}
trap cleanup EXIT
fail() { echo "FAILED: $*"; echo "title: $(title)"; cat "$folder/log"; exit 1; }

# Settings, models, videos and pictures of its own.
export HOME=$folder/home XDG_CONFIG_HOME=$folder/config XDG_DATA_HOME=$folder/data
export MIEN_DATA_DIR=$source MIEN_SCALE=1
unset WAYLAND_DISPLAY XDG_VIDEOS_DIR XDG_PICTURES_DIR
mkdir -p "$HOME" "$XDG_DATA_HOME/mien/models"
copied=$(ls "$source/models" | grep -v blazeface | head -1)
cp -r "$source/models/$copied" "$XDG_DATA_HOME/mien/models/other"
# Named so that it is the last in the menu.
sed -i -e 's/^\( *"id": *\)"[^"]*"/\1"other"/' -e 's/^\( *"name": *\)"[A-Z][^"]*"/\1"Zz other"/' \
  "$XDG_DATA_HOME/mien/models/other/card.json"
grep -q '"other"' "$XDG_DATA_HOME/mien/models/other/card.json" || fail "the card was not changed"

# The server chooses a free number itself.
Xvfb -displayfd 3 -screen 0 1300x840x24 3>"$folder/number" >/dev/null 2>&1 &
x=$!
for _ in $(seq 100); do [ -s "$folder/number" ] && break; sleep 0.1; done
[ -s "$folder/number" ] || { echo "skipped: Xvfb does not start"; exit 77; }
export DISPLAY=:$(cat "$folder/number")

"$mien" --source demo --sessions "$folder/sessions" --screenshot "$folder/last.png" \
  >"$folder/log" 2>&1 &
program=$!

window() { xdotool search --onlyvisible --class mien 2>/dev/null | head -1; }
title() { xdotool getwindowname "$(window)" 2>/dev/null; }
# until SECONDS COMMAND...: waits until the command succeeds.
until_true() {
  local left=$(($1 * 5)); shift
  while ! "$@"; do
    kill -0 "$program" 2>/dev/null || fail "the program has ended"
    left=$((left - 1)); [ $left -gt 0 ] || return 1
    sleep 0.2
  done
}
has_window() { [ -n "$(window)" ]; }
title_has() { [[ "$(title)" == *"$1"* ]]; }
# A click counts when it is held longer than one redraw.
click() {
  xdotool mousemove "$1" "$2"; sleep 0.3
  xdotool mousedown 1; sleep 0.2
  xdotool mouseup 1; sleep 0.4
}
key() { xdotool keydown "$1"; sleep 0.2; xdotool keyup "$1"; }

until_true 30 has_window || fail "no window came up"
# Without a window manager nobody gives it the focus.
xdotool windowfocus "$(window)" 2>/dev/null
until_true 60 title_has "demo" || fail "the demo does not run"
until_true 60 title_has "blazeface" || fail "no detector was loaded"
title_has "Zz other" && fail "the other model runs already"

# Open the Model menu and go through it from its end: the last entry is the copy. Menus lie side by
# side in the bar, so the third one is found by its place and proved by what it does.
chosen=no
for x_menu in 235 255 275 295 215; do
  for y_item in 82 108 134 160 56; do
    click $x_menu 17
    click $x_menu $y_item
    if until_true 4 title_has "Zz other"; then chosen=yes; break 2; fi
    key Escape; sleep 0.3
    kill -0 "$program" 2>/dev/null || fail "the program has ended"
  done
done
[ $chosen = yes ] || fail "choosing another model in the menu changed nothing"
echo "chose another model: $(title)"

key s
pictures() { ls "$HOME"/Pictures/mien/*.png >/dev/null 2>&1; }
until_true 30 pictures || fail "S wrote no screenshot"
"$not_blank" "$HOME"/Pictures/mien/*.png || fail "the screenshot is blank"

key r
sessions() { ls "$folder"/sessions/*/faces.csv >/dev/null 2>&1; }
until_true 30 sessions || fail "R started no recording"
sleep 2

# Quitting while it records closes the files first.
key q
for _ in $(seq 300); do kill -0 "$program" 2>/dev/null || break; sleep 0.1; done
kill -0 "$program" 2>/dev/null && fail "Q did not quit"
wait "$program"; code=$?
program=
[ $code -eq 0 ] || fail "exit code $code"
"$not_blank" "$folder/last.png" || fail "--screenshot is blank"
[ -s "$folder"/sessions/*/video.mkv ] || fail "the recording has no video"
grep -q '"ended"' "$folder"/sessions/*/session.json || fail "the recording was not closed"
grep -q '"other"' "$XDG_CONFIG_HOME/mien/settings.json" || fail "the model was not remembered"
echo "all well"
