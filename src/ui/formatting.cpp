#include "words.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace mien {
namespace {

// snprintf's decimal point follows the locale, but nothing here calls setlocale.
template <typename... Args>
std::string format(const char* pattern, Args... args) {
  std::array<char, 64> buffer{};
  std::snprintf(buffer.data(), buffer.size(), pattern, args...);
  return buffer.data();
}

}  // namespace

std::string percent(float share) {
  return format("%ld%%", std::lround(100 * std::clamp(share, 0.0f, 1.0f)));
}

std::string clock_words(double seconds) {
  const long whole = std::lround(std::floor(std::max(0.0, seconds)));
  return format("%02ld:%02ld:%02ld", whole / 3600, whole / 60 % 60, whole % 60);
}

std::string span_words(double seconds) {
  const long whole = std::lround(std::floor(std::max(0.0, seconds)));
  if (whole < 60) return format("%ld s", whole);
  if (whole < 3600) return format("%ld min", whole / 60);
  return format("%ld h %ld min", whole / 3600, whole / 60 % 60);
}

std::string ago_words(double seconds) {
  const long whole = std::lround(std::max(0.0, seconds));
  if (whole < 60) return format("−%ld s", whole);
  if (whole % 60 == 0) return format("−%ld min", whole / 60);
  return format("−%ld:%02ld min", whole / 60, whole % 60);
}

std::string signed_decimal(float value) {
  if (std::abs(value) < 0.005f) value = 0;
  return (value < 0 ? "−" : "+") + decimal(std::abs(value), 2);
}

std::string size_words(std::uintmax_t bytes) {
  const double megabytes = static_cast<double>(bytes) / 1e6;
  if (megabytes >= 1000) return format("%.1f GB", megabytes / 1000);
  if (megabytes < 9.95) return format("%.1f MB", megabytes);
  return format("%.0f MB", megabytes);
}

std::string decimal(double value, int places) { return format("%.*f", places, value); }

std::string size_words(cv::Size size) { return format("%d×%d", size.width, size.height); }

}  // namespace mien
