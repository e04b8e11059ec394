#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mien/base/reading.hpp"
#include "mien/sessions/columns.hpp"
#include "mien/sessions/text_file.hpp"

namespace mien::sessions {

/// faces.csv: one row for each face of each frame, and one with success 0 for a frame without.
///
/// Columns: frame (from 1, as OpenFace counts), face_id (the person; 0 for nobody), timestamp
/// (seconds since the session's first frame, to the millisecond), confidence (the detector's),
/// success; then x, y, w, h in source pixels, for pictures of a folder file, one smoothed
/// probability for each label, verdict (a label or "not sure"), certainty, reason, valence;
/// then, as Columns asks, presence (of the mesh), no_mesh (why there is none), pose_pitch,
/// pose_yaw, pose_roll (degrees), pose_Tx, pose_Ty, pose_Tz (millimetres), the movements of
/// base::movements(), eyes_open (1 as usual), eyes_closed (0 or 1), blinks (so far),
/// looks_at_camera (0 or 1; empty when not known), and x_0 to x_67, y_0 to y_67 (source pixels,
/// as mesh_to_68()). RFC 4180 with CRLF, '.' decimals in
/// every locale. One thread.
class FacesTable {
 public:
  /// `files`: with the column `file`, the name of each picture's own file.
  FacesTable(std::filesystem::path file, std::vector<std::string> labels, bool files = false,
             Columns columns = Columns::basic);

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
  Columns columns_;
  TextFile file_;
};

/// How many columns a basic faces.csv has beside those of the labels and `file`.
inline constexpr std::size_t kFixedFacesColumns = 13;

/// The header of faces.csv, without its line end: the fixed columns with those of the labels
/// between them. `files`: with a column `file` before the labels', for pictures that have a
/// file each.
std::string faces_header(const std::vector<std::string>& labels, bool files = false,
                         Columns columns = Columns::basic);

/// What the columns of a faces.csv are, of this or another version.
struct FacesLayout {
  bool files = false;               ///< whether there is a column `file`, behind the box
  std::vector<std::string> labels;  ///< without `file`
  Columns columns = Columns::basic;
  std::vector<std::string> movements;  ///< ids; empty for basic
  bool gaze = false;                   ///< whether there is a column looks_at_camera
  std::size_t verdict = 0;             ///< where that column is
};

/// Nothing when `header` is not the header of a faces.csv.
std::optional<FacesLayout> layout_of(const std::vector<std::string_view>& header);

/// The labels between the columns that every faces.csv has, without `file`; nothing when
/// `header` is not the header of one.
std::optional<std::vector<std::string>> labels_in_header(
    const std::vector<std::string_view>& header);

}  // namespace mien::sessions
