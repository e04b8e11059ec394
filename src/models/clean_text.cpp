#include "clean_text.hpp"

#include <nlohmann/json.hpp>

namespace mien {

std::string clean_text(std::string_view text, std::size_t most) {
  std::string clean(text.substr(0, most));
  for (char& c : clean) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) c = ' ';
  }
  // nlohmann's writer replaces what is no UTF-8; reading that back gives the text.
  const std::string quoted =
      nlohmann::json(clean).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  return nlohmann::json::parse(quoted).get<std::string>();
}

}  // namespace mien
