#!/bin/bash
# Where OpenGL is too old for the window, the program says so in one line that tells what to do, exits
# with 1, and --check says the same.
# Arguments: the program, the source tree. Exit code 77: cannot be tried here.
mien=$1 source=$2

source "$(dirname "$0")/window_session.sh"

# Mesa alone can be told to be old.
said=$("${preloaded[@]}" MESA_GL_VERSION_OVERRIDE=2.0 "$mien" --source demo --exit-after 1 2>&1)
code=$?
[[ $code -eq 0 ]] && { echo "skipped: this OpenGL does not play an old one"; exit 77; }
echo "$said"
[ $code -eq 1 ] || fail "exit code $code"
[ "$(echo "$said" | wc -l)" -eq 1 ] || fail "not one line"
[[ "$said" == *"OpenGL of this display is too old: it is 2.0"*"mien analyze"* ]] || fail "says something else"

checked=$("${preloaded[@]}" MESA_GL_VERSION_OVERRIDE=2.0 "$mien" --check)
[ $? -eq 1 ] || fail "--check ends with another code"
[[ "$checked" == *"! Window "*"too old"* ]] || fail "--check does not say it: $checked"
checked=$("${preloaded[@]}" "$mien" --check) || fail "--check with a good OpenGL: $checked"
[[ "$checked" == *"  renderer "* ]] || fail "--check does not know the renderer: $checked"
