#include "mien/base/json_fields.hpp"
#include "mien/base/numbers.hpp"
#include "mien/base/text.hpp"
#include "mien/sessions/faces_table.hpp"

#include "export_support.hpp"

// Like the "detailed log" of Noldus FaceReader: eight lines of preamble (the file in the sixth,
// the frame rate in the seventh, the eighth empty), a header in the ninth, tabs between, times
// as hh:mm:ss.mmm, FIND_FAILED where no face was found. Arousal is not measured here: empty.
// FaceReader has one person in a log; the last column says who it is. Pictures of a folder are
// named in one more column.

namespace mien::reports {
namespace {

constexpr const char* kFaceReaderExpressions[] = {
    "neutral", "happiness", "sadness", "anger", "surprise", "fear", "disgust", "contempt"};

}  // namespace

void write_facereader(const sessions::RecordedSession& session, std::ostream& out) {
  const CanonicalScores scores(session.labels);
  const auto& document = session.document;
  const double seconds = session.rows.empty() ? 0 : session.rows.back().timestamp;
  const auto frames = session.rows.empty() ? 0 : session.rows.back().frame;
  double rate = base::number_in(base::object_in(document, "source"), "fps");
  if (seconds > 0 && frames > 1) rate = static_cast<double>(frames - 1) / seconds;
  const bool files = names_files(session);
  const auto end_row = [&](const sessions::SessionRow& row) {
    if (files) out << '\t' << base::on_one_line(row.file);
    out << "\r\n";
  };
  out << "Video analysis detailed log\r\n\r\n"
      << "Face Model:\t"
      << base::on_one_line(base::text_in(base::object_in(document, "model"), "id")) << "\r\n"
      << "Calibration:\tNone\r\n"
      << "Start time:\t" << base::text_in(document, "started") << "\r\n"
      << "Filename:\t" << base::on_one_line(source_name(session)) << "\r\n"
      << "Frame rate:\t" << base::decimal_or_empty(rate, 3) << "\r\n\r\n"
      << "Video Time\tNeutral\tHappy\tSad\tAngry\tSurprised\tScared\tDisgusted\tContempt\t"
         "Valence\tArousal\tParticipant Name"
      << (files ? "\tFile\r\n" : "\r\n");
  for (const auto& row : session.rows) {
    out << clock_time(row.timestamp);
    if (!row.success) {
      for (int i = 0; i < 10; ++i) out << "\tFIND_FAILED";
      out << '\t';
      end_row(row);
      continue;
    }
    for (const auto* expression : kFaceReaderExpressions) {
      out << '\t' << base::decimal_or_empty(static_cast<double>(scores.of(row, expression)), 4);
    }
    out << '\t' << base::decimal_or_empty(static_cast<double>(row.valence), 4) << "\t\t"
        << base::on_one_line(session.name_of(row.person));
    end_row(row);
  }
}

}  // namespace mien::reports
