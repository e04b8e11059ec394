#include <cstdio>

#include "mien/base/csv.hpp"
#include "mien/base/numbers.hpp"
#include "mien/sessions/faces_table.hpp"

#include "export_support.hpp"

// The Fex table of Py-Feat 2's Detectorv2, its columns in its order, without those that are not
// measured here (action units, gaze, mesh, embeddings). A session with landmarks has x_0 to
// y_67 behind the face, one with movements Pitch, Roll and Yaw in degrees behind those; the
// signs are OpenFace's. Frames count from 0, a frame without a face has empty cells and
// FaceScore 0, approx_time is minutes and whole seconds, identities are "Person_1". Contempt is
// no column there. `timestamp`, behind, has the milliseconds.

namespace mien::reports {
namespace {

constexpr std::size_t kPyFeatLandmarks = 68;
constexpr const char* kFaceHeader =
    "FaceRectX,FaceRectY,FaceRectWidth,FaceRectHeight,FaceScore,";
constexpr const char* kHeader =
    "Neutral,Happy,Sad,Surprise,Fear,Disgust,Anger,valence,arousal,"
    "FrameHeight,FrameWidth,input,frame,approx_time,Identity,timestamp\n";

constexpr const char* kPyFeatExpressions[] = {"neutral", "happiness", "sadness", "surprise",
                                              "fear",    "disgust",   "anger"};

std::string clock_words(double seconds) {
  const auto whole = static_cast<long long>(seconds);
  char text[40];
  std::snprintf(text, sizeof text, "%02lld:%02lld", whole / 60, whole % 60);
  return text;
}

}  // namespace

void write_pyfeat(const sessions::RecordedSession& session, std::ostream& out) {
  const CanonicalScores scores(session.labels);
  const auto input = base::csv_field(source_name(session));
  const auto width = picture_width(session);
  const auto height = picture_height(session);
  const bool landmarks = session.columns == sessions::Columns::landmarks;
  const bool pose = session.columns != sessions::Columns::basic;
  out << kFaceHeader;
  if (landmarks) {
    for (const char axis : {'x', 'y'}) {
      for (std::size_t i = 0; i < kPyFeatLandmarks; ++i) out << axis << '_' << i << ',';
    }
  }
  if (pose) out << "Pitch,Roll,Yaw,";
  out << kHeader;
  const auto write_geometry = [&](const sessions::SessionRow& row) {
    const sessions::RowGeometry nothing;
    const auto& geometry = row.geometry ? *row.geometry : nothing;
    for (float cv::Point2f::*axis : {&cv::Point2f::x, &cv::Point2f::y}) {
      for (std::size_t i = 0; landmarks && i < kPyFeatLandmarks; ++i) {
        out << ',';
        if (i < geometry.landmarks.size()) {
          out << base::decimal_or_empty(static_cast<double>(geometry.landmarks[i].*axis), 1);
        }
      }
    }
    if (!pose) return;
    for (const float angle : {geometry.pitch, geometry.roll, geometry.yaw}) {
      out << ',' << base::decimal_or_empty(static_cast<double>(angle), 2);
    }
  };
  for (const auto& row : session.rows) {
    if (row.success) {
      for (const float side : {row.box.x, row.box.y, row.box.width, row.box.height}) {
        out << base::decimal_or_empty(static_cast<double>(side), 1) << ',';
      }
      out << base::decimal_or_empty(static_cast<double>(row.confidence), 3);
      write_geometry(row);
      for (const auto* expression : kPyFeatExpressions) {
        out << ','
            << base::decimal_or_empty(static_cast<double>(scores.of(row, expression)), 4);
      }
      out << ',' << base::decimal_or_empty(static_cast<double>(row.valence), 4) << ',';
    } else {
      out << ",,,,0";
      write_geometry(row);
      out << ",,,,,,,,,";
    }
    out << ',' << height << ',' << width << ','
        << (row.file.empty() ? input : base::csv_field(row.file)) << ',' << row.frame - 1 << ','
        << clock_words(row.timestamp) << ',';
    if (row.success) {
      const auto name = session.names.find(row.person);
      out << base::csv_field(name != session.names.end() && !name->second.empty()
                                 ? name->second
                                 : "Person_" + std::to_string(row.person));
    }
    out << ',' << base::decimal_or_empty(row.timestamp, 3) << '\n';
  }
}

}  // namespace mien::reports
