# Writes the files of PAGES, by their names, as string literals into the header OUT:
#   cmake -DOUT=embedded_pages.hpp "-DPAGES=a.html b.css" -P embed_pages.cmake
separate_arguments(PAGES UNIX_COMMAND "${PAGES}")
file(WRITE "${OUT}.new" "#pragma once\n\n#include <string_view>\n\nnamespace mien::outputs::pages {\n")
foreach(page IN LISTS PAGES)
  get_filename_component(name "${page}" NAME)
  string(MAKE_C_IDENTIFIER "${name}" name)
  file(READ "${page}" content)
  file(APPEND "${OUT}.new" "\ninline constexpr std::string_view ${name} = R\"page~(${content})page~\";\n")
endforeach()
file(APPEND "${OUT}.new" "\n}  // namespace mien::outputs::pages\n")
file(RENAME "${OUT}.new" "${OUT}")
