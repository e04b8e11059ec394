# Sourced by the window tests: a display, a home of its own, and hands for it.
# Wants: source, the source tree, and screen where it is another than usual. Gives: folder, start, key, click, until_true, title_has, quit.

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
export XDG_STATE_HOME=$folder/state XDG_RUNTIME_DIR=$folder/run
export MIEN_DATA_DIR=$source MIEN_SCALE=1
unset WAYLAND_DISPLAY XDG_VIDEOS_DIR XDG_PICTURES_DIR
mkdir -m 700 "$XDG_RUNTIME_DIR"
mkdir -p "$HOME" "$XDG_DATA_HOME" "$XDG_CONFIG_HOME/mien"
# The first-run notice waits for a person; first_run_test.sh takes this away.
echo '{"notice_acknowledged": true}' >"$XDG_CONFIG_HOME/mien/settings.json"

# The server chooses a free number itself.
Xvfb -displayfd 3 -screen 0 "${screen:-1300x840x24}" 3>"$folder/number" >/dev/null 2>&1 &
x=$!
for _ in $(seq 100); do [ -s "$folder/number" ] && break; sleep 0.1; done
[ -s "$folder/number" ] || { echo "skipped: Xvfb does not start"; exit 77; }
export DISPLAY=:$(cat "$folder/number")

# The library that a build wants to be loaded first: see tests/support/keep_loaded.cpp.
preloaded=(env)
[ -z "${MIEN_TEST_PRELOAD:-}" ] || preloaded+=("LD_PRELOAD=$MIEN_TEST_PRELOAD")

# start [-u NAME]... NAME=VALUE... ARGS...: the program, with these in its environment and those not.
start() {
  local settings=()
  while [[ $1 == -u ]]; do
    settings+=("$1" "$2")
    shift 2
  done
  while [[ $1 == *=* ]]; do
    case $1 in
      LD_PRELOAD=*) settings+=("$1${MIEN_TEST_PRELOAD:+:$MIEN_TEST_PRELOAD}") ;;
      *) settings+=("$1") ;;
    esac
    shift
  done
  "${preloaded[@]}" env "${settings[@]}" "$mien" "$@" >"$folder/log" 2>&1 &
  program=$!
  until_true 30 has_window || fail "no window came up"
  # Without a window manager nobody gives it the focus.
  xdotool windowfocus "$(window)" 2>/dev/null
}

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


# Q, and a clean end.
quit() {
  key q
  for _ in $(seq 300); do kill -0 "$program" 2>/dev/null || break; sleep 0.1; done
  kill -0 "$program" 2>/dev/null && fail "Q did not quit"
  wait "$program"; local code=$?
  program=
  [ $code -eq 0 ] || fail "exit code $code"
}
