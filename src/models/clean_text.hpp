#pragma once

#include <string>
#include <string_view>

namespace mien {

/// Text of an unknown origin on one line: at most `most` bytes, valid UTF-8, control characters
/// replaced by spaces.
std::string clean_text(std::string_view text, std::size_t most);

}  // namespace mien
