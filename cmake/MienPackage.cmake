# What `cmake --install` puts under a prefix, and the Debian package that is made of it.
# docs/packaging.md describes both.

# The newest version of CHANGELOG.md is the project's: neither is changed without the other.
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS CHANGELOG.md packaging/changelog.awk)
file(STRINGS CHANGELOG.md versions REGEX "^## \\[[0-9]")
list(GET versions 0 newest)
if(NOT newest MATCHES "^## \\[([0-9.]+)\\] - ([0-9]+-[0-9]+-[0-9]+)$")
  message(FATAL_ERROR "The heading \"${newest}\" of CHANGELOG.md cannot be read; write it as "
                      "\"## [1.2.3] - 2026-11-27\".")
endif()
set(MIEN_RELEASE_DATE ${CMAKE_MATCH_2})
if(NOT CMAKE_MATCH_1 STREQUAL PROJECT_VERSION)
  message(FATAL_ERROR "The newest version in CHANGELOG.md is ${CMAKE_MATCH_1}, CMakeLists.txt says "
                      "${PROJECT_VERSION}; give both the same.")
endif()

# Folders get these rights whatever the umask of who installs is.
set(CMAKE_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE
    GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)

# Man pages and completions, which the program writes from the texts of its --help.
find_program(GZIP gzip REQUIRED)
set(pages ${CMAKE_BINARY_DIR}/pages)
add_custom_command(
  OUTPUT ${pages}/bash/mien ${pages}/zsh/_mien
  COMMAND ${CMAKE_COMMAND} -E rm -rf ${pages}
  COMMAND ${CMAKE_COMMAND} -E make_directory ${pages}
  COMMAND ${CMAKE_COMMAND} -E env MIEN_LOG=off
          ${CMAKE_CROSSCOMPILING_EMULATOR} $<TARGET_FILE:mien> write-pages ${pages} ${MIEN_RELEASE_DATE}
  COMMAND sh -c "${GZIP} -9n ${pages}/man1/*.1"
  DEPENDS mien CHANGELOG.md
  COMMENT "Writing man pages and completions" VERBATIM)
add_custom_target(mien_pages ALL DEPENDS ${pages}/bash/mien ${pages}/zsh/_mien)
# `./run` builds the program alone: whoever installs after it gets the pages, too.
install(CODE "if(NOT EXISTS \"${pages}/zsh/_mien\")
  execute_process(COMMAND \"${CMAKE_COMMAND}\" --build \"${CMAKE_BINARY_DIR}\" --target mien_pages
                  COMMAND_ERROR_IS_FATAL ANY)
endif()")

# The program looks for its data in ../share/mien beside its own folder, so these two names are fixed.
install(TARGETS mien RUNTIME DESTINATION bin)
# Addresses of library functions are looked up at the start and are read-only from then on.
target_link_options(mien PRIVATE LINKER:-z,relro LINKER:-z,now)
install(DIRECTORY assets models DESTINATION share/mien)
# What of it the program needs: it says which one an installation has lost.
file(GLOB_RECURSE needed RELATIVE ${CMAKE_SOURCE_DIR} CONFIGURE_DEPENDS assets/* models/*)
list(FILTER needed EXCLUDE REGEX "/(README\\.md|LICENSE|OFL\\.txt)$")
list(JOIN needed "\n" lines)
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/files.txt CONTENT "${lines}\n" @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/files.txt DESTINATION share/mien)

install(DIRECTORY ${pages}/man1 DESTINATION share/man)
install(FILES ${pages}/bash/mien DESTINATION share/bash-completion/completions)
install(FILES ${pages}/zsh/_mien DESTINATION share/zsh/site-functions)

# What desktops and software centres show.
execute_process(COMMAND awk -v form=appstream -f packaging/changelog.awk CHANGELOG.md
                WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
                OUTPUT_VARIABLE MIEN_RELEASES COMMAND_ERROR_IS_FATAL ANY)
# Screenshots and a home page are addresses on the web: whoever publishes this tree says where it is.
set(MIEN_WEB_ADDRESS "" CACHE STRING
    "Where the files of this tree can be had (https://...), for the screenshots in software centres")
function(mien_write_metainfo file address)
  set(MIEN_WEB_PICTURES "")
  if(NOT address STREQUAL "")
    if(NOT address MATCHES "^https?://[^<>&\"' ]+[^/<>&\"' ]$")
      message(FATAL_ERROR "MIEN_WEB_ADDRESS is \"${address}\"; write it as https://example.org/mien, "
                          "without a slash at its end.")
    endif()
    set(MIEN_WEB_PICTURES "  <url type=\"homepage\">${address}</url>\n  <screenshots>\n")
    foreach(picture caption IN ZIP_LISTS MIEN_SCREENSHOTS MIEN_CAPTIONS)
      set(kind "")
      if(picture STREQUAL "window.png")
        set(kind " type=\"default\"")
      endif()
      string(APPEND MIEN_WEB_PICTURES
        "    <screenshot${kind}>\n      <caption>${caption}</caption>\n"
        "      <image>${address}/docs/images/${picture}</image>\n    </screenshot>\n")
    endforeach()
    string(APPEND MIEN_WEB_PICTURES "  </screenshots>\n")
  endif()
  configure_file(${PROJECT_SOURCE_DIR}/packaging/local.mien.mien.metainfo.xml.in ${file} @ONLY)
endfunction()
set(MIEN_SCREENSHOTS window.png movements.png timeline.png web-dashboard.png)
set(MIEN_CAPTIONS "Each face with its expression" "Head pose, mesh and movements"
    "Everybody's expressions over time" "The same in a browser, live")
mien_write_metainfo(${CMAKE_BINARY_DIR}/local.mien.mien.metainfo.xml "${MIEN_WEB_ADDRESS}")
install(FILES ${CMAKE_BINARY_DIR}/local.mien.mien.metainfo.xml DESTINATION share/metainfo)
install(FILES packaging/mien.desktop DESTINATION share/applications)
set(icons ${CMAKE_SOURCE_DIR}/packaging/icons)
foreach(size 16 22 24 32 48 64 128 256 512)
  install(FILES ${icons}/mien-${size}.png RENAME mien.png
          DESTINATION share/icons/hicolor/${size}x${size}/apps)
endforeach()
install(FILES ${icons}/mien.svg DESTINATION share/icons/hicolor/scalable/apps)

install(FILES README.md CHANGELOG.md packaging/copyright DESTINATION share/doc/mien)
install(DIRECTORY docs DESTINATION share/doc/mien)

# --- The Debian package: `cmake --build build/release --target package`, or ./package

# Debian's own variables say who makes a package; without them nobody answers at that address.
set(maintainer_name "The mien authors")
set(maintainer_address "mien@packages.invalid")
if(DEFINED ENV{DEBEMAIL})
  set(maintainer_address $ENV{DEBEMAIL})
  if(DEFINED ENV{DEBFULLNAME})
    set(maintainer_name $ENV{DEBFULLNAME})
  endif()
endif()

set(CPACK_GENERATOR DEB)
set(CPACK_SOURCE_GENERATOR "")
set(CPACK_PACKAGE_NAME mien)
set(CPACK_PACKAGE_VENDOR "The mien authors")
set(CPACK_PACKAGE_DIRECTORY ${CMAKE_SOURCE_DIR}/build/package)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "facial expressions, live from a webcam or from files")
set(CPACK_RESOURCE_FILE_LICENSE ${CMAKE_SOURCE_DIR}/LICENSE)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS ${CMAKE_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS})
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_SOURCE_DIR}/packaging/debian_layout.cmake)
# For that script, which gets the variables that begin with CPACK_.
set(CPACK_MIEN_SOURCE_DIR ${CMAKE_SOURCE_DIR})
set(CPACK_MIEN_STRIP ${CMAKE_STRIP})

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)  # mien_VERSION_ARCHITECTURE.deb
set(CPACK_DEBIAN_PACKAGE_MAINTAINER "${maintainer_name} <${maintainer_address}>")
set(CPACK_DEBIAN_PACKAGE_SECTION video)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"mien looks through a webcam and shows, live, the expression of each face: a
box, a label with its percentage, and a bar for each of eight expressions.
It records annotated sessions with tables and a report, and analyses videos,
pictures and folders without a window.

Everything runs on this computer, with the models included, and nothing is
sent anywhere unless you switch it on. It reads expressions, not feelings.")
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)  # the libraries, by dpkg-shlibdeps
set(CPACK_DEBIAN_PACKAGE_DEPENDS opencv-data)  # the cascade of the detector haar
# Drivers for OpenGL, which GLFW loads when the window opens; xdg-open for the folders of sessions.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "libgl1-mesa-dri, xdg-utils")
include(CPack)
