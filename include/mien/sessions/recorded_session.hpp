#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>
#include <opencv2/core/types.hpp>

#include "mien/sessions/columns.hpp"
#include "mien/sessions/privacy.hpp"
#include "mien/sessions/session_events.hpp"

namespace mien::sessions {

/// What a row of faces.csv says of a face's shape. NaN: not there.
struct RowGeometry {
  static constexpr float kNothing = std::numeric_limits<float>::quiet_NaN();

  float presence = kNothing;  ///< of the mesh, 0..1
  std::string no_mesh;        ///< why there is none; empty when there is one
  /// As base::HeadPose: degrees and millimetres; all are there or none.
  float pitch = kNothing, yaw = kNothing, roll = kNothing;
  cv::Point3f translation{kNothing, kNothing, kNothing};
  std::vector<float> movements;  ///< in the order of the session's
  float eyes_open = kNothing;    ///< 1 as usual
  bool eyes_closed = false;
  int blinks = 0;                         ///< of the person until then
  std::optional<bool> looks_at_camera{};  ///< nothing: not known
  std::vector<cv::Point2f> landmarks;     ///< 68, or none; source pixels

  bool has_pose() const { return pitch == pitch; }
};

/// A row of faces.csv: a face in a frame, or a frame without one.
struct SessionRow {
  std::uint64_t frame = 0;  ///< from 1
  int person = 0;           ///< 0 when success is false
  double timestamp = 0;     ///< seconds since the session's first frame
  float confidence = 0;     ///< the detector's
  bool success = false;
  cv::Rect2f box;                    ///< source pixels; empty without a face
  std::string file;                  ///< of the picture; empty unless each has one of its own
  std::vector<float> probabilities;  ///< in the order of the labels; NaN: not there
  std::string verdict;               ///< a label or "not sure"; empty without a face
  float certainty = 0;
  std::string reason;  ///< why not sure; empty otherwise
  float valence = 0;
  std::optional<RowGeometry> geometry;  ///< nothing with basic columns, and when not measured
};

/// The verdict of a row that says no label.
inline constexpr const char* kNotSure = "not sure";

/// A session folder, read back: what the report, the exports, the checker and the replay use.
/// A value; nothing in it points into files.
struct RecordedSession {
  std::filesystem::path folder;
  nlohmann::json document;  ///< session.json
  std::vector<std::string> labels;
  Columns columns = Columns::basic;
  std::vector<std::string> movements;  ///< ids, of this version or another
  std::vector<SessionRow> rows;        ///< in the order of their frames
  std::vector<SessionEvent> events;    ///< empty for sessions older than events.csv
  std::filesystem::path video;         ///< empty when there is none
  Privacy privacy = Privacy::everything;
  std::map<int, std::string> names;  ///< of the people who were given one

  /// "Ada", or "P3" for who has no name.
  std::string name_of(int person) const;
};

/// Reads a finished session. Throws Error that names the file and what is wrong with it.
RecordedSession read_session(const std::filesystem::path& folder);

/// Reads a faces.csv alone, header and rows, as FacesTable writes it. A last line that was cut
/// short by a crash is left out. Throws Error.
struct FacesFile {
  std::vector<std::string> labels;
  Columns columns = Columns::basic;
  std::vector<std::string> movements;  ///< ids
  std::vector<SessionRow> rows;
};
FacesFile read_faces(const std::filesystem::path& file);

/// Reads an events.csv alone, as EventsTable writes it; a kind of a later version is left out,
/// and so is a last line that was cut short. Throws Error.
std::vector<SessionEvent> read_events(const std::filesystem::path& file);

/// Reads the session.json of a session in any state. Throws Error when `folder` holds none, or
/// one of something else.
nlohmann::json read_session_document(const std::filesystem::path& folder);

}  // namespace mien::sessions
