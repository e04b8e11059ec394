#!/bin/bash
# --record on a home that is new: nothing is recorded before the notice is accepted, the recording
# starts at once when it is, and nobody is asked a second time.
# Arguments: the program, the source tree. Exit code 77: cannot be tried here.
mien=$1 source=$2

source "$(dirname "$0")/window_session.sh"
rm "$XDG_CONFIG_HOME/mien/settings.json"

recorded() { ls "$folder"/sessions/*/faces.csv >/dev/null 2>&1; }
pictures() { [ -s "$(ls -d "$folder"/sessions/*/ | head -1)video.mkv.partial" ]; }

start --source demo --record --sessions "$folder/sessions"
until_true 60 title_has "auto" || fail "no detector was loaded"
sleep 2
recorded && fail "it recorded before the notice was accepted"
grep -q "when the notice" "$folder/log" || fail "stderr does not say what the recording waits for"

# The button stands at the left below the words, in the middle of the window.
for y in $(seq 560 16 780); do
  click 430 "$y"
  if recorded; then break; fi
done
until_true 20 recorded || fail "accepting the notice started no recording"
until_true 20 pictures || fail "the recording has no pictures"
sleep 1
quit
grep -q '"notice_acknowledged": true' "$XDG_CONFIG_HOME/mien/settings.json" ||
  fail "that it was accepted is not remembered"
"$mien" report --verify "$(ls -d "$folder"/sessions/*/)" || fail "the session does not agree"

# The second time it records at once.
start --source demo --record --sessions "$folder/again"
again() { ls "$folder"/again/*/faces.csv >/dev/null 2>&1; }
until_true 60 again || fail "it asks again"
quit
echo "all well"
