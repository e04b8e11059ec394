#!/usr/bin/env bash
# metainfo_test.sh FILE: software centres can read what they are told.
source "$(dirname "$0")/common.sh"
command -v appstreamcli >/dev/null || skip "appstreamcli (appstream) is not installed"
# AppStream 1.0 warns that there is no address of the project on the web, which there is not.
appstreamcli validate --no-net --no-color "$1" ||
  appstreamcli validate --no-net --no-color --override=url-homepage-missing=info "$1" ||
  fail "appstreamcli finds fault with $1"
finish
