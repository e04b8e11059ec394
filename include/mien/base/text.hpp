#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mien::base {

// Any thread. What concerns the characters of UTF-8 is in mien/base/utf8.hpp.

/// Without spaces and tabs at both ends.
std::string trimmed(std::string_view text);

/// A to Z as a to z; all other bytes stay, whatever the locale.
constexpr char ascii_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
std::string ascii_lower(std::string_view text);

/// The words with `between` between them.
std::string joined(const std::vector<std::string>& words, std::string_view between);

/// What stands before the first `separator` and what behind it: all and nothing without one.
/// Both are views of `text`.
std::pair<std::string_view, std::string_view> split(std::string_view text, char separator);

/// Two digits for each byte, 0 to 9 and a to f.
std::string hexadecimal(std::span<const std::uint8_t> bytes);

/// Line ends, tabs and the other control characters of ASCII as spaces.
std::string on_one_line(std::string_view text);

/// Text of an unknown origin on one line: at most `most` bytes, valid UTF-8, control characters
/// replaced by spaces.
std::string clean_text(std::string_view text, std::size_t most);

/// Whether there are control characters of ASCII or Latin-1, line or paragraph separators, or
/// those that turn the direction of writing: none of them belongs in a name.
bool has_control_characters(std::string_view text);

}  // namespace mien::base
