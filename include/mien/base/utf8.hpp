#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mien::base {

// Any thread; nothing here throws. "Characters" are code points: what is drawn as one letter
// may be several of them.

/// The bytes of the valid UTF-8 character that `text` begins with; 0 when it begins with none.
std::size_t utf8_length(std::string_view text);

/// The code point that `text` begins with; utf8_length() must not be 0.
char32_t utf8_code_point(std::string_view text);

bool is_utf8(std::string_view text);

/// `text` with U+FFFD for each byte that belongs to no valid character.
std::string valid_utf8(std::string_view text);

/// How many characters there are; each invalid byte counts as one.
std::size_t utf8_count(std::string_view text);

/// The first `count` characters, or all of them.
std::string_view first_characters(std::string_view text, std::size_t count);

/// As many whole characters from the beginning as fit into `most` bytes.
std::string_view fitting_characters(std::string_view text, std::size_t most);

}  // namespace mien::base
