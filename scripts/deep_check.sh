# The steps of ./check --deep, which has changed into the project's folder and read setup.sh.

# Clang with -Wthread-safety and warnings as errors, ASan, UBSan and the fuzzers' coverage: one
# build serves every test and every fuzz target.
deep_asan() {
  build deep mien mien_tests mien_fuzz_all
  # What a driver leaks by itself is named in the file; what mien leaks is an error.
  local -x ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1:allocator_may_return_null=1
  local -x LSAN_OPTIONS=suppressions=$root/tests/leaks_of_drivers.txt:print_suppressions=0
  local -x UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
  run_tests deep && return
  # The leak checker of LLVM 14 can crash while a library's thread is just ending. Then nothing
  # was checked, and the tests that failed run once more.
  grep -q 'Tracer caught signal' build/deep/Testing/Temporary/LastTest.log || return 1
  echo "The leak checker crashed; what failed runs once more." >&2
  run_tests deep --rerun-failed
}

# Half a minute each, one target on each processor, the same inputs every time unless
# MIEN_FUZZ_SEED says another number; what a target finds is kept under
# build/fuzz-findings, with its log.
deep_fuzz() {
  build deep mien_fuzz_all
  local scratch result=0
  # In memory where it can be: the readers of files would mostly wait for the disk.
  scratch=$(TMPDIR=$([[ -w /dev/shm ]] && echo /dev/shm || echo "${TMPDIR:-/tmp}") mktemp -d)
  python3 tests/fuzz/make_corpus.py "$scratch/seeds"
  mkdir -p build/fuzz-findings
  export -f fuzz
  find build/deep/tests/fuzz -maxdepth 1 -name 'fuzz_*' -type f -executable -print0 | sort -z |
    xargs -0 -n1 -P "$(nproc)" bash -c 'fuzz "$1" "$0"' "$scratch" || result=1
  rm -rf "$scratch"
  return "$result"
}

# fuzz TARGET SCRATCH: one target; on a finding, the end of its log.
fuzz() {
  local target=$1 scratch=$2 name=${1##*/fuzz_} findings=build/fuzz-findings found
  local -x TMPDIR=$scratch/$name UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
  local -x ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1:allocator_may_return_null=1
  local limits=(-max_len=65536 -timeout=10 -rss_limit_mb=1024 -malloc_limit_mb=512 -close_fd_mask=1)
  mkdir -p "$TMPDIR"
  if "$target" "${limits[@]}" -seed="${MIEN_FUZZ_SEED:-1}" -max_total_time="${MIEN_FUZZ_SECONDS:-30}" \
      -artifact_prefix="$findings/$name-" "$scratch/seeds/$name" 2>"$findings/$name.log"; then
    echo "Fuzzing $name: $(grep -o '^Done .*' "$findings/$name.log"), nothing found" >&2
    return
  fi
  found=$(sed -n 's/.*Test unit written to //p' "$findings/$name.log" | tail -n 1)
  # A machine that stands still for a while makes any input slow: this one counts if it is so again.
  if [[ $found == */$name-timeout-* ]] && "$target" "${limits[@]}" "$found" 2>/dev/null; then
    echo "Fuzzing $name: one input took 10 s, and next to nothing when it was tried again" >&2
    return
  fi
  echo "Fuzzing $name found something; its log is $findings/$name.log:" >&2
  grep -v 'NEW_FUNC\|REDUCE\|NEW  ' "$findings/$name.log" | tail -n 60 >&2
  return 1
}

# The rooms that have threads.
deep_tsan() {
  build tsan mien_system_tests mien_analysis_tests mien_outputs_tests mien_camera_output_tests web_test_server \
    mien_sessions_tests mien_recording_tests mien_sources_tests mien_camera_tests mien_cli_tests mien_app_tests
  # Libraries that were not built for it hide their own locks from it. The three longest trainings
  # take eight minutes here; the shorter ones have the same threads.
  TSAN_OPTIONS=ignore_noninstrumented_modules=1:suppressions=$root/tests/races_of_libraries.txt \
    run_tests tsan -L '^(system|analysis|outputs|sessions|recording|sources|cli|app)$' \
    -E '^TrainCommandTest\.(DrawnFacesAreLearned|AFewExamples|NoiseIsWorth)'
}

deep_tidy() {
  build deep mien  # for the compile commands, the precompiled header and the files of whole rooms
  # A room is one file that includes its sources: the common headers are read once for each room.
  grep -o '"file": "[^"]*/build/deep/src/[^"]*/Unity/[^"]*"' build/deep/compile_commands.json | cut -d'"' -f4 |
    xargs -n1 -P "$(nproc)" clang-tidy -quiet -p build/deep -checks=-bugprone-suspicious-include \
      2>/dev/null
}

# Every source and test alone, as the dev preset compiles them: the other presets put several into
# one file, where one that forgets an include has it from its neighbour.
deep_alone() {
  build alone mien_pch mien_tests_pch mien_embedded_pages
  python3 - build/alone/compile_commands.json <<'PYTHON' | xargs -0 -n1 -P "$(nproc)" bash -c 'eval "$0"'
import json, sys
for each in json.load(open(sys.argv[1])):
    if "cmake_pch" not in each["file"]:
        print(f"cd '{each['directory']}' && {each['command']} -fsyntax-only", end="\0")
PYTHON
}

deep_step() {
  local start=$SECONDS result=0
  case $1 in
    asan | fuzz | tsan | tidy | alone) ;;
    *) echo "check: --deep has no step $1; there are asan, fuzz, tsan, tidy and alone." >&2; return 2 ;;
  esac
  # What it says is also kept, so that a failure can be told again below all that follows it.
  local said teller
  mkdir -p build/deep-said
  exec {said}> >(tee "build/deep-said/$1.log" >&2)
  teller=$!
  # A shell of its own: Bash ignores set -e in functions whose result is asked for, subshells included.
  bash -euo pipefail -c 'source scripts/setup.sh; source scripts/deep_check.sh; "deep_$1"' \
    check "$1" >&"$said" 2>&1 || result=$?
  exec {said}>&-
  wait "$teller"
  echo "--deep $1: $([[ $result -eq 0 ]] && echo passed || echo FAILED), $((SECONDS - start)) s" >&2
  return "$result"
}
