# Sourced by the tests of this folder.
set -euo pipefail
export MIEN_LOG=off
failures=0

fail() {
  echo "FAILED: $*" >&2
  failures=$((failures + 1))
}

skip() {
  echo "skipped: $*"
  exit 77
}

# The subcommands that `mien --help` lists.
subcommands() {
  # Read to its end: a program whose reader leaves says so.
  "$1" --help | awk '/^Subcommands:/ {on = 1; next} on && /^$/ {on = 0} on {print $1}'
}

# help_options PROGRAM [COMMAND]: the long options of its help.
help_options() {
  "$@" --help | sed -n 's/^  \(-[a-z],\)\{0,1\}\(--[a-z-]*\).*/\2/p'
}

finish() {
  [[ $failures -eq 0 ]] || exit 1
  exit 0
}
