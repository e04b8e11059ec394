#include "mien/base/text.hpp"

#include <algorithm>

#include "mien/base/utf8.hpp"

namespace mien::base {
namespace {

bool is_ascii_control(char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7F; }

}  // namespace

std::string trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t";
  const auto first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(kBlanks) - first + 1));
}

std::string ascii_lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = ascii_lower(c);
  return lower;
}

std::string hexadecimal(std::span<const std::uint8_t> bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string digits;
  for (const auto byte : bytes) {
    digits += kDigits[byte / 16U];
    digits += kDigits[byte % 16U];
  }
  return digits;
}

std::string joined(const std::vector<std::string>& words, std::string_view between) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += between;
    text += words[i];
  }
  return text;
}

std::pair<std::string_view, std::string_view> split(std::string_view text, char separator) {
  const auto at = text.find(separator);
  if (at == std::string_view::npos) return {text, {}};
  return {text.substr(0, at), text.substr(at + 1)};
}

std::string on_one_line(std::string_view text) {
  std::string line(text);
  std::replace_if(line.begin(), line.end(), is_ascii_control, ' ');
  return line;
}

std::string clean_text(std::string_view text, std::size_t most) {
  return valid_utf8(on_one_line(text.substr(0, most)));
}

bool has_control_characters(std::string_view text) {
  while (!text.empty()) {
    const auto length = utf8_length(text);
    const char32_t code = utf8_code_point(text);
    if (length > 0 &&
        (code < 0x20 || (code >= 0x7F && code < 0xA0) || (code >= 0x2028 && code <= 0x202E) ||
         (code >= 0x2066 && code <= 0x2069))) {
      return true;
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return false;
}

}  // namespace mien::base
