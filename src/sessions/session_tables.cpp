#include "mien/sessions/session_tables.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <system_error>
#include <utility>

#include "mien/base/error.hpp"
#include "mien/base/files.hpp"
#include "mien/base/numbers.hpp"
#include "mien/sessions/csv_reader.hpp"
#include "mien/sessions/faces_table.hpp"
#include "mien/sessions/recorded_session.hpp"
#include "mien/sessions/session_events.hpp"
#include "mien/sessions/session_files.hpp"
#include "mien/system/file_handle.hpp"

namespace mien::sessions {
namespace {

namespace fs = std::filesystem;
using Cells = std::vector<std::string_view>;

/// What cuts a file off must not do that to another one that a link leads to.
void refuse_links(const fs::path& file) {
  if (!fs::is_regular_file(fs::symlink_status(file))) {
    throw base::Error("The table " + file.string() +
                      " is not a regular file; nothing was changed.");
  }
}

void cut_file(const fs::path& file, std::uint64_t size) {
  std::error_code error;
  system::FileHandle table = system::open_to_change(file, error);
  if (!error) error = table.resize(size);
  if (!error) error = table.sync();
  if (error) {
    throw base::Error("The file " + file.string() + " cannot be written: " + error.message() +
                      ".");
  }
}

}  // namespace

void put_counts(nlohmann::ordered_json& document, const TableCounts& counts) {
  auto& json = document["counts"];
  json["frames"] = counts.frames;
  json["faces"] = counts.faces;
  json["frames_without_face"] = counts.frames_without_face;
  json["people"] = counts.people.size();
  json["not_sure"] = counts.not_sure;
  json["frames_lost"] = counts.lost_frames;
  json["events"] = counts.events;
  auto& names = document["names"] = nlohmann::ordered_json::object();
  for (const auto& [person, name] : counts.names) names[std::to_string(person)] = name;
}

SessionTables::SessionTables(fs::path folder) : folder_(std::move(folder)) {
  const auto events = folder_ / session_file::kEvents;
  refuse_links(folder_ / session_file::kFaces);
  read_faces_table();
  if (!fs::exists(fs::symlink_status(events))) return;
  refuse_links(events);
  read_events_table();
}

void SessionTables::read_faces_table() {
  CsvFile table(folder_ / session_file::kFaces);
  Cells cells;
  if (!table.next(cells) || !table.complete()) {
    throw base::Error("The file " + (folder_ / session_file::kFaces).string() +
                      " holds no table.");
  }
  faces_header_ = table.end();
  const auto columns = cells.size();
  const auto layout = layout_of(cells);
  // Of a header that is none, the last columns but one are as good as any.
  const std::size_t verdict =
      layout ? layout->verdict : columns - std::min<std::size_t>(columns, 4);
  bool torn = false;
  // frame,face_id,timestamp,confidence,success,... verdict,certainty,reason,valence
  while (table.next(cells)) {
    Row row;
    double seconds = 0;
    int success = 0;
    const bool good =
        !torn && table.complete() && cells.size() >= kFixedFacesColumns &&
        cells.size() == columns && base::parse_number(cells[0], row.frame) &&
        base::parse_number(cells[1], row.person) && base::parse_number(cells[2], seconds) &&
        base::parse_number(cells[4], success) && seconds >= 0 &&
        seconds <= kMaxSessionSeconds &&
        (row.frame == times_.size() || row.frame == times_.size() + 1) && row.frame > 0;
    if (!good) {
      if (table.complete()) ++unread_rows_;
      torn = true;
      continue;
    }
    row.end = table.end();
    row.success = success == 1;
    row.sure = cells[verdict] != kNotSure;
    row.reason = cells[verdict + 2];
    if (row.frame > times_.size()) times_.push_back(std::llround(seconds * 1000));
    rows_.push_back(std::move(row));
  }
  if (!torn || times_.empty()) return;
  // Of the last frame, another row may be missing.
  const auto last = times_.size();
  std::erase_if(rows_, [&](const Row& row) { return row.frame == last; });
  times_.pop_back();
}

void SessionTables::read_events_table() {
  CsvFile table(folder_ / session_file::kEvents);
  Cells cells;
  if (!table.next(cells) || !table.complete()) return;  // a crash in the first moment
  events_header_ = table.end();
  auto start = events_header_;
  for (; table.next(cells); start = table.end()) {
    Event event;
    if (!table.complete() || cells.size() != 6 || !base::parse_number(cells[0], event.frame) ||
        !base::parse_number(cells[3], event.person) ||
        !base::parse_number(cells[4], event.value) || event.value < 0 ||
        event.value > kMaxEventValue) {
      continue;
    }
    event.start = start;
    event.end = table.end();
    event.gap = cells[2] == word(SessionEvent::Kind::gap);
    event.name = cells[2] == word(SessionEvent::Kind::name);
    event.text = cells[5];
    events_.push_back(std::move(event));
  }
}

TableCounts SessionTables::count(std::uint64_t frames) const {
  TableCounts counts;
  counts.frames = frames;
  if (frames > 0) counts.seconds = static_cast<double>(times_.at(frames - 1)) / 1000;
  for (const auto& row : rows_) {
    if (row.frame > frames) break;
    if (!row.success) {
      ++counts.frames_without_face;
      continue;
    }
    ++counts.faces;
    counts.people.insert(row.person);
    if (!row.sure) ++counts.not_sure[row.reason];
  }
  for (const auto& event : events_) {
    if (event.frame > frames) continue;
    ++counts.events;
    if (event.gap) counts.lost_frames += static_cast<std::uint64_t>(event.value);
    if (event.name) counts.names[event.person] = event.text;
  }
  return counts;
}

void SessionTables::cut(std::uint64_t frames) const {
  auto end = faces_header_;
  for (const auto& row : rows_) {
    if (row.frame <= frames) end = row.end;
  }
  cut_file(folder_ / session_file::kFaces, end);
  if (events_header_ > 0) cut_events(frames);
}

void SessionTables::cut_events(std::uint64_t frames) const {
  const auto file = folder_ / session_file::kEvents;
  std::vector<const Event*> kept;
  for (const auto& event : events_) {
    if (event.frame <= frames) kept.push_back(&event);
  }
  auto end = events_header_;
  const bool first_ones = std::all_of(kept.begin(), kept.end(), [&](const Event* event) {
    return event->start == std::exchange(end, event->end);
  });
  if (first_ones) return cut_file(file, end);
  const auto text = base::read_text_file(file);
  auto rest = text.substr(0, events_header_);
  for (const auto* event : kept) rest += text.substr(event->start, event->end - event->start);
  base::write_file_atomically(file, rest);
}

}  // namespace mien::sessions
