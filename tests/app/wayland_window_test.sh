#!/bin/bash
# A window on Wayland, at scale 1 and 2: opens, goes full screen with a pixel for each of the
# screen's, chooses another model in the menu, quits. Weston shows itself in a window of Xvfb, where
# xdotool can click.
# Arguments: the program, png_not_blank, the source tree. Exit code 77: cannot be tried here.
mien=$1 not_blank=$2 source=$3

command -v weston >/dev/null || { echo "skipped: weston is not installed"; exit 77; }
pkg-config --atleast-version=3.4 glfw3 ||
  { echo "skipped: GLFW $(pkg-config --modversion glfw3) has no Wayland beside X11"; exit 77; }

width=1400 height=880  # the window begins smaller
screen=$((2 * width))x$((2 * height))x24
source "$(dirname "$0")/window_session.sh"
unset MIEN_SCALE
weston=
trap '[ -z "$weston" ] || kill "$weston" 2>/dev/null; cleanup' EXIT
export MIEN_LOG=debug XDG_RUNTIME_DIR=$folder/runtime
mkdir -m 700 "$XDG_RUNTIME_DIR"

mkdir -p "$XDG_DATA_HOME/mien/models"
cp -r "$source/models/mien-small" "$XDG_DATA_HOME/mien/models/other"
# Named so that it is the last in the menu.
sed -i -e '0,/"id"/s/\("id": *\)"[^"]*"/\1"other"/' -e '0,/"name"/s/\("name": *\)"[^"]*"/\1"zz other"/' \
  "$XDG_DATA_HOME/mien/models/other/card.json"

logged() { grep -q "$1" "$folder/log"; }
window() { xdotool search --onlyvisible --class weston 2>/dev/null | head -1; }
for scale in 1 2; do
  weston --backend=x11 --width=$width --height=$height --scale=$scale --socket=mien-test --no-config \
    --idle-time=0 >"$folder/weston" 2>&1 &
  weston=$!
  for _ in $(seq 100); do [ -S "$XDG_RUNTIME_DIR/mien-test" ] && break; sleep 0.1; done
  [ -S "$XDG_RUNTIME_DIR/mien-test" ] || { echo "skipped: weston does not start"; tail -3 "$folder/weston"; exit 77; }
  rm -rf "$HOME/Pictures"
  echo '{"notice_acknowledged": true}' >"$XDG_CONFIG_HOME/mien/settings.json"

  start -u DISPLAY WAYLAND_DISPLAY=mien-test --source demo
  until_true 60 logged "Loaded the model" || fail "no model was loaded"
  until_true 60 logged "Loaded the detector" || fail "no detector was loaded"
  # Keys and clicks reach the window once it covers the screen.
  key F11
  sleep 2
  key s
  pictures() { ls "$HOME"/Pictures/mien/*.png >/dev/null 2>&1; }
  until_true 30 pictures || fail "S wrote no screenshot"
  sleep 1
  shown=$("$not_blank" "$HOME"/Pictures/mien/*.png) || fail "the screenshot is blank"
  [[ $shown == $((scale * width))x$((scale * height)),* ]] || fail "at scale $scale it is $shown"

  for y_item in 108 132 120 96 144 84 60; do
    click $((scale * 245)) $((scale * 17))
    click $((scale * 245)) $((scale * y_item))
    until_true 8 logged "Loaded the model other" && break
    click $((scale * 700)) $((scale * 872)); sleep 0.3  # closes the menu
  done
  logged "Loaded the model other" || fail "choosing another model in the menu changed nothing"
  quit
  kill $weston; wait $weston 2>/dev/null
  weston=
  echo "scale $scale: $shown"
done
echo "all well"
