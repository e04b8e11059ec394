#include <cmath>
#include <numbers>

#include "mien/base/csv.hpp"
#include "mien/base/numbers.hpp"
#include "mien/sessions/faces_table.hpp"

#include "export_support.hpp"

// As OpenFace's FeatureExtraction and FaceLandmarkVidMulti write it: frame, face_id, timestamp,
// confidence, success, then what was measured; every cell is a number, and a frame without a
// face is a row of zeros. Pictures of a folder are named in one more column, the last.
// A session with movements has the pose (millimetres, radians) where OpenFace has it, and one
// with landmarks the 68 points behind that, as -pose and -2Dfp give them; a face without
// them has succeeded as little as in OpenFace, and zeros there; points outside the
// picture are nan. Gaze and action
// units are not measured here, and a box and probabilities stand in their place.
// https://github.com/TadasBaltrusaitis/OpenFace/wiki/Output-Format

namespace mien::reports {
namespace {

constexpr int kLandmarks = 68;
constexpr double kRadians = std::numbers::pi / 180;

}  // namespace

void write_openface(const sessions::RecordedSession& session, std::ostream& out) {
  const bool landmarks = session.columns == sessions::Columns::landmarks;
  const bool pose = session.columns != sessions::Columns::basic;
  out << "frame,face_id,timestamp,confidence,success";
  if (pose) out << ",pose_Tx,pose_Ty,pose_Tz,pose_Rx,pose_Ry,pose_Rz";
  if (landmarks) {
    for (const char axis : {'x', 'y'}) {
      for (int i = 0; i < kLandmarks; ++i) out << ',' << axis << '_' << i;
    }
  }
  out << ",x,y,w,h";
  for (const auto& label : session.labels) out << ',' << base::csv_field(label);
  const bool files = names_files(session);
  out << ",certainty,valence" << (files ? ",file\n" : "\n");
  const auto cell = [&](double value, int decimals) {
    const auto text = base::decimal_or_empty(value, decimals);
    out << ',' << (text.empty() ? "0" : text);
  };
  for (const auto& row : session.rows) {
    const sessions::RowGeometry nothing;
    const auto& geometry = row.geometry ? *row.geometry : nothing;
    // Readers of OpenFace's tables take what has succeeded for measured.
    const bool success = row.success && (!pose || std::isfinite(geometry.yaw));
    out << row.frame << ',' << row.person;
    cell(row.timestamp, 3);
    cell(static_cast<double>(row.confidence), 3);
    out << (success ? ",1" : ",0");
    if (pose) {
      const auto& t = geometry.translation;
      for (const float length : {t.x, t.y, t.z}) cell(static_cast<double>(length), 1);
      for (const float angle : {geometry.pitch, geometry.yaw, geometry.roll}) {
        cell(static_cast<double>(angle) * kRadians, 3);
      }
    }
    if (landmarks) {
      for (float cv::Point2f::*axis : {&cv::Point2f::x, &cv::Point2f::y}) {
        for (std::size_t i = 0; i < kLandmarks; ++i) {
          const float value = i < geometry.landmarks.size() ? geometry.landmarks[i].*axis : 0;
          if (std::isnan(value)) {
            out << ",nan";  // outside the picture: 0 would be a place
          } else {
            cell(static_cast<double>(value), 1);
          }
        }
      }
    }
    for (const float side : {row.box.x, row.box.y, row.box.width, row.box.height}) {
      cell(static_cast<double>(side), 1);
    }
    for (const float value : row.probabilities) cell(static_cast<double>(value), 4);
    cell(static_cast<double>(row.certainty), 4);
    cell(static_cast<double>(row.valence), 4);
    if (files) out << ',' << base::csv_field(row.file);
    out << '\n';
  }
}

}  // namespace mien::reports
