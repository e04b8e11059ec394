#pragma once

#include <string>
#include <string_view>

namespace mien::base {

/// A field as RFC 4180 wants it: quoted when it holds a comma, a quote or a line end. Numbers
/// are written by decimal_or_empty() in mien/base/numbers.hpp. Any thread.
std::string csv_field(std::string_view text);

}  // namespace mien::base
