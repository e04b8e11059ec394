#include "mien/base/numbers.hpp"

#include <cmath>

namespace mien::base {

std::string decimal(double value, int digits) {
  auto text = decimal_or_empty(value, digits);
  if (text.empty()) return "?";
  if (text.front() == '-' && text.find_first_not_of("-0.") == std::string::npos) {
    text.erase(0, 1);
  }
  return text;
}

std::string signed_decimal(double value, int digits) {
  auto text = decimal(std::abs(value), digits);
  if (text.find_first_not_of("0.") == std::string::npos || !std::isfinite(value)) return text;
  return (value < 0 ? "\u2212" : "+") + text;
}

std::string decimal_or_empty(double value, int digits) {
  if (!std::isfinite(value)) return {};
  char text[400];  // the largest double has 309 digits before the point
  const auto end =
      std::to_chars(text, text + sizeof text, value, std::chars_format::fixed, digits);
  return {text, end.ptr};
}

std::string minutes_and_seconds(double seconds) {
  const auto whole = std::llround(seconds);
  if (whole < 60) return std::to_string(whole) + " s";
  return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
}

double rounded(double value, int digits) {
  const double scale = std::pow(10, digits);
  return std::round(value * scale) / scale;
}

}  // namespace mien::base
