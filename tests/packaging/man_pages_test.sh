#!/usr/bin/env bash
# man_pages_test.sh PROGRAM PAGES: a page for each subcommand, each option of its help with its text,
# and nothing that mandoc or groff find fault with.
source "$(dirname "$0")/common.sh"
mien=$1 pages=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# Words as they are read, whatever the lines are.
words_of() { sed -e 's/\\f[BIR]//g' -e 's/\\-/-/g' -e 's/\\(ti/~/g' -e 's/\\(aq/'"'"'/g' -e 's/\\(dq/"/g' -e 's/\\&//g' | tr -s '\n ' '  '; }

for command in "" $(subcommands "$mien"); do
  name=mien${command:+-$command}
  page=$pages/man1/$name.1.gz
  if [[ ! -f $page ]]; then
    fail "there is no page $name.1.gz"
    continue
  fi
  zcat "$page" >"$folder/$name.1"
  text=$(words_of <"$folder/$name.1")
  options=$(help_options "$mien" $command)
  [[ $(wc -w <<<"$options") -ge 2 ]] || fail "the help of $name lists no options"
  for option in $options; do
    grep -q "^\\\\fB${option//-/\\\\-}\\\\fR\|, \\\\fB${option//-/\\\\-}\\\\fR" "$folder/$name.1" ||
      fail "$name.1 has no $option"
  done
  # Every sentence of the help is in the page: its lines without the names and values of options.
  "$mien" $command --help | sed -n 's/^  -[^ ]* .*   *\([A-Za-z].*\)$/\1/p; s/^ \{36\}\([^ ].*\)$/\1/p' |
    tr -d '`' >"$folder/said"
  [[ -s $folder/said ]] || fail "the help of $name says nothing"
  while read -r line; do
    [[ $text == *"$line"* ]] || fail "$name.1 does not say: $line"
  done <"$folder/said"
  if command -v mandoc >/dev/null; then
    mandoc -T lint -W warning "$folder/$name.1" || fail "mandoc finds fault with $name.1"
  fi
  if command -v groff >/dev/null; then
    [[ -z $(groff -ww -man -Tutf8 -z "$folder/$name.1" 2>&1) ]] || fail "groff finds fault with $name.1"
  fi
done
for page in "$pages"/man1/*; do
  name=$(basename "$page" .1.gz)
  [[ $name == mien ]] || subcommands "$mien" | grep -x "${name#mien-}" >/dev/null || fail "$name is no subcommand"
done
finish
