#!/bin/bash
# "Teach it your face" with a real window and the demo's face: two labels are shown by holding their
# keys, learned, used, kept, and forgotten again.
# Arguments: the program, the source tree. Exit code 77: cannot be tried here.
mien=$1 source=$2

source "$(dirname "$0")/window_session.sh"

models=$XDG_DATA_HOME/mien/models
start --source demo
until_true 60 title_has "auto" || fail "the demo does not run"
sleep 2
before=$(title)
[ "$(ls "$models" 2>/dev/null)" = "" ] || fail "there are models already"

# The window is 1280x800, the dialog 900x640 in its middle: its row of buttons, from the left.
y=677 learn=398 use=481 keep=561 forget=646 for_ever=284
key f; sleep 1
# Held, with the demo's one face moving near and far.
for label in 1 2; do
  xdotool keydown $label; sleep 3; xdotool keyup $label; sleep 0.5
done
sleep 1
# again TIMES COMMAND... -- X: clicks there until the command succeeds: a busy machine misses clicks.
again() {
  local times=$1 words=(); shift
  while [ "$1" != -- ]; do words+=("$1"); shift; done
  for _ in $(seq "$times"); do click "$2" $y; sleep 1; "${words[@]}" && return 0; done
  return 1
}
click $learn $y; sleep 0.5
again 20 title_has "My face" -- $use || fail "what was taught is not in use"
echo "in use: $(title)"
[ "$(ls "$models" 2>/dev/null)" = "" ] || fail "something was stored before it was asked for"

kept() { [ -s "$models/My-face/card.json" ]; }
again 20 kept -- $keep || fail "it was not kept"
find "$models" -name '*.png' -o -name '*.jpg' | grep -q . && fail "a picture was stored"

click $forget $y
kept || fail "it was forgotten without a question"
gone() { [ ! -e "$models/My-face" ]; }
again 20 gone -- $for_ever || fail "it was not forgotten"
stopped() { ! title_has "My face"; }
until_true 30 stopped || fail "it runs on"
[ "$(title)" = "$before" ] || fail "the model before does not run: $(title)"

key Escape; sleep 0.5
quit
grep -q 'My-face' "$XDG_CONFIG_HOME/mien/settings.json" && fail "the settings name what is gone"
echo "all well"
