#include "mien/sessions/session_events.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "mien/base/csv.hpp"
#include "mien/base/numbers.hpp"
#include "mien/sessions/faces_table.hpp"

namespace mien::sessions {
namespace {

/// In the order of SessionEvent::Kind.
constexpr std::array<const char*, 12> kEventWords = {
    "marker",   "arrival",   "departure", "name",   "source",  "model",
    "detector", "landmarks", "pause",     "resume", "neutral", "gap"};

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

namespace {

std::string without_line_breaks(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '\r' || c == '\n'; }, ' ');
  return text;
}

}  // namespace

EventsTable::EventsTable(std::filesystem::path file) : file_(std::move(file)) {
  file_.append("frame,timestamp,event,face_id,value,text\r\n");
  file_.flush();
}

void EventsTable::write(const SessionEvent& event) {
  file_.append(std::to_string(event.frame) + ',' + base::decimal_or_empty(event.timestamp, 3) +
               ',' + word(event.kind) + ',' + std::to_string(event.person) + ',' +
               std::to_string(event.value) + ',' +
               base::csv_field(without_line_breaks(event.text)) + "\r\n");
}

}  // namespace mien::sessions
