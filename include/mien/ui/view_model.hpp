#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <opencv2/core.hpp>

#include "mien/analysis/live_session.hpp"
#include "mien/base/notice.hpp"
#include "mien/base/reading.hpp"
#include "mien/base/settings.hpp"
#include "mien/sources/cameras.hpp"

namespace mien {

/// Something that a menu offers.
struct Choice {
  std::string id;
  std::string name;
  std::string description;  ///< one line; may be empty
};

/// How the recording goes.
struct RecordingView {
  bool active = false;
  bool finishing = false;  ///< stopped, files being closed
  double seconds = 0;      ///< recorded so far
  std::uintmax_t bytes = 0;
};

/// All that the panels show, as plain values taken once per redraw. Panels read it and never
/// look anywhere else, so a test or a screenshot can show any moment.
struct ViewModel {
  /// An opaque texture that holds the picture, 0 for none. The one who draws keeps it alive.
  std::uintptr_t picture = 0;
  cv::Size picture_size;  ///< pixels of the frame, not of the texture
  bool mirrored = false;  ///< show the picture as in a mirror

  /// The readings shown; null for none. Boxes are in pixels of picture_size.
  AnalyzedFramePtr analysis;
  float reading_strength =
      1;  ///< 1: of this very picture; less: older, drawn fainter; 0: too old

  LiveStatus status;
  std::optional<double> latency_ms;  ///< from capture to screen; none when nothing moves
  RecordingView recording;

  std::vector<CameraInfo> cameras;
  bool cameras_known = false;  ///< the first look for cameras is done
  std::vector<Choice> detectors;
  std::vector<Choice> models;

  /// Names under which resting faces are kept for the model in use.
  std::vector<std::string> kept_people;

  Settings settings;
  std::string sessions_folder;  ///< where recordings go
  std::vector<Notice> notices;  ///< new ones; each is given once
  std::string version;
};

}  // namespace mien
