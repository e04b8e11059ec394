#!/usr/bin/env bash
# version_test.sh PROGRAM SOURCE METAINFO: the program, CHANGELOG.md, and what is made of it
# name the same version.
source "$(dirname "$0")/common.sh"
mien=$1 source=$2 metainfo=$3
version=$("$mien" --version)
version=${version#mien }
newest=$(sed -n '/^## \[[0-9]/{s/^## \[\([0-9.]*\)\].*/\1/p;q}' "$source/CHANGELOG.md")
[[ $newest == "$version" ]] || fail "the newest version in CHANGELOG.md is $newest, the program is $version"
[[ $(grep -m 1 '<release version=' "$metainfo") == *"version=\"$version\""* ]] ||
  fail "the newest release in $metainfo is not $version"

changelog=$(mktemp)
trap 'rm -f "$changelog"' EXIT
awk -v form=debian -v maintainer="A Person <person@example.org>" -f "$source/packaging/changelog.awk" \
  "$source/CHANGELOG.md" >"$changelog"
[[ $(awk 'length > 79' "$changelog") == "" ]] || fail "Debian's changelog has long lines"
[[ $(head -n 1 "$changelog") == "mien ($version) unstable; urgency=medium" ]] ||
  fail "Debian's changelog begins with $(head -n 1 "$changelog")"
if command -v dpkg-parsechangelog >/dev/null; then
  said=$(dpkg-parsechangelog -l "$changelog" -S Version 2>&1)
  [[ $said == "$version" ]] || fail "Debian reads the changelog as: $said"
  # The day of the week is wrong when this is another day.
  date=$(dpkg-parsechangelog -l "$changelog" -S Date)
  [[ $(date -u -R -d "$date") == "$date" ]] || fail "$date is no date"
fi
finish
