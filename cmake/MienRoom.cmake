# A room of the house: one static library that shows the world only its own
# include/mien/<room>/, so that an include through a wall does not compile.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
# The hot loops are in OpenCV; -O3 here buys build time and nothing else.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${CCACHE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    add_compile_options("SHELL:-Xclang -fno-pch-timestamp")
  else()
    add_compile_options(-fpch-preprocess)
  endif()
endif()

add_library(mien_options INTERFACE)
target_compile_options(mien_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor
                       -Woverloaded-virtual $<$<BOOL:${MIEN_WERROR}>:-Werror>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  target_compile_options(mien_options INTERFACE -Wthread-safety)
else()
  # False alarms of GCC 12 on std::string's operator+ when it is inlined (its bug 105651), of
  # GCC 14 on the destructor of a std::vector, and of both on nameless namespaces in a source that
  # another one includes.
  target_compile_options(mien_options INTERFACE -Wno-restrict -Wno-stringop-overflow -Wno-stringop-overread
                         -Wno-array-bounds -Wno-free-nonheap-object -Wno-subobject-linkage)
endif()
# Compiling tests takes most of a build; running their own code takes hardly any time.
add_library(mien_test_options INTERFACE)
target_link_libraries(mien_test_options INTERFACE mien_options)
target_compile_options(mien_test_options INTERFACE -O0)
if(MIEN_FUZZ)
  set(MIEN_SANITIZE fuzzer-no-link,address,undefined)
endif()
if(MIEN_SANITIZE)
  add_compile_options(-fsanitize=${MIEN_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${MIEN_SANITIZE})
endif()

# mien_precompile(TARGET LIBRARY...): headers that nearly every file includes, read once, with the options of these
# libraries. A target of its own: no room's definitions reach it.
function(mien_precompile target)
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/pch.cpp CONTENT "")
  add_library(${target} OBJECT ${CMAKE_BINARY_DIR}/pch.cpp)
  target_link_libraries(${target} PRIVATE ${ARGN} opencv_core nlohmann_json::nlohmann_json)
  target_precompile_headers(${target} PRIVATE
    <atomic> <chrono> <filesystem> <functional> <map> <memory> <mutex> <optional> <string>
    <thread> <variant> <vector> <opencv2/core.hpp> <nlohmann/json.hpp>)
endfunction()

# mien_room(NAME SOURCES a.cpp ... ROOMS rooms that it may include ... LIBS libraries behind its wall ...
#           PUBLIC_LIBS libraries that its headers show ...)
function(mien_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;ROOMS;LIBS;PUBLIC_LIBS" ${ARGN})
  set(door ${CMAKE_BINARY_DIR}/doors/${name})
  file(MAKE_DIRECTORY ${door}/mien)
  file(CREATE_LINK ${CMAKE_SOURCE_DIR}/include/mien/${name} ${door}/mien/${name} SYMBOLIC)
  add_library(mien_${name} STATIC ${ROOM_SOURCES})
  target_include_directories(mien_${name} PUBLIC ${door} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
  list(TRANSFORM ROOM_ROOMS PREPEND mien_)
  target_link_libraries(mien_${name} PUBLIC ${ROOM_ROOMS} ${ROOM_PUBLIC_LIBS}
                        PRIVATE ${ROOM_LIBS} mien_options)
  target_precompile_headers(mien_${name} REUSE_FROM mien_pch)
endfunction()

# mien_compile_tests(TARGET [OPTIMIZED]): how tests are compiled: all sources of the target as one file where the
# preset joins files, since most of what each compiles is headers, and without optimisation. Inline functions of the
# room's headers are then not optimised in this program either: OPTIMIZED is for tests that this would slow down by
# more than it saves.
function(mien_compile_tests target)
  cmake_parse_arguments(TESTS "OPTIMIZED" "" "" ${ARGN})
  if(TESTS_OPTIMIZED)
    target_link_libraries(${target} PRIVATE mien_options)
    target_precompile_headers(${target} REUSE_FROM mien_pch)
  else()
    target_link_libraries(${target} PRIVATE mien_test_options)
    target_precompile_headers(${target} REUSE_FROM mien_tests_pch)
  endif()
  set_target_properties(${target} PROPERTIES UNITY_BUILD_BATCH_SIZE 0)
endfunction()

# mien_room_tests(NAME [OPTIMIZED] SOURCES a_test.cpp ... LIBS more ...): the program mien_<name>_tests.
function(mien_room_tests name)
  cmake_parse_arguments(ROOM "OPTIMIZED" "" "SOURCES;LIBS" ${ARGN})
  add_executable(mien_${name}_tests ${ROOM_SOURCES})
  target_include_directories(mien_${name}_tests PRIVATE ${CMAKE_SOURCE_DIR}/tests
                             ${CMAKE_SOURCE_DIR}/src/${name})
  target_link_libraries(mien_${name}_tests PRIVATE mien_${name} ${ROOM_LIBS} mien_test_support
                        GTest::gmock)
  if(name MATCHES "^(system|base|media|overlay|synthesis|sources|outputs|sessions|reports|ui)$")
    target_link_libraries(mien_${name}_tests PRIVATE GTest::gtest_main)
  else()
    # Rooms that load models: those of others run in a worker, which is another program.
    target_sources(mien_${name}_tests PRIVATE ${CMAKE_SOURCE_DIR}/tests/support/worker_test_main.cpp)
    target_compile_definitions(mien_${name}_tests PRIVATE
                               MIEN_MODEL_WORKER="$<TARGET_FILE:mien_model_worker>")
    add_dependencies(mien_${name}_tests mien_model_worker)
  endif()
  if(ROOM_OPTIMIZED)
    mien_compile_tests(mien_${name}_tests OPTIMIZED)
  else()
    mien_compile_tests(mien_${name}_tests)
  endif()
  target_compile_definitions(mien_${name}_tests PRIVATE MIEN_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  gtest_discover_tests(mien_${name}_tests DISCOVERY_TIMEOUT 60
                       PROPERTIES TIMEOUT ${MIEN_TEST_SECONDS} LABELS ${name} ENVIRONMENT "MIEN_DATA_DIR=${CMAKE_SOURCE_DIR}")
  add_dependencies(mien_tests mien_${name}_tests)
endfunction()
