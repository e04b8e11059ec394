#!/usr/bin/env bash
# debian_package_test.sh CPACK BUILD VERSION: the package can be made, says what it is and needs, runs
# nothing when it is installed or removed, and lintian finds nothing in it.
source "$(dirname "$0")/common.sh"
cpack=$1 build=$2 version=$3
for tool in dpkg-deb dpkg-shlibdeps file; do
  command -v "$tool" >/dev/null || skip "$tool is not installed"
done
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$cpack" --config "$build/CPackConfig.cmake" -B "$folder" >"$folder/log" 2>&1 || {
  cat "$folder/log"
  exit 1
}
package=$folder/mien_${version}_$(dpkg --print-architecture).deb
[[ -f $package ]] || { ls "$folder"; fail "there is no $package"; finish; }

[[ $(dpkg-deb -f "$package" Version) == "$version" ]] || fail "the package is of another version"
dpkg-deb -f "$package" Depends >"$folder/depends"
for library in opencv-data libopencv-dnn libglfw3 libavcodec libc6; do
  grep -E "(^|, )$library" "$folder/depends" >/dev/null || fail "it does not depend on $library"
done

# No scripts: what belongs to users stays as it is.
dpkg-deb -e "$package" "$folder/control"
for file in "$folder"/control/*; do
  case ${file##*/} in
    control | md5sums) ;;
    *) fail "the package has ${file##*/}" ;;
  esac
done
dpkg-deb -x "$package" "$folder/root"
for file in bin/mien share/man/man1/mien.1.gz share/bash-completion/completions/mien \
  share/zsh/vendor-completions/_mien share/doc/mien/changelog.gz share/doc/mien/copyright; do
  [[ -s $folder/root/usr/$file ]] || fail "the package lacks $file"
done
[[ $(env -u MIEN_DATA_DIR "$folder/root/usr/bin/mien" --version) == "mien $version" ]] ||
  fail "the program in the package does not start"

[[ $failures -eq 0 ]] || exit 1
command -v lintian >/dev/null || skip "lintian is not installed; all else was well"
# Newer versions than Debian 12's may find more to warn of.
levels=error
[[ $(. /etc/os-release && echo "$ID $VERSION_ID") != "debian 12" ]] || levels=error,warning
lintian --fail-on "$levels" "$package" || fail "lintian finds fault with the package"
finish
