#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mien/base/reading.hpp"
#include "mien/sessions/text_file.hpp"

namespace mien::sessions {

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
  void write(std::uint64_t frame_number, std::int64_t milliseconds,
             const base::AnalyzedFrame& frame);
  void flush() { file_.flush(); }
  void close() { file_.close(); }

  const std::vector<std::string>& labels() const { return labels_; }
  const system::FileHandle& handle() const { return file_.handle(); }
  std::uintmax_t bytes_written() const { return file_.bytes_written(); }

 private:
  std::vector<std::string> labels_;
  bool files_;
  TextFile file_;
};

/// How many columns faces.csv has beside those of the labels and `file`.
inline constexpr std::size_t kFixedFacesColumns = 13;

/// The header of faces.csv, without its line end: the fixed columns with those of the labels
/// between them. `files`: with a column `file` before the labels', for pictures that have a
/// file each.
std::string faces_header(const std::vector<std::string>& labels, bool files = false);

/// Whether a header has the column `file`, behind the box.
bool has_file_column(const std::vector<std::string_view>& header);

/// The labels between the columns that every faces.csv has, without `file`; nothing when
/// `header` is not the header of one.
std::optional<std::vector<std::string>> labels_in_header(
    const std::vector<std::string_view>& header);

}  // namespace mien::sessions
