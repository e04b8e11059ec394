#!/bin/bash
# A shell sets markers and records in the window that is open, and hears why not.
# Arguments: the program, the source tree. Exit code 77: cannot be tried here.
mien=$1 source=$2

source "$(dirname "$0")/window_session.sh"
has_face() { title_has "auto"; }
# says CODE WORDS ARGS...: `mien ARGS` has that exit code and says something with these words.
says() {
  local code=0 said
  said=$("$mien" "${@:3}" 2>&1) || code=$?
  [ "$code" -eq "$1" ] || fail "mien ${*:3}: exit code $code, not $1: $said"
  [[ $said == *"$2"* ]] || fail "mien ${*:3} says: $said"
}

says 1 "No window of mien is open" mark "nobody there"

# Before the notice was accepted, nothing is recorded.
rm "$XDG_CONFIG_HOME/mien/settings.json"
start --source demo --sessions "$folder/none"
says 1 "accept the notice" record start
says 0 "" mark "before the notice"
kill "$program"; wait "$program" 2>/dev/null; program=
# Nor by a run of a script's, which shows no notice.
start --source demo --sessions "$folder/none" --exit-after 300
says 1 "accept the notice" record start
kill "$program"; wait "$program" 2>/dev/null; program=
[ -z "$(find "$folder/none" -name '*.csv' 2>/dev/null)" ] || fail "something was recorded"
echo '{"notice_acknowledged": true}' >"$XDG_CONFIG_HOME/mien/settings.json"

start --source demo --sessions "$folder/sessions"
until_true 60 has_face || fail "no detector was loaded"
socket=$(find "$XDG_RUNTIME_DIR/mien" -type s)
[ "$(stat -c %a "$socket")" = 600 ] || fail "others may reach $socket"
[ "$(stat -c %a "$XDG_RUNTIME_DIR/mien")" = 700 ] || fail "others may look into its folder"
says 0 "" record start
recording() { ls "$folder"/sessions/*/faces.csv >/dev/null 2>&1; }
until_true 60 recording || fail "nothing is recorded"
sleep 1
says 0 "" mark "stimulus 3, left"
says 2 "start or stop" record pause
sleep 1
says 0 "" record stop
recorded() { grep -q '"state": "closed"' "$folder"/sessions/*/session.json; }
until_true 60 recorded || fail "the recording does not end"
grep -q 'marker,0,0,"stimulus 3, left"' "$folder"/sessions/*/events.csv || fail "no marker: $(cat "$folder"/sessions/*/events.csv)"

# As docs/live.md says, without starting a program.
if command -v python3 >/dev/null; then
  sed -n '/^def mark(text):/,/^mark(/p' "$source/docs/live.md" >"$folder/body.py"
  (echo "import glob, json, os, socket, time"; cat "$folder/body.py") >"$folder/mark.py"
  [ "$(python3 "$folder/mark.py")" = '{"ok":true}' ] || fail "the script in the docs: $(python3 "$folder/mark.py" 2>&1)"
fi
quit
says 1 "No window of mien is open" mark "nobody there"
[ -z "$(find "$XDG_RUNTIME_DIR/mien" -type s)" ] || fail "the socket was left over"
echo "all well"
