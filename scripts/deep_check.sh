# The steps of ./check --deep, which has changed into the project's folder and read setup.sh.

# Clang with -Wthread-safety and warnings as errors, ASan, UBSan and the fuzzers' coverage: one
# build serves every test and every fuzz target.
deep_asan() {
  build deep mien mien_tests mien_fuzz_all
  # What a driver leaks by itself is named in the file; what mien leaks is an error.
  ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1:allocator_may_return_null=1 \
  LSAN_OPTIONS=suppressions=$root/tests/leaks_of_drivers.txt:print_suppressions=0 \
  UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1 \
    ctest --test-dir build/deep --output-on-failure --no-tests=error -j "$(nproc)"
}

# Half a minute each; what a target finds is kept under build/fuzz-findings.
deep_fuzz() {
  build deep mien_fuzz_all
  local corpus findings=$root/build/fuzz-findings target name
  corpus=$(mktemp -d)
  python3 tests/fuzz/make_corpus.py "$corpus"
  mkdir -p "$findings"
  local failed=0
  for target in build/deep/tests/fuzz/fuzz_*; do
    [[ -f $target && -x $target ]] || continue
    name=${target##*/fuzz_}
    echo "Fuzzing $name for ${MIEN_FUZZ_SECONDS:-30} s ..." >&2
    if ! "$target" -max_total_time="${MIEN_FUZZ_SECONDS:-30}" -max_len=65536 -timeout=10 \
        -rss_limit_mb=1024 -malloc_limit_mb=512 -artifact_prefix="$findings/$name-" \
        -verbosity=0 -close_fd_mask=1 "$corpus/$name" 2>"$corpus/log"; then
      tail -n 60 "$corpus/log" >&2
      failed=1
    fi
  done
  rm -rf "$corpus"
  return "$failed"
}

# The rooms that have threads.
deep_tsan() {
  build tsan mien_analysis_tests mien_recording_tests mien_sources_tests mien_app_tests
  TSAN_OPTIONS=suppressions=$root/tests/races_of_libraries.txt:halt_on_error=0:exitcode=66 \
    ctest --test-dir build/tsan --output-on-failure --no-tests=error -j "$(nproc)" \
    -L '^(analysis|recording|sources|app)$'
}

deep_tidy() {
  build deep mien  # for the compile commands and the precompiled header
  run-clang-tidy -quiet -p build/deep -j "$(nproc)" -warnings-as-errors='*' "$root/src/.*\.cpp$" \
    2>/dev/null | grep -v '^clang-tidy\|^$' || [[ ${PIPESTATUS[0]} -eq 0 ]]
}

deep_step() {
  local start=$SECONDS result=0
  case $1 in
    asan | fuzz | tsan | tidy) ;;
    *) echo "check: --deep has no step $1; there are asan, fuzz, tsan and tidy." >&2; return 2 ;;
  esac
  # A subshell of its own, so that set -e holds in it though its result is asked for.
  (set -e; "deep_$1") & wait $! || result=$?
  echo "--deep $1: $([[ $result -eq 0 ]] && echo passed || echo FAILED), $((SECONDS - start)) s" >&2
  return "$result"
}
