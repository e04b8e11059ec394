# Shared by ./run and ./check, which have changed into the project's folder.
root=$PWD

# install_packages PART...: what packages.txt lists under "# [PART]" and is missing.
install_packages() {
  [[ -z ${MIEN_NO_INSTALL:-} ]] || return 0
  local part missing=() name
  for part in "$@"; do
    while read -r name; do
      dpkg-query -W -f='${db:Status-Abbrev}' "$name" 2>/dev/null | grep -q '^ii' || missing+=("$name")
    done < <(awk -v part="[$part]" '/^# \[/ {on = ($2 == part); next} on && /^[a-z0-9]/ {print $1}' \
      packages.txt)
  done
  [[ ${#missing[@]} -gt 0 ]] || return 0
  if ! command -v apt-get >/dev/null; then
    echo "This is not a Debian system: install by hand what packages.txt lists, then set MIEN_NO_INSTALL=1." >&2
    exit 1
  fi
  local sudo=()
  [[ $(id -u) -eq 0 ]] || sudo=(sudo)
  echo "Installing: ${missing[*]}" >&2
  "${sudo[@]}" apt-get update -qq
  # dpkg names a thousand files: worth seeing on a terminal, noise in a log.
  local said=/dev/stderr
  [[ -t 2 ]] || said=/dev/null
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >"$said"
}

# build PRESET TARGET...: configures when needed; says nothing when there is nothing to do.
build() {
  local preset=$1 log
  shift
  log=$(mktemp)
  if [[ ! -f build/$preset/build.ninja ]]; then
    echo "Configuring build/$preset ..." >&2
    cmake --preset "$preset" >"$log" 2>&1 || { cat "$log" >&2; rm -f "$log"; exit 1; }
  fi
  rm -f "$log"
  # On a terminal Ninja shows how far it is; elsewhere only what went wrong.
  local quiet=(--quiet)
  [[ ! -t 2 ]] || quiet=()
  cmake --build "build/$preset" --target "$@" -- "${quiet[@]}" >&2
}

# run_tests PRESET CTEST-OPTION...: one test on each processor, and in the end a line for each test
# that was skipped, with its reason, and once more what the first tests that failed said last.
run_tests() {
  local preset=$1 result=0
  shift
  ctest --test-dir "build/$preset" --output-on-failure --no-tests=error -j "$(nproc)" "$@" || result=$?
  awk '
    / Testing: / { name = $NF; reason = ""; skipped = 0; next_is_reason = 0; lines = 0 }
    next_is_reason { reason = $0; next_is_reason = 0 }
    /: Skipped$/ { skipped = 1; next_is_reason = 1 }
    /^skipped: / { skipped = 1; reason = substr($0, 10) }
    /^<end of output>$/ { if (skipped) print "Skipped: " name ": " reason; skipped = 0 }
    /^Test Failed\.$/ && ++failures <= 3 {
      print "Failed: " name ", which said last:"
      for (i = lines > 20 ? lines - 20 : 0; i < lines; ++i) print "  " said[i]
    }
    { said[lines++] = $0 }
  ' "build/$preset/Testing/Temporary/LastTest.log" >&2
  return "$result"
}
