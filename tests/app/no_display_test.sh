#!/bin/bash
# Without a display the program says so in one line that tells what to do, and exits with 1.
export HOME=$(mktemp -d) MIEN_DATA_DIR=$2
trap 'rm -rf "$HOME"' EXIT
unset DISPLAY WAYLAND_DISPLAY XDG_STATE_HOME MIEN_LOG
said=$("$1" --source demo 2>&1)
code=$?
echo "$said"
[ $code -eq 1 ] || { echo "FAILED: exit code $code"; exit 1; }
[ "$(echo "$said" | wc -l)" -eq 1 ] || { echo "FAILED: not one line"; exit 1; }
[[ "$said" == *"mien analyze"* ]] || { echo "FAILED: does not say what to do"; exit 1; }

# The check is not stopped by that: it says it among the rest.
said=$("$1" --check 2>&1)
code=$?
[ $code -eq 0 ] || { echo "$said"; echo "FAILED: --check ends with $code"; exit 1; }
[[ "$said" == *"? Window "*"No display was found"* ]] || { echo "$said"; echo "FAILED: --check"; exit 1; }
[[ "$said" != *"$HOME"* ]] || { echo "$said"; echo "FAILED: the home is in it"; exit 1; }
