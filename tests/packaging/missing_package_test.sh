#!/usr/bin/env bash
# missing_package_test.sh CMAKE SOURCE: what a configuration misses is one sentence that names the package.
source "$(dirname "$0")/common.sh"
cmake=$1 source=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# says SENTENCE OPTION...: a configuration with these options fails and says that.
says() {
  local sentence=$1
  shift
  rm -rf "$folder/build"
  ! "$cmake" -B "$folder/build" "$@" >"$folder/out" 2>&1 || fail "$* succeeded"
  [[ $(tr -s '\n ' ' ' <"$folder/out") == *"$sentence"* ]] || fail "$* does not say '$sentence', but: $(cat "$folder/out")"
}
rest="(see packages.txt), or let ./run install all that it needs."
says "spdlog is missing; install the package libspdlog-dev $rest" \
  -S "$source" -DCMAKE_DISABLE_FIND_PACKAGE_spdlog=ON

# requires WORDS: a project that does nothing but want that.
requires() {
  mkdir -p "$folder/project"
  printf '%s\n' 'cmake_minimum_required(VERSION 3.25)' 'project(small LANGUAGES CXX)' \
    "include($source/cmake/MienDependencies.cmake)" "$1" >"$folder/project/CMakeLists.txt"
}
requires 'mien_require(OpenCV libopencv-dev 4.6 COMPONENTS core dnn nothing)'
says "OpenCV's module nothing is missing; install the package libopencv-dev $rest" -S "$folder/project"
requires 'mien_require(OpenCV libopencv-dev 4.99 COMPONENTS core)'
says "OpenCV 4.99 or newer is missing; install the package libopencv-dev $rest" -S "$folder/project"
requires 'find_package(PkgConfig)
mien_require_module(NOTHING libnothing-dev nothing-of-that-name)'
says "nothing-of-that-name is missing; install the package libnothing-dev $rest" -S "$folder/project"
finish
