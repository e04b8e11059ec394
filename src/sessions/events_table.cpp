#include "mien/sessions/events_table.hpp"

#include <algorithm>
#include <utility>

#include "mien/base/csv.hpp"
#include "mien/base/numbers.hpp"
#include "mien/sessions/faces_table.hpp"

namespace mien {
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
  file_.append(std::to_string(event.frame) + ',' + decimal_or_empty(event.timestamp, 3) + ',' +
               word(event.kind) + ',' + std::to_string(event.person) + ',' +
               std::to_string(event.value) + ',' + csv_field(without_line_breaks(event.text)) +
               "\r\n");
}

}  // namespace mien
