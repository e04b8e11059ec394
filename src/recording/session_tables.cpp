#include "session_tables.hpp"

#include <cerrno>
#include <cmath>
#include <functional>
#include <string_view>

#include <fcntl.h>
#include <system_error>
#include <unistd.h>

#include "mien/base/error.hpp"
#include "mien/base/files.hpp"
#include "mien/recording/session_event.hpp"
#include "mien/recording/session_files.hpp"

#include "csv_reader.hpp"
#include "faces_columns.hpp"

namespace mien {
namespace {

namespace fs = std::filesystem;
using Cells = std::vector<std::string_view>;

constexpr const char* kNotSure = "not sure";

/// The rows after the header that are whole, and where each ends; until `take` says no. Returns
/// where the header ends. No row of ours has a line end inside.
std::uint64_t for_each_row(std::string_view text,
                           const std::function<bool(const Cells&, std::uint64_t end)>& take) {
  std::uint64_t header = 0;
  std::uint64_t end = 0;
  Cells cells;
  while (end < text.size()) {
    const auto stop = text.find('\n', end);
    if (stop == std::string_view::npos) break;
    const auto line = text.substr(end, stop + 1 - end);
    end = stop + 1;
    if (header == 0) {
      header = end;
      continue;
    }
    CsvReader row(line);
    if (!row.next(cells) || !take(cells, end)) break;
  }
  return header;
}

void cut_file(const fs::path& file, std::uint64_t size) {
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CLOEXEC);
  int code = descriptor < 0 ? errno : 0;
  if (code == 0 && ::ftruncate(descriptor, static_cast<off_t>(size)) != 0) code = errno;
  if (code == 0 && ::fsync(descriptor) != 0 && errno != EINVAL) code = errno;
  if (descriptor >= 0) ::close(descriptor);
  if (code != 0) {
    throw Error("The file " + file.string() +
                " cannot be written: " + std::generic_category().message(code) + ".");
  }
}

}  // namespace

SessionTables::SessionTables(const fs::path& folder) : folder_(folder) {
  read_faces_table();
  if (fs::exists(folder_ / session_file::kEvents)) read_events_table();
}

void SessionTables::read_faces_table() {
  const auto text = read_text_file(folder_ / session_file::kFaces);
  bool torn = text.empty() || text.back() != '\n';
  // frame,face_id,timestamp,confidence,success,... verdict,certainty,reason,valence
  faces_header_ = for_each_row(text, [&](const Cells& cells, std::uint64_t end) {
    Row row;
    double seconds = 0;
    int success = 0;
    const bool good = cells.size() >= kFixedFacesColumns && csv_value(cells[0], row.frame) &&
                      csv_value(cells[1], row.person) && csv_value(cells[2], seconds) &&
                      csv_value(cells[4], success) &&
                      (row.frame == times_.size() || row.frame == times_.size() + 1) &&
                      row.frame > 0;
    if (!good) {
      torn = true;
      return false;
    }
    row.end = end;
    row.success = success == 1;
    row.sure = cells[cells.size() - 4] != kNotSure;
    row.reason = cells[cells.size() - 2];
    if (row.frame > times_.size()) times_.push_back(std::llround(seconds * 1000));
    rows_.push_back(std::move(row));
    return true;
  });
  if (faces_header_ == 0) {
    throw Error("The file " + (folder_ / session_file::kFaces).string() + " holds no table.");
  }
  if (!torn || times_.empty()) return;
  // Of the last frame, another row may be missing.
  const auto last = times_.size();
  std::erase_if(rows_, [&](const Row& row) { return row.frame == last; });
  times_.pop_back();
}

void SessionTables::read_events_table() {
  const auto text = read_text_file(folder_ / session_file::kEvents);
  events_header_ = for_each_row(text, [&](const Cells& cells, std::uint64_t end) {
    Event event;
    if (cells.size() != 6 || !csv_value(cells[0], event.frame) ||
        !csv_value(cells[3], event.person) || !csv_value(cells[4], event.value)) {
      return false;
    }
    event.end = end;
    event.gap = cells[2] == word(SessionEvent::Kind::gap);
    event.name = cells[2] == word(SessionEvent::Kind::name);
    event.text = cells[5];
    events_.push_back(std::move(event));
    return true;
  });
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
    if (event.frame > frames) break;
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
  if (events_header_ == 0) return;
  end = events_header_;
  for (const auto& event : events_) {
    if (event.frame > frames) break;
    end = event.end;
  }
  cut_file(folder_ / session_file::kEvents, end);
}

}  // namespace mien
