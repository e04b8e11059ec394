#!/usr/bin/env bash
# metainfo_test.sh FILE: software centres can read what they are told.
source "$(dirname "$0")/common.sh"
command -v appstreamcli >/dev/null || skip "appstreamcli (appstream) is not installed"
appstreamcli validate --no-net --no-color "$1" || fail "appstreamcli finds fault with $1"
finish
