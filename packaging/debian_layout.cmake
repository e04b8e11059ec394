# Run by CPack on the folder that becomes the package: what Debian keeps in other places or
# in another form than a prefix elsewhere.
file(GLOB root ${CPACK_TEMPORARY_DIRECTORY}/usr)
if(NOT IS_DIRECTORY "${root}")
  message(FATAL_ERROR "There is no folder usr in ${CPACK_TEMPORARY_DIRECTORY}; "
                      "leave CPACK_PACKAGING_INSTALL_PREFIX as it is.")
endif()
set(source ${CPACK_MIEN_SOURCE_DIR})

# Debian's programs have these sections stripped as well.
execute_process(COMMAND ${CPACK_MIEN_STRIP} --remove-section=.comment --remove-section=.note
                        ${root}/bin/mien COMMAND_ERROR_IS_FATAL ANY)

# Debian's changelog has a form of its own.
execute_process(
  COMMAND awk -v form=debian -v "maintainer=${CPACK_DEBIAN_PACKAGE_MAINTAINER}"
          -f ${source}/packaging/changelog.awk ${source}/CHANGELOG.md
  OUTPUT_FILE ${root}/share/doc/mien/changelog COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND gzip -9n ${root}/share/doc/mien/changelog COMMAND_ERROR_IS_FATAL ANY)
file(REMOVE ${root}/share/doc/mien/CHANGELOG.md)

# Debian's zsh looks for the completions of packages there.
file(RENAME ${root}/share/zsh/site-functions ${root}/share/zsh/vendor-completions)

file(MAKE_DIRECTORY ${root}/share/lintian/overrides)
file(COPY_FILE ${source}/packaging/lintian-overrides ${root}/share/lintian/overrides/mien)
