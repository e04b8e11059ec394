#!/usr/bin/env bash
# zsh_completion_test.sh PROGRAM PAGES: what zsh writes when the tabulator key is pressed.
source "$(dirname "$0")/common.sh"
mien=$1 pages=$2
command -v zsh >/dev/null || skip "zsh is not installed"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export HOME=$folder XDG_DATA_HOME=$folder/data PATH=$(dirname "$mien"):$PATH TERM=dumb
mkdir "$folder/some-folder"
touch "$folder/some-film.mp4"
cd "$folder"

# Each option of each help is in the function, since listing them all fills more than a screen.
for command in "" $(subcommands "$mien"); do
  block=$(awk -v command="$command" '
    command == "" && /^  _arguments -C/ {on = 1}
    command != "" && $0 == "    " command ")" {on = 1}
    on {print}
    on && /return 0$/ {exit}' "$pages/zsh/_mien")
  for option in $(help_options "$mien" $command); do
    grep -q -- "[')*]$option[=[]" <<<"$block" || fail "_mien lacks $option of '$command'"
  done
done

cat >"$folder/keys.zsh" <<'KEYS'
zmodload zsh/zpty
shown=""
# Reads until $1 is shown; a shell that shows something else is given up after twenty seconds.
await() {
  local piece until=$((SECONDS + 20))
  shown=""
  while ((SECONDS < until)); do
    if zpty -rt shell piece; then
      shown+=$piece
      [[ $shown == *$1* ]] && return 0
    else
      sleep 0.05
    fi
  done
  return 1
}
zpty shell zsh -f -i
zpty -w shell "PS1=; stty columns 200; fpath=($pages/zsh \$fpath); autoload -U compinit; compinit -u -D"
zpty -w shell 'LISTMAX=1000; setopt no_beep; print rea''dy'
await ready || { print "zsh did not start: $shown"; exit 1; }
failed=0
# press LINE EXPECTED...: after LINE and the tabulator key all that is shown.
press() {
  local line=$1 expected
  shift
  zpty -w -n shell "$line"$'\t'
  for expected in "$@"; do
    if [[ $shown != *$expected* ]] && ! await $expected; then
      print -r "FAILED: after '$line' zsh does not show $expected: $shown"
      failed=1
    fi
  done
  shown=""
  zpty -w shell $'\x15print nex''t'  # clears the line
  await next
  shown=""
}
press 'mien an' analyze
press 'mien analyze --mod' --model=
press 'mien bench --model mien-s' mien-small
press 'mien bench --detector blazeface-fa' blazeface-far
press 'mien --privacy b' blurred
press 'mien analyze --export pyf' pyfeat
press 'mien analyze some-fi' some-film.mp4
press 'mien report some-' some-folder
press 'mien analyze --reading ' everyday acted
zpty -d shell
exit $failed
KEYS
pages=$pages zsh -f "$folder/keys.zsh" || failures=1
finish
