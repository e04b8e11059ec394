#pragma once

#include <charconv>
#include <string>
#include <string_view>
#include <system_error>

namespace mien::base {

// Any thread; the same in every locale.

/// For people: `value` with `digits` behind the point. "?" when it is not finite; what rounds
/// to zero has no sign.
std::string decimal(double value, int digits);

/// "+0.42", "−0.10" with a true minus, "0.00".
std::string signed_decimal(double value, int digits);

/// For files: as decimal(), but empty when it is not finite, and with the sign of a negative
/// number that rounds to zero.
std::string decimal_or_empty(double value, int digits);

/// How long, for people: "45 s", "12 min 5 s".
std::string minutes_and_seconds(double seconds);

/// `value` rounded to `digits` behind the point, for JSON, which would print the noise of a
/// float; NaN and infinity stay what they are.
double rounded(double value, int digits);

/// The whole of `text` as a number; false when it is something else.
template <typename Number>
bool parse_number(std::string_view text, Number& value) {
  const auto* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value);
  return result.ec == std::errc() && result.ptr == end && !text.empty();
}

}  // namespace mien::base
