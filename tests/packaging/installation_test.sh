#!/usr/bin/env bash
# installation_test.sh CMAKE BUILD: two installations each have their own data and pages, and one that
# lacks something says what.
source "$(dirname "$0")/common.sh"
cmake=$1 build=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export HOME=$folder/home XDG_DATA_HOME=$folder/home/data
unset MIEN_DATA_DIR
for version in one two; do
  "$cmake" --install "$build" --prefix "$folder/$version" >"$folder/log" || {
    cat "$folder/log"
    exit 1
  }
done
for file in bin/mien share/mien/models/mien-base/card.json share/mien/assets/fonts/OFL.txt \
  share/man/man1/mien.1.gz share/man/man1/mien-analyze.1.gz \
  share/bash-completion/completions/mien share/zsh/site-functions/_mien \
  share/applications/mien.desktop share/metainfo/local.mien.mien.metainfo.xml \
  share/icons/hicolor/16x16/apps/mien.png share/icons/hicolor/scalable/apps/mien.svg \
  share/doc/mien/copyright; do
  [[ -s $folder/one/$file ]] || fail "the installation lacks $file"
done
[[ -z $(find "$folder/one" ! -perm -a=r) ]] || fail "others cannot read all of it"

# Whoever's code is compiled in is named. Each is found by its namespace, unless symbols are stripped.
if command -v nm >/dev/null; then
  nm -C --defined-only "$folder/one/bin/mien" >"$folder/symbols" 2>&1
  while read -r namespace name; do
    grep -qF " $namespace::" "$folder/symbols" || continue
    grep -q "^Files: debian-.*/$name/\*" "$folder/one/share/doc/mien/copyright" ||
      fail "copyright does not name $name, which is in the program"
  done <<<"ImGui imgui
CLI CLI11
nlohmann nlohmann
spdlog spdlog
fmt fmt"
fi

# Each has its own data: a model that one of them alone has.
cp -r "$folder/one/share/mien/models/mien-small" "$folder/two/share/mien/models/other"
sed -i 's/"id": "mien-small"/"id": "other"/' "$folder/two/share/mien/models/other/card.json"
! "$folder/one/bin/mien" models | grep other >/dev/null || fail "one has the model of two"
"$folder/two/bin/mien" models | grep other >/dev/null || fail "two does not have its model"

# As a link in the PATH.
ln -s "$folder/one/bin/mien" "$folder/link"
"$folder/link" models | grep mien-base >/dev/null || fail "through a link it does not find its data"

# says PART COMMAND...: fails with one line on stderr that has PART in it.
says() {
  local part=$1 code=0
  shift
  "$@" >"$folder/out" 2>"$folder/err" || code=$?
  [[ $code -eq 1 ]] || fail "$* ended with $code"
  [[ $(wc -l <"$folder/err") -eq 1 ]] || fail "$* says: $(cat "$folder/err")"
  grep -qF "$part" "$folder/err" || fail "$* does not say '$part', but: $(cat "$folder/err")"
}
mkdir -p "$XDG_DATA_HOME/mien" && touch "$XDG_DATA_HOME/mien/notice-told"
for file in models/mien-base/mien-base.onnx models/blazeface/card.json \
  assets/fonts/Inter-Regular.otf assets/demo/astronaut.png assets/head/head.bin; do
  mv "$folder/one/share/mien/$file" "$folder/aside"
  says "$folder/one/share/mien/$file, which belongs to mien, is missing; install mien again." \
    "$folder/one/bin/mien" analyze demo --out "$folder/out-dir"
  mv "$folder/aside" "$folder/one/share/mien/$file"
done
"$folder/one/bin/mien" models | grep mien-base >/dev/null || fail "one is not whole again"
rm -rf "$folder/one/share/mien/models"
says "$folder/one/share/mien/models, which belongs to mien, is missing; install mien again." \
  "$folder/one/bin/mien" models
rm -rf "$folder/one/share"
says "$folder/one/share/mien/assets, which belongs to mien, is missing; install mien again." \
  "$folder/one/bin/mien" analyze demo --out "$folder/out-dir"
"$folder/two/bin/mien" models | grep mien-base >/dev/null || fail "two suffers from what one lacks"
finish
