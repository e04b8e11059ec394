#include "mien/sessions/session_event.hpp"

#include <array>

namespace mien {
namespace {

/// In the order of SessionEvent::Kind.
constexpr std::array<const char*, 10> kEventWords = {"marker", "arrival", "departure", "name",
                                                     "source", "model",   "detector",  "pause",
                                                     "resume", "gap"};

}  // namespace

const char* word(SessionEvent::Kind kind) {
  return kEventWords.at(static_cast<std::size_t>(kind));
}

std::optional<SessionEvent::Kind> event_kind_of(std::string_view word) {
  for (std::size_t i = 0; i < kEventWords.size(); ++i) {
    if (word == kEventWords.at(i)) return static_cast<SessionEvent::Kind>(i);
  }
  return std::nullopt;
}

}  // namespace mien
