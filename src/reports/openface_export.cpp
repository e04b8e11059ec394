#include "mien/base/csv.hpp"
#include "mien/base/numbers.hpp"
#include "mien/sessions/faces_table.hpp"

#include "export_support.hpp"

// As OpenFace's FeatureExtraction and FaceLandmarkVidMulti write it: frame, face_id, timestamp,
// confidence, success, then what was measured; every cell is a number, and a frame without a
// face is a row of zeros. Pictures of a folder are named in one more column, the last.
// Landmarks, gaze, pose and action units are not measured here, and a box and probabilities
// stand in their place. https://github.com/TadasBaltrusaitis/OpenFace/wiki/Output-Format

namespace mien::reports {

void write_openface(const sessions::RecordedSession& session, std::ostream& out) {
  out << "frame,face_id,timestamp,confidence,success,x,y,w,h";
  for (const auto& label : session.labels) out << ',' << base::csv_field(label);
  const bool files = names_files(session);
  out << ",certainty,valence" << (files ? ",file\n" : "\n");
  const auto cell = [&](double value, int decimals) {
    const auto text = base::decimal_or_empty(value, decimals);
    out << ',' << (text.empty() ? "0" : text);
  };
  for (const auto& row : session.rows) {
    out << row.frame << ',' << row.person;
    cell(row.timestamp, 3);
    cell(static_cast<double>(row.confidence), 3);
    out << (row.success ? ",1" : ",0");
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
