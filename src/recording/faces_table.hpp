#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "mien/base/reading.hpp"

#include "text_file.hpp"

namespace mien {

/// faces.csv: one row for each face of each frame, and one with success 0 for a frame without.
///
/// Columns: frame (from 1, as OpenFace counts), face_id (the person; 0 for nobody), timestamp
/// (seconds since the session's first frame, to the millisecond), confidence (the detector's),
/// success; then x, y, w, h in source pixels, for pictures of a folder file, one smoothed
/// probability for each label, verdict (a label or "not sure"), certainty, reason, valence. RFC
/// 4180 with CRLF, '.' decimals in every locale. One thread.
class FacesTable {
 public:
  /// `files`: with the column `file`, the name of each picture's own file.
  FacesTable(std::filesystem::path file, std::vector<std::string> labels, bool files = false);

  /// A label of the frame that is no column is left out; a column that it lacks stays empty.
  void write(std::uint64_t frame_number, std::int64_t milliseconds, const AnalyzedFrame& frame);
  void flush() { file_.flush(); }
  void close() { file_.close(); }

  const std::vector<std::string>& labels() const { return labels_; }
  int descriptor() const { return file_.descriptor(); }
  std::uintmax_t bytes_written() const { return file_.bytes_written(); }

 private:
  std::vector<std::string> labels_;
  bool files_;
  TextFile file_;
};

/// A field as RFC 4180 wants it: quoted when it holds a comma, a quote or a line end.
std::string csv_field(std::string_view text);

/// A number with `decimals` digits after the point, whatever the locale; empty when not finite.
std::string csv_number(double value, int decimals);

}  // namespace mien
