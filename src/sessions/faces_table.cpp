#include "mien/sessions/faces_table.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "mien/base/csv.hpp"
#include "mien/base/labels.hpp"
#include "mien/base/numbers.hpp"

namespace mien::sessions {
namespace {

constexpr std::string_view kBefore[] = {
    "frame", "face_id", "timestamp", "confidence", "success", "x", "y", "w", "h"};
constexpr std::string_view kFile = "file";
constexpr std::string_view kAfter[] = {"verdict", "certainty", "reason", "valence"};

constexpr const char* kLineEnd = "\r\n";

/// Columns after `success`, but for the labels: x y w h, and verdict certainty reason valence.
constexpr std::size_t kFixedColumns = 8;
constexpr std::size_t kBoxColumns = 4;

void append_reading(std::string& row, const base::FaceReading& reading,
                    const base::AnalyzedFrame& frame, const std::vector<std::string>& columns,
                    const std::string& file) {
  const auto& box = reading.face.box;
  for (const float value : {box.x, box.y, box.width, box.height}) {
    row += ',' + base::decimal_or_empty(value, 1);
  }
  row += file;
  const auto& labels = *frame.labels;
  for (const auto& column : columns) {
    row += ',';
    const auto place = std::find(labels.begin(), labels.end(), column) - labels.begin();
    if (place < std::ssize(reading.smoothed)) {
      row += base::decimal_or_empty(reading.smoothed[static_cast<std::size_t>(place)], 4);
    }
  }
  const auto& verdict = reading.verdict;
  const bool named = verdict.sure() && verdict.label < std::ssize(labels);
  row += ',';
  row += named ? base::csv_field(labels[static_cast<std::size_t>(verdict.label)]) : "not sure";
  row += ',' + base::decimal_or_empty(verdict.certainty, 4);
  row += ',' + base::csv_field(base::describe(verdict.doubt));
  row += ',' + base::decimal_or_empty(reading.valence, 4);
}

}  // namespace

std::string faces_header(const std::vector<std::string>& labels, bool files) {
  std::string row;
  for (const auto column : kBefore) row.append(column) += ',';
  if (files) row.append(kFile) += ',';
  for (const auto& label : labels) row.append(base::csv_field(label)) += ',';
  for (const auto column : kAfter) row.append(column) += ',';
  row.pop_back();
  return row;
}

bool has_file_column(const std::vector<std::string_view>& header) {
  return header.size() > kFixedFacesColumns && header[std::size(kBefore)] == kFile;
}

std::optional<std::vector<std::string>> labels_in_header(
    const std::vector<std::string_view>& header) {
  static_assert(std::size(kBefore) + std::size(kAfter) == kFixedFacesColumns);
  if (header.size() < kFixedFacesColumns ||
      header.size() > kFixedFacesColumns + 1 + base::kMaxModelLabels) {
    return std::nullopt;
  }
  const auto first = header.begin() + std::ssize(kBefore) + (has_file_column(header) ? 1 : 0);
  const auto last = header.end() - std::ssize(kAfter);
  if (!std::equal(std::begin(kBefore), std::end(kBefore), header.begin()) ||
      !std::equal(std::begin(kAfter), std::end(kAfter), last)) {
    return std::nullopt;
  }
  return std::vector<std::string>(first, last);
}

FacesTable::FacesTable(std::filesystem::path file, std::vector<std::string> labels, bool files)
    : labels_(std::move(labels)), files_(files), file_(std::move(file)) {
  file_.append(faces_header(labels_, files_) + kLineEnd);
  file_.flush();
}

void FacesTable::write(std::uint64_t frame_number, std::int64_t milliseconds,
                       const base::AnalyzedFrame& frame) {
  const auto number = std::to_string(frame_number);
  const auto time = base::decimal_or_empty(static_cast<double>(milliseconds) / 1000, 3);
  const auto name = files_ ? ',' + base::csv_field(frame.frame->file) : "";
  if (frame.readings.empty()) {
    std::string row = number + ",0," + time + ",0,0";
    row.append(kBoxColumns, ',').append(name);
    row.append(kFixedColumns - kBoxColumns + labels_.size(), ',').append(kLineEnd);
    file_.append(row);
    return;
  }
  for (const auto& reading : frame.readings) {
    std::string row = number;
    row.append(",").append(std::to_string(reading.person)).append(",").append(time);
    row.append(",").append(base::decimal_or_empty(reading.face.confidence, 3)).append(",1");
    append_reading(row, reading, frame, labels_, name);
    row += kLineEnd;
    file_.append(row);
  }
}

}  // namespace mien::sessions
