#pragma once

#include <span>
#include <string_view>

namespace mien::outputs {

/// A file that the web output gives away: nothing in it depends on what the program sees.
struct WebPage {
  std::string_view path;     ///< under which it is asked for
  std::string_view type;     ///< its Content-Type
  std::string_view content;  ///< compiled in from src/outputs/pages/; empty for a font
  bool document = false;     ///< a page, not a part of one
  const char* font = "";     ///< its file's name below assets/fonts/
};

std::span<const WebPage> web_pages();

/// Null when there is none of that path.
const WebPage* web_page(std::string_view path);

}  // namespace mien::outputs
