#!/usr/bin/env bash
# bash_completion_test.sh PROGRAM PAGES: what bash offers after the beginning of a command line.
source "$(dirname "$0")/common.sh"
mien=$1 pages=$2
helpers=/usr/share/bash-completion/bash_completion
[[ -f $helpers ]] || skip "bash-completion is not installed"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/some-folder"
touch "$folder/some-film.mp4"
cd "$folder"
export XDG_DATA_HOME=$folder/data
# offers WORD...: what comes after these words, of which the last is not complete; as in an interactive
# shell, where colons are words of their own.
offers() {
  bash --norc -c '
    source "$1"
    source "$2"
    shift 2
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
    COMP_LINE=$* COMP_POINT=${#COMP_LINE}
    COMP_LINE=${COMP_LINE// : /:} COMP_LINE=${COMP_LINE/% :/:} COMP_POINT=${#COMP_LINE}
    _mien "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}" 2>/dev/null
    printf "%s\n" "${COMPREPLY[@]}"' bash "$helpers" "$pages/bash/mien" "$mien" "$@"
}
# expect "WORDS" WORD...: these are offered, in whatever order, and others may be.
expect() {
  local line=$1 offered word
  shift
  local words
  read -ra words <<<"$line"
  [[ $line != *" " ]] || words+=("")
  offered=$(offers "${words[@]}")
  for word in "$@"; do
    grep -qxe "$word" <<<"$offered" || fail "after 'mien $line' $word is not offered, but: $offered"
  done
}
only() {
  expect "$@"
  [[ $(offers $1 | wc -l) -eq $(($# - 1)) ]] || fail "after 'mien $1' more is offered: $(offers $1)"
}

only "an" analyze
only "analyze --mod" --model
only "--priv" --privacy
only "--privacy b" blurred
only "synthesize --label surp" surprise
only "train x --features e" embedding
expect "bench --model " mien-base mien-small some-folder
only "--model mien-s" mien-small
only "analyze --detector blazeface-fa" blazeface-far
expect "--reading " everyday acted
expect "analyze --export " openface elan
expect "analyze " demo some-folder some-film.mp4
expect "analyze --out results some-" some-folder some-film.mp4
only "report some-" some-folder
only "--source some-film" some-film.mp4
only "--sessions report an" analyze
expect "cameras " --json
expect "bench --model=mien-" mien-base

# Each option of each help.
for command in "" $(subcommands "$mien"); do
  offered=$(offers $command --)
  for option in $(help_options "$mien" $command); do
    grep -qxe "$option" <<<"$offered" || fail "after 'mien $command --' $option is not offered"
  done
done
for command in $(subcommands "$mien"); do
  offers "" | grep -x "$command" >/dev/null || fail "$command is not offered"
done
finish
