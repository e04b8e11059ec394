#!/bin/bash
# One real window, used as a person would: start on the demo, choose another model in the menu, see
# the title change, take a screenshot, record a moment, quit with Q.
# Arguments: the program, png_not_blank, the source tree. Exit code 77: cannot be tried here.
mien=$1 not_blank=$2 source=$3

source "$(dirname "$0")/window_session.sh"

mkdir -p "$XDG_DATA_HOME/mien/models"
copied=$(basename "$(dirname "$(grep -l '"task": "emotion"' "$source"/models/*/card.json | head -1)")")
cp -r "$source/models/$copied" "$XDG_DATA_HOME/mien/models/other"
# Named so that it is the last in the menu.
sed -i -e '0,/"id"/s/\("id": *\)"[^"]*"/\1"other"/' -e '0,/"name"/s/\("name": *\)"[^"]*"/\1"zz other"/' \
  "$XDG_DATA_HOME/mien/models/other/card.json"
grep -q '"zz other"' "$XDG_DATA_HOME/mien/models/other/card.json" || fail "the card was not changed"

start --source demo --sessions "$folder/sessions" --columns movements --screenshot "$folder/last.png"
until_true 60 title_has "demo" || fail "the demo does not run"
until_true 60 title_has "auto" || fail "no detector was loaded"
title_has "zz other" && fail "the other model runs already"

# Open the Model menu and go through it from its end: the last entry is the copy. Menus lie side by
# side in the bar, so the third one is found by its place and proved by what it does.
chosen=no
for x_menu in 235 255 275 295 215; do
  for y_item in 108 134 82 56; do
    click $x_menu 17
    click $x_menu $y_item
    if until_true 4 title_has "zz other"; then chosen=yes; break 2; fi
    click 640 790; sleep 0.3  # closes the menu; Escape without one would end the program
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
quit
"$not_blank" "$folder/last.png" || fail "--screenshot is blank"
[ -s "$folder"/sessions/*/video.mkv ] || fail "the recording has no video"
grep -q '"ended"' "$folder"/sessions/*/session.json || fail "the recording was not closed"
grep -q '"movements": "face-movements"' "$folder"/sessions/*/session.json ||
  fail "the recording does not name the network of movements"
# presence is the first column of what is measured; frame 1 is a row of a face.
awk -F, 'NR == 1 { for (i = 1; i <= NF; ++i) if ($i == "presence") at = i }
  NR == 2 { exit !($5 == 1 && at && $at != "") }' "$folder"/sessions/*/faces.csv ||
  fail "the first frame was not measured: $(head -2 "$folder"/sessions/*/faces.csv)"
grep -q '"other"' "$XDG_CONFIG_HOME/mien/settings.json" || fail "the model was not remembered"
echo "all well"
