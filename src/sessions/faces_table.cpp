#include "mien/sessions/faces_table.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "mien/base/csv.hpp"
#include "mien/base/labels.hpp"
#include "mien/base/movements.hpp"
#include "mien/base/numbers.hpp"

namespace mien::sessions {
namespace {

constexpr std::string_view kBefore[] = {
    "frame", "face_id", "timestamp", "confidence", "success", "x", "y", "w", "h"};
constexpr std::string_view kFile = "file";
constexpr std::string_view kAfter[] = {"verdict", "certainty", "reason", "valence"};
// The movements stand between these two.
constexpr std::string_view kPose[] = {"presence",  "no_mesh", "pose_pitch", "pose_yaw",
                                      "pose_roll", "pose_Tx", "pose_Ty",    "pose_Tz"};
constexpr std::string_view kEyes[] = {"eyes_open", "eyes_closed", "blinks"};
constexpr std::string_view kGaze = "looks_at_camera";  // missing in tables of the first version
constexpr std::size_t kPoints = 68;
constexpr std::size_t kMaxMovements = 256;  // a later version may have more than this one

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

std::string point_column(char axis, std::size_t point) {
  return std::string(1, axis) + '_' + std::to_string(point);
}

std::size_t geometry_columns(Columns columns) {
  if (columns == Columns::basic) return 0;
  return std::size(kPose) + base::movements().size() + std::size(kEyes) + 1 +
         (columns == Columns::landmarks ? 2 * kPoints : 0);
}

void append_geometry(std::string& row, const base::FaceReading& reading, Columns columns) {
  if (columns == Columns::basic) return;
  if (!reading.geometry) {
    row.append(geometry_columns(columns), ',');
    return;
  }
  const base::FaceGeometry& geometry = *reading.geometry;
  row += ',' + base::decimal_or_empty(geometry.mesh.presence, 3);
  row += ',' + base::csv_field(base::describe(geometry.doubt));
  if (geometry.pose) {
    const auto& pose = *geometry.pose;
    for (const float angle : {pose.pitch, pose.yaw, pose.roll}) {
      row += ',' + base::decimal_or_empty(angle, 2);
    }
    for (const float length : {pose.translation.x, pose.translation.y, pose.translation.z}) {
      row += ',' + base::decimal_or_empty(length, 1);
    }
  } else {
    row.append(6, ',');
  }
  for (std::size_t i = 0; i < base::movements().size(); ++i) {
    row += ',';
    if (i < geometry.movements.size()) {
      row += base::decimal_or_empty(geometry.movements[i], 3);
    }
  }
  const auto& eyes = geometry.eyes;
  if (eyes.opening > 0) {
    row += ',' + base::decimal_or_empty(eyes.opening, 3) + (eyes.closed ? ",1" : ",0");
  } else {
    row += ",,";
  }
  row += ',' + std::to_string(eyes.blinks) + ',';
  if (geometry.towards_camera) row += *geometry.towards_camera ? '1' : '0';
  if (columns != Columns::landmarks) return;
  const auto& points = geometry.mesh.points;
  for (float cv::Point3f::*axis : {&cv::Point3f::x, &cv::Point3f::y}) {
    for (const int point : base::mesh_to_68()) {
      row += ',';
      if (static_cast<std::size_t>(point) < points.size() &&
          base::in_picture(geometry.mesh, point)) {
        row += base::decimal_or_empty(points[static_cast<std::size_t>(point)].*axis, 1);
      }
    }
  }
}

/// How much of a face the columns from `first` on are; nothing when they are something else.
std::optional<Columns> geometry_in(const std::vector<std::string_view>& header,
                                   std::size_t first, std::vector<std::string>& movements,
                                   bool& gaze) {
  const auto rest = header.begin() + static_cast<std::ptrdiff_t>(first);
  if (rest == header.end()) return Columns::basic;
  const auto stands_at = [&](auto place, auto begin, auto end) {
    return header.end() - place >= end - begin && std::equal(begin, end, place);
  };
  if (!stands_at(rest, std::begin(kPose), std::end(kPose))) return std::nullopt;
  const auto named = rest + std::ssize(kPose);
  const auto eyes = std::search(named, header.end(), std::begin(kEyes), std::end(kEyes));
  if (eyes == header.end() || eyes - named > static_cast<std::ptrdiff_t>(kMaxMovements)) {
    return std::nullopt;
  }
  movements.assign(named, eyes);
  auto points = static_cast<std::size_t>(eyes - header.begin()) + std::size(kEyes);
  gaze = points < header.size() && header[points] == kGaze;
  if (gaze) ++points;
  if (points == header.size()) return Columns::movements;
  if (points + 2 * kPoints != header.size()) return std::nullopt;
  for (std::size_t i = 0; i < kPoints; ++i) {
    if (header[points + i] != point_column('x', i) ||
        header[points + kPoints + i] != point_column('y', i)) {
      return std::nullopt;
    }
  }
  return Columns::landmarks;
}

}  // namespace

std::string faces_header(const std::vector<std::string>& labels, bool files, Columns columns) {
  std::string row;
  for (const auto column : kBefore) row.append(column) += ',';
  if (files) row.append(kFile) += ',';
  for (const auto& label : labels) row.append(base::csv_field(label)) += ',';
  for (const auto column : kAfter) row.append(column) += ',';
  if (columns != Columns::basic) {
    for (const auto column : kPose) row.append(column) += ',';
    for (const auto& movement : base::movements()) row.append(movement.id) += ',';
    for (const auto column : kEyes) row.append(column) += ',';
    row.append(kGaze) += ',';
  }
  if (columns == Columns::landmarks) {
    for (const char axis : {'x', 'y'}) {
      for (std::size_t i = 0; i < kPoints; ++i) row.append(point_column(axis, i)) += ',';
    }
  }
  row.pop_back();
  return row;
}

std::optional<FacesLayout> layout_of(const std::vector<std::string_view>& header) {
  static_assert(std::size(kBefore) + std::size(kAfter) == kFixedFacesColumns);
  if (header.size() < kFixedFacesColumns ||
      !std::equal(std::begin(kBefore), std::end(kBefore), header.begin())) {
    return std::nullopt;
  }
  FacesLayout layout;
  layout.files = header.size() > kFixedFacesColumns && header[std::size(kBefore)] == kFile;
  const std::size_t first = std::size(kBefore) + (layout.files ? 1 : 0);
  // A label of a model's own may have the name of a column: what fits to the end counts.
  for (std::size_t at = first; at + std::size(kAfter) <= header.size(); ++at) {
    if (at - first > base::kMaxModelLabels) break;
    const auto place = header.begin() + static_cast<std::ptrdiff_t>(at);
    if (!std::equal(std::begin(kAfter), std::end(kAfter), place)) continue;
    const auto columns =
        geometry_in(header, at + std::size(kAfter), layout.movements, layout.gaze);
    if (!columns) continue;
    layout.columns = *columns;
    layout.labels.assign(header.begin() + static_cast<std::ptrdiff_t>(first), place);
    layout.verdict = at;
    return layout;
  }
  return std::nullopt;
}

std::optional<std::vector<std::string>> labels_in_header(
    const std::vector<std::string_view>& header) {
  auto layout = layout_of(header);
  return layout ? std::optional(std::move(layout->labels)) : std::nullopt;
}

FacesTable::FacesTable(std::filesystem::path file, std::vector<std::string> labels, bool files,
                       Columns columns)
    : labels_(std::move(labels)), files_(files), columns_(columns), file_(std::move(file)) {
  file_.append(faces_header(labels_, files_, columns_) + kLineEnd);
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
    row.append(kFixedColumns - kBoxColumns + labels_.size() + geometry_columns(columns_), ',')
        .append(kLineEnd);
    file_.append(row);
    return;
  }
  for (const auto& reading : frame.readings) {
    std::string row = number;
    row.append(",").append(std::to_string(reading.person)).append(",").append(time);
    row.append(",").append(base::decimal_or_empty(reading.face.confidence, 3)).append(",1");
    append_reading(row, reading, frame, labels_, name);
    append_geometry(row, reading, columns_);
    row += kLineEnd;
    file_.append(row);
  }
}

}  // namespace mien::sessions
