#!/bin/bash
# Recordings that end as recordings do in life: killed, told to end, told by Ctrl-C, started on a
# full disk. The program records the demo; what it leaves is counted by ffprobe and checked.
# Arguments: the program, the source tree. Exit code 77: cannot be tried here.
mien=$1 source=$2

source "$(dirname "$0")/window_session.sh"
command -v ffprobe >/dev/null || { echo "skipped: ffprobe is not installed"; exit 77; }

# Nobody is to be asked, and nobody can answer.
mkdir -p "$XDG_CONFIG_HOME/mien"
echo '{"notice_acknowledged": true}' >"$XDG_CONFIG_HOME/mien/settings.json"

session() { ls -d "$folder/$1"/*/ 2>/dev/null | head -1; }
pictures_come() { [ "$(stat -c %s "$(session "$1")"video.mkv.partial 2>/dev/null || echo 0)" -gt 0 ]; }
# record NAME: starts recording the demo into a folder of that name.
record() {
  start --source demo --record --sessions "$folder/$1"
  until_true 60 pictures_come "$1" || fail "$1: no recording has started"
}
seconds_of() {
  ffprobe -v error -select_streams v -show_entries packet=pts_time -of csv=p=0 "$1" | tail -1
}
verified() { "$mien" report --verify "$1" >"$folder/verified" 2>&1; }

# What was asked for cannot be had: nothing else is recorded, a line says why, exit code 1.
asked() {
  local name=$1; shift
  timeout 60 "${preloaded[@]}" "$mien" "$@" --record --exit-after 20 >"$folder/$name.out" 2>"$folder/$name.err"
  local code=$?
  [ $code -eq 1 ] || fail "$name: exit code $code: $(cat "$folder/$name.err")"
  [ "$(grep -c "^mien: " "$folder/$name.err")" -ge 1 ] || fail "$name: nothing on stderr"
  [ -z "$(ls "$folder/$name" 2>/dev/null)" ] || fail "$name: something was recorded"
}
[ -e /dev/video0 ] || asked camera --sessions "$folder/camera"
asked source --source "$folder/missing.mp4" --sessions "$folder/source"
asked model --source demo --model no-such-model --sessions "$folder/model"
asked sessions --source demo --sessions /proc/here

# SIGKILL after six seconds of pictures.
record killed
sleep 6
kill -KILL "$program"; wait "$program" 2>/dev/null; program=
kept=$(seconds_of "$(session killed)video.mkv.partial")
awk -v kept="$kept" 'BEGIN {exit !(kept >= 5)}' || fail "of six seconds, ${kept:-none} were kept"
echo "killed after 6 s: $kept s play"
"$mien" report "$(session killed)" 2>&1 | grep -q -- "--recover" || fail "report does not say how"
"$mien" report --recover "$(session killed)" || fail "it was not recovered"
verified "$(session killed)" || fail "recovered: $(cat "$folder/verified")"
[ -s "$(session killed)report.html" ] || fail "a recovered session has no report"

# SIGTERM, SIGINT and a terminal that is closed: closed in order within two seconds, exit code 0.
for signal in TERM INT HUP; do
  record "$signal"
  sleep 2
  begin=$(date +%s%N)
  kill -"$signal" "$program"
  wait "$program"; code=$?
  took=$((($(date +%s%N) - begin) / 1000000))
  program=
  [ $code -eq 0 ] || fail "SIG$signal: exit code $code"
  # Two seconds on an idle machine; a busy one may take longer, but not hang.
  [ $took -lt 10000 ] || fail "SIG$signal: $took ms until it ended"
  [ -s "$(session "$signal")video.mkv" ] || fail "SIG$signal: the video was not closed"
  grep -q '"state": "closed"' "$(session "$signal")session.json" || fail "SIG$signal: not closed"
  verified "$(session "$signal")" || fail "SIG$signal: $(cat "$folder/verified")"
  echo "SIG$signal: ended in $took ms"
done

# Behind nohup, the terminal may be closed.
mkdir -p "$folder/nohup"
start_nohup() {
  nohup "${preloaded[@]}" "$mien" --source demo --record --sessions "$folder/nohup" >"$folder/log" 2>&1 &
  program=$!
}
start_nohup
until_true 60 pictures_come nohup || fail "nohup: no recording has started"
kill -HUP "$program"; sleep 2
kill -0 "$program" 2>/dev/null || fail "nohup: a closed terminal ended it"
kill -TERM "$program"; wait "$program" || fail "nohup: exit code $?"
program=
verified "$(session nohup)" || fail "nohup: $(cat "$folder/verified")"

# Without a window, too.
"$mien" analyze demo --out "$folder/analyzed" --video >"$folder/log" 2>&1 &
program=$!
until_true 60 [ -s "$folder/analyzed/demo/video.mkv.partial" ]
kill -HUP "$program"; wait "$program" 2>/dev/null; program=
verified "$folder/analyzed/demo" || fail "analyze, SIGHUP: $(cat "$folder/verified")"
echo "SIGHUP: closed, with a window and without"

# A disk with less than 200 MB cannot take what was asked for.
if mkdir -p "$folder/small" && mount -t tmpfs -o size=3m tmpfs "$folder/small" 2>/dev/null; then
  asked small --source demo --sessions "$folder/small"
  grep -q "3 MB free" "$folder/small.err" || fail "a full disk: $(cat "$folder/small.err")"
  umount "$folder/small"
  echo "a disk of 3 MB is refused"
else
  echo "not tried: no disk may be mounted here"
fi
echo "all well"
