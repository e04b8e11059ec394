#include "mien/sessions/recorded_session.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>
#include <utility>

#include "mien/base/error.hpp"
#include "mien/base/files.hpp"
#include "mien/base/json_fields.hpp"
#include "mien/base/numbers.hpp"
#include "mien/sessions/csv_reader.hpp"
#include "mien/sessions/faces_table.hpp"
#include "mien/sessions/session_files.hpp"
#include "mien/sessions/session_lock.hpp"

#include "session_leftovers.hpp"

namespace mien::sessions {
namespace {

namespace fs = std::filesystem;
using Cells = std::vector<std::string_view>;

[[noreturn]] void fail(const fs::path& file, const std::string& what) {
  throw base::Error("The table " + file.string() + ' ' + what + ".");
}

[[noreturn]] void fail_cell(const fs::path& file, std::size_t line, std::string_view column,
                            std::string_view cell) {
  fail(file, "is damaged in line " + std::to_string(line) + ": \"" +
                 std::string(cell.substr(0, 40)) + "\" cannot stand in the column " +
                 std::string(column));
}

FacesLayout layout_in(const fs::path& file, const Cells& header) {
  auto layout = layout_of(header);
  if (!layout) {
    fail(file, "does not begin with the columns of a faces.csv; it was not written by mien");
  }
  return std::move(*layout);
}

constexpr float kNothing = RowGeometry::kNothing;
constexpr std::size_t kLandmarks = 68;

/// One row after another, with the file and the line at hand for what is wrong with them.
class FacesRow {
 public:
  FacesRow(const fs::path& file, std::size_t line, const Cells& cells,
           const FacesLayout& layout)
      : file_(file), line_(line), cells_(cells), layout_(layout) {}

  SessionRow read() {
    SessionRow row;
    need("frame", row.frame, kMaxFrames);
    need("face_id", row.person, std::numeric_limits<int>::max());
    need("timestamp", row.timestamp, kMaxSessionSeconds);
    need("confidence", row.confidence, kMaxMeasure);
    int success = 0;
    need("success", success, 1);
    row.success = success != 0;
    for (float* side : {&row.box.x, &row.box.y, &row.box.width, &row.box.height}) {
      *side = number("the face's box", 0);
    }
    if (layout_.files) row.file = cells_[at_++];
    row.probabilities.resize(layout_.labels.size());
    for (float& value : row.probabilities) {
      value = number("a label", std::numeric_limits<float>::quiet_NaN());
    }
    row.verdict = cells_[at_++];
    row.certainty = number("certainty", 0);
    row.reason = cells_[at_++];
    row.valence = number("valence", 0);
    if (layout_.columns != Columns::basic) row.geometry = geometry();
    return row;
  }

 private:
  /// Nothing when the cells are empty: no face, or nobody measured it.
  std::optional<RowGeometry> geometry() {
    RowGeometry found;
    found.presence = within("presence", kNothing, 0, 1);
    found.no_mesh = cells_[at_++];
    const std::size_t pose = at_;
    for (float* angle : {&found.pitch, &found.yaw, &found.roll}) {
      *angle = within("the head's pose", kNothing, -180, 180);
    }
    for (float* length : {&found.translation.x, &found.translation.y, &found.translation.z}) {
      *length = within("the head's pose", kNothing, -kMaxMeasure, kMaxMeasure);
    }
    if (std::any_of(cells_.begin() + static_cast<std::ptrdiff_t>(pose),
                    cells_.begin() + static_cast<std::ptrdiff_t>(at_),
                    [](const auto& cell) { return cell.empty(); })) {
      found.pitch = found.yaw = found.roll = kNothing;
      found.translation = {kNothing, kNothing, kNothing};
    }
    for (const auto& movement : layout_.movements) {
      found.movements.push_back(number(movement, kNothing));
    }
    // Eyes that were half closed while it was learnt how open they usually are open far wider.
    found.eyes_open = within("eyes_open", kNothing, 0, kMaxMeasure);
    found.eyes_closed = yes_or_no("eyes_closed").value_or(false);
    if (!cells_[at_].empty()) {
      need("blinks", found.blinks, std::numeric_limits<int>::max());
    } else {
      ++at_;
    }
    if (layout_.gaze) {
      found.looks_at_camera = yes_or_no("looks_at_camera");
    }
    if (layout_.columns == Columns::landmarks) {
      found.landmarks.resize(kLandmarks);
      for (auto& point : found.landmarks) point.x = number("a landmark", kNothing);
      for (auto& point : found.landmarks) point.y = number("a landmark", kNothing);
      bool some = false;
      for (auto& point : found.landmarks) {
        const bool known = std::isfinite(point.x) && std::isfinite(point.y);
        if (!known) point = {kNothing, kNothing};
        some = some || known;
      }
      if (!some) found.landmarks.clear();
    }
    if (std::isnan(found.presence) && found.no_mesh.empty()) return std::nullopt;
    return found;
  }

  /// From 0 to `most`. What loops over times and sizes would not end, or not fit into memory,
  /// with numbers that nobody writes.
  template <typename Number>
  void need(std::string_view column, Number& value, Number most) {
    if (!base::parse_number(cells_[at_], value) || !(value >= 0 && value <= most)) {
      fail_cell(file_, line_, column, cells_[at_]);
    }
    ++at_;
  }
  /// What only mien writes, which leaves a cell empty when it is not known; then `instead`.
  float within(std::string_view column, float instead, float least, float most) {
    float value = instead;
    const auto cell = cells_[at_++];
    if (!cell.empty() &&
        (!base::parse_number(cell, value) || !(value >= least && value <= most))) {
      fail_cell(file_, line_, column, cell);
    }
    return value;
  }
  /// 1 or 0; nothing when the cell is empty.
  std::optional<bool> yes_or_no(std::string_view column) {
    if (cells_[at_].empty()) {
      ++at_;
      return std::nullopt;
    }
    const float value = within(column, 0, 0, 1);
    if (value != 0 && value != 1) fail_cell(file_, line_, column, cells_[at_ - 1]);
    return value == 1;
  }
  float number(std::string_view column, float instead) {
    float value = instead;
    const auto cell = cells_[at_++];
    if (!cell.empty() && !base::parse_number(cell, value))
      fail_cell(file_, line_, column, cell);
    if (!std::isfinite(value)) return instead;  // other programs write "nan" for nothing
    if (std::abs(value) > kMaxMeasure) fail_cell(file_, line_, column, cell);
    return value;
  }

  const fs::path& file_;
  std::size_t line_;
  const Cells& cells_;
  const FacesLayout& layout_;
  std::size_t at_ = 0;
};

/// Counts of blinks that grow faster than anybody's eyes can, from one row of a person to their
/// next one, are no counts. How many there were before the first row is not known, and a count
/// may begin anew.
class BlinkCheck {
 public:
  bool possible(const SessionRow& row) {
    if (!row.success || !row.geometry) return true;
    const auto [last, first] =
        last_.try_emplace(row.person, Last{row.geometry->blinks, row.timestamp});
    const double grown =
        static_cast<double>(row.geometry->blinks) - static_cast<double>(last->second.blinks);
    const double passed = row.timestamp - last->second.timestamp;
    last->second = {row.geometry->blinks, row.timestamp};
    return first || grown <= kUnrecorded + kMostASecond * std::max(passed, 0.0);
  }

 private:
  static constexpr double kMostASecond = 100;  // each takes a frame of its own
  // While a clock that was set back caught up, no frames were recorded.
  static constexpr double kUnrecorded = 1000;
  struct Last {
    int blinks = 0;
    double timestamp = 0;
  };
  std::unordered_map<int, Last> last_;
};

/// The last row, cut off by a crash. Others end in a line end.
bool is_cut_short(const fs::path& file, const CsvFile& reader) {
  if (reader.complete()) return false;
  if (!reader.at_end()) {
    fail(file, "is damaged in line " + std::to_string(reader.line()) +
                   ": it has a quote or a line end where none can stand");
  }
  return true;
}

std::string recovery_hint(const fs::path& folder) {
  return "`mien report --recover " + folder.string() + '`';
}

Privacy privacy_in(const nlohmann::json& document) {
  auto text = base::text_in(document, "privacy");
  if (text.empty()) text = base::text_in(base::object_in(document, "settings"), "privacy");
  // Unknown after a rebuild: treated as hidden, so that no face is shown by mistake.
  if (text.empty() && !base::text_in(document, "rebuilt").empty())
    return Privacy::blurred_faces;
  // Sessions from before there was a choice kept everything.
  return privacy_of(text).value_or(Privacy::everything);
}

}  // namespace

std::string RecordedSession::name_of(int person) const {
  const auto found = names.find(person);
  return found != names.end() && !found->second.empty() ? found->second
                                                        : "P" + std::to_string(person);
}

FacesFile read_faces(const fs::path& file) {
  CsvFile reader(file);
  Cells cells;
  if (!reader.next(cells)) fail(file, "is empty");
  FacesFile result;
  const FacesLayout layout = layout_in(file, cells);
  result.labels = layout.labels;
  result.columns = layout.columns;
  result.movements = layout.movements;
  const auto columns = cells.size();
  BlinkCheck blinks;
  while (reader.next(cells)) {
    if (is_cut_short(file, reader)) break;
    if (cells.size() != columns) {
      fail(file, "is damaged in line " + std::to_string(reader.line()) + ": it has " +
                     std::to_string(cells.size()) + " columns where the others have " +
                     std::to_string(columns));
    }
    auto row = FacesRow(file, reader.line(), cells, layout).read();
    if (!blinks.possible(row)) {
      fail_cell(file, reader.line(), "blinks", std::to_string(row.geometry->blinks));
    }
    result.rows.push_back(std::move(row));
  }
  return result;
}

std::vector<SessionEvent> read_events(const fs::path& file) {
  CsvFile reader(file);
  Cells header;
  if (!reader.next(header)) fail(file, "is empty");
  const std::vector<std::string> columns(header.begin(), header.end());
  const auto place = [&](std::string_view column) {
    return static_cast<std::size_t>(std::find(columns.begin(), columns.end(), column) -
                                    columns.begin());
  };
  const auto frame = place("frame");
  const auto timestamp = place("timestamp");
  const auto kind = place("event");
  if (frame == columns.size() || timestamp == columns.size() || kind == columns.size()) {
    fail(file,
         "lacks one of the columns frame, timestamp and event; it was not written by "
         "mien");
  }
  const auto person = place("face_id");
  const auto value = place("value");
  const auto words = place("text");
  std::vector<SessionEvent> events;
  Cells cells;
  while (reader.next(cells)) {
    if (is_cut_short(file, reader)) break;
    if (cells.size() != columns.size()) {
      fail(file, "is damaged in line " + std::to_string(reader.line()) + ": it has " +
                     std::to_string(cells.size()) + " columns where the header has " +
                     std::to_string(columns.size()));
    }
    const auto known = event_kind_of(cells[kind]);
    if (!known) continue;
    SessionEvent event;
    event.kind = *known;
    const auto need = [&](std::size_t column, auto& number, auto most) {
      if (!base::parse_number(cells[column], number) || !(number >= 0 && number <= most)) {
        fail_cell(file, reader.line(), columns[column], cells[column]);
      }
    };
    need(frame, event.frame, kMaxFrames);
    need(timestamp, event.timestamp, kMaxSessionSeconds);
    if (person < cells.size() && !cells[person].empty()) {
      need(person, event.person, std::numeric_limits<int>::max());
    }
    if (value < cells.size() && !cells[value].empty()) {
      need(value, event.value, kMaxEventValue);
    }
    if (words < cells.size()) event.text = cells[words];
    events.push_back(std::move(event));
  }
  // A marker whose text was written late stands behind others.
  std::stable_sort(events.begin(), events.end(),
                   [](const auto& a, const auto& b) { return a.frame < b.frame; });
  return events;
}

nlohmann::json read_session_document(const fs::path& folder) {
  const auto file = folder / session_file::kDocument;
  auto look = inspect_document(folder);
  switch (look.state) {
    case DocumentStatus::State::good:
      break;
    case DocumentStatus::State::missing:
      if (std::error_code code;
          !fs::exists(file, code) && code == std::errc::permission_denied) {
        throw base::Error("The folder " + folder.string() +
                          " may not be read; change its permissions, or choose another one.");
      }
      if (labels_on_disk(folder)) {
        throw base::Error("The session " + folder.string() + " has lost its session.json; " +
                          recovery_hint(folder) + " makes it anew.");
      }
      throw base::Error("The folder " + folder.string() +
                        " is not a session of mien: it holds no session.json.");
    case DocumentStatus::State::damaged:
      throw base::Error(
          "The file " + file.string() + " is damaged: " + look.problem +
          (labels_on_disk(folder) ? "; " + recovery_hint(folder) + " makes it anew." : "."));
    case DocumentStatus::State::foreign:
      throw base::Error("The file " + file.string() +
                        " is not a session of mien: " + look.problem + ".");
  }
  auto document = std::move(look.document);
  if (const auto version = base::whole_in(document, "schema_version"); version > 1) {
    throw base::Error("The session " + folder.string() +
                      " was made by a later version of mien; open it with that one.");
  }
  return document;
}

RecordedSession read_session(const fs::path& folder) {
  return base::translate_errors("The session " + folder.string() + " cannot be read", [&] {
    RecordedSession session;
    // "demo/" and "demo" are one folder, and the name of that is wanted later.
    session.folder = base::without_slash(fs::absolute(folder).lexically_normal());
    session.document = read_session_document(session.folder);
    if (base::text_in(session.document, "state") == "recording") {
      throw base::Error(
          "The session " + folder.string() +
          (is_being_recorded(folder)
               ? " is still being recorded; stop its recording first."
               : " was not finished; " + recovery_hint(folder) + " makes it a whole one."));
    }
    auto faces = read_faces(session.folder / session_file::kFaces);
    session.labels = std::move(faces.labels);
    session.columns = faces.columns;
    session.movements = std::move(faces.movements);
    session.rows = std::move(faces.rows);
    session.privacy = privacy_in(session.document);
    std::error_code code;
    if (fs::exists(session.folder / session_file::kEvents, code)) {
      session.events = read_events(session.folder / session_file::kEvents);
    }
    if (fs::is_regular_file(session.folder / session_file::kVideo, code)) {
      session.video = session.folder / session_file::kVideo;
    }
    for (const auto& [person, name] : base::object_in(session.document, "names").items()) {
      int number = 0;
      if (base::parse_number(person, number) && name.is_string()) {
        session.names[number] = name.get<std::string>();
      }
    }
    for (const auto& event : session.events) {
      if (event.kind == SessionEvent::Kind::name) session.names[event.person] = event.text;
    }
    return session;
  });
}

}  // namespace mien::sessions
