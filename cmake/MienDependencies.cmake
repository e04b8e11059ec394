# What the program is built with. What is missing is one sentence that names its Debian package.

# mien_missing(WHAT PACKAGE): stops.
function(mien_missing what package)
  message(FATAL_ERROR "${what} is missing; install the package ${package} (see packages.txt), or "
                      "let ./run install all that it needs.")
endfunction()

# mien_require(NAME PACKAGE [VERSION] [COMPONENTS ...]): as find_package().
macro(mien_require name package)
  find_package(${name} ${ARGN} QUIET)
  if(NOT ${name}_FOUND)
    mien_explain_missing(${name} ${package} ${ARGN})
  endif()
endmacro()

# Says which part of NAME is missing, or that it is too old.
function(mien_explain_missing name package)
  cmake_parse_arguments(WANTED "" "" "COMPONENTS" ${ARGN})
  foreach(component ${WANTED_COMPONENTS})
    if(DEFINED ${name}_${component}_FOUND AND NOT ${name}_${component}_FOUND)
      mien_missing("${name}'s module ${component}" ${package})
    endif()
  endforeach()
  if(WANTED_UNPARSED_ARGUMENTS)
    mien_missing("${name} ${WANTED_UNPARSED_ARGUMENTS} or newer" ${package})
  endif()
  mien_missing(${name} ${package})
endfunction()

# mien_require_module(PREFIX PACKAGE MODULE): a module of pkg-config, as the target
# PkgConfig::PREFIX.
macro(mien_require_module prefix package module)
  pkg_check_modules(${prefix} QUIET IMPORTED_TARGET GLOBAL ${module})
  if(NOT ${prefix}_FOUND)
    mien_missing(${module} ${package})
  endif()
endmacro()

# mien_require_library(NAME PACKAGE HEADER): a library that tells nobody where it is, as the target
# mien::NAME.
macro(mien_require_library name package header)
  find_library(${name}_LIBRARY ${name})
  find_path(${name}_INCLUDE_DIR ${header})
  if(NOT ${name}_LIBRARY OR NOT ${name}_INCLUDE_DIR)
    mien_missing(${name} ${package})
  endif()
  add_library(mien::${name} UNKNOWN IMPORTED GLOBAL)
  set_target_properties(mien::${name} PROPERTIES IMPORTED_LOCATION ${${name}_LIBRARY}
                        INTERFACE_SYSTEM_INCLUDE_DIRECTORIES ${${name}_INCLUDE_DIR})
endmacro()
