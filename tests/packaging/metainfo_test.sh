#!/usr/bin/env bash
# metainfo_test.sh FILE [SOURCE]: software centres can read what they are told. With SOURCE, FILE was
# made for a tree that is published, and its screenshots are pictures of it.
source "$(dirname "$0")/common.sh"
command -v appstreamcli >/dev/null || skip "appstreamcli (appstream) is not installed"
# AppStream 1.0 warns that there is no address of the project on the web, which there is not.
appstreamcli validate --no-net --no-color "$1" ||
  appstreamcli validate --no-net --no-color --override=url-homepage-missing=info "$1" ||
  fail "appstreamcli finds fault with $1"
if [[ -n ${2:-} ]]; then
  pictures=$(sed -n 's|.*<image>https://example.org/mien/\(.*\)</image>.*|\1|p' "$1")
  [[ $(wc -w <<<"$pictures") -ge 3 ]] || fail "$1 has fewer than three screenshots"
  for picture in $pictures; do
    [[ -s $2/$picture ]] || fail "$1 names $picture, which is not there"
  done
fi
finish
