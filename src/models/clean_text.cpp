#include "clean_text.hpp"

#include "mien/base/text.hpp"
#include "mien/base/utf8.hpp"

namespace mien {

std::string clean_text(std::string_view text, std::size_t most) {
  return valid_utf8(on_one_line(text.substr(0, most)));
}

}  // namespace mien
