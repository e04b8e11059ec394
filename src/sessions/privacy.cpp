#include "mien/sessions/privacy.hpp"

#include <array>

namespace mien::sessions {
namespace {

constexpr std::array<const char*, 3> kPrivacyWords = {"everything", "blurred", "data-only"};

}  // namespace

const char* word(Privacy privacy) {
  return kPrivacyWords.at(static_cast<std::size_t>(privacy));
}

std::optional<Privacy> privacy_of(std::string_view word) {
  for (std::size_t i = 0; i < kPrivacyWords.size(); ++i) {
    if (word == kPrivacyWords.at(i)) return static_cast<Privacy>(i);
  }
  return std::nullopt;
}

}  // namespace mien::sessions
