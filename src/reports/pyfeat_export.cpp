#include <cstdio>

#include "mien/base/csv.hpp"
#include "mien/base/numbers.hpp"
#include "mien/sessions/faces_table.hpp"

#include "export_support.hpp"

// The Fex table of Py-Feat 2's Detectorv2, its columns in its order, without those that are not
// measured here (landmarks, pose, action units, gaze, mesh, embeddings). Frames count from 0, a
// frame without a face has empty cells and FaceScore 0, approx_time is minutes and whole
// seconds, identities are "Person_1". Contempt is no column there. `timestamp`, behind, has the
// milliseconds.

namespace mien::reports {
namespace {

constexpr const char* kHeader =
    "FaceRectX,FaceRectY,FaceRectWidth,FaceRectHeight,FaceScore,"
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
  out << kHeader;
  for (const auto& row : session.rows) {
    if (row.success) {
      for (const float side : {row.box.x, row.box.y, row.box.width, row.box.height}) {
        out << base::decimal_or_empty(static_cast<double>(side), 1) << ',';
      }
      out << base::decimal_or_empty(static_cast<double>(row.confidence), 3);
      for (const auto* expression : kPyFeatExpressions) {
        out << ','
            << base::decimal_or_empty(static_cast<double>(scores.of(row, expression)), 4);
      }
      out << ',' << base::decimal_or_empty(static_cast<double>(row.valence), 4) << ',';
    } else {
      out << ",,,,0,,,,,,,,,";
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
