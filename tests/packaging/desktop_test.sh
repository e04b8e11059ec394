#!/usr/bin/env bash
# desktop_test.sh PACKAGING: the desktop entry is valid, its icon is there in every size.
source "$(dirname "$0")/common.sh"
packaging=$1
for size in 16 22 24 32 48 64 128 256 512; do
  # A PNG says its width and height in bytes 17 to 24.
  bytes=$(od -An -tu1 -j16 -N8 "$packaging/icons/mien-$size.png" | tr -s ' \n' ' ')
  expected=" 0 0 $((size / 256)) $((size % 256)) 0 0 $((size / 256)) $((size % 256))"
  [[ ${bytes% } == "$expected" ]] || fail "mien-$size.png is not $size pixels wide and high"
done
[[ $failures -eq 0 ]] || exit 1
command -v desktop-file-validate >/dev/null || skip "desktop-file-validate (desktop-file-utils) is not installed"
said=$(desktop-file-validate "$packaging/mien.desktop" 2>&1) || fail "the desktop entry is not valid"
[[ -z $said ]] || fail "$said"
finish
