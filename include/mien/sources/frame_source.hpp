#pragma once

#include <memory>
#include <optional>
#include <string>

#include <opencv2/core.hpp>

#include "mien/base/frame.hpp"
#include "mien/sources/cameras.hpp"

namespace mien::sources {

/// What an opened source is.
struct SourceInfo {
  std::string spec;    ///< what --source takes to open it again
  std::string name;    ///< for people: "HD Pro Webcam C920", "clip.mp4", "demo"
  std::string kind;    ///< "camera", "video", "image", "folder", "stream" or "demo"
  cv::Size size;       ///< pixels
  double fps = 0;      ///< nominal; 0 when unknown
  std::string format;  ///< "MJPG", "YUYV", "h264" ...; empty when unknown
  bool live = false;   ///< frames come at their own time; false: as fast as they are read
  std::optional<std::int64_t> frame_count;  ///< when known
};

/// Something that pictures come from.
///
/// Opened, read and released by one thread, the capture thread; only interrupt() may be called
/// from another. read() gives a fresh picture every time.
class FrameSource {
 public:
  virtual ~FrameSource() = default;

  virtual const SourceInfo& info() const = 0;

  /// The next frame, waiting for it when live. An image is one frame. The images of a folder
  /// come in natural order a second apart; one that cannot be read leaves a gap in the
  /// sequence. A video that was cut off ends where it breaks. nullptr at the end of the stream,
  /// or after interrupt(). Throws Error when the source broke (unplugged, connection lost).
  virtual base::FramePtr read() = 0;

  /// What of the source could not be had as far as it was read: "The video clip.mp4 ends early,
  /// after 208 of 360 frames; copy it again." Its result is not a whole one. Empty when all
  /// came. A sentence; for the thread that reads.
  virtual std::string damage() const { return {}; }

  /// What is good to know of a source that gave all it should: "Only the first of the 4
  /// pictures in scan.tif was read.", "The certificate of the camera was not checked." Empty,
  /// or a sentence; for the thread that reads.
  virtual std::string remark() const { return {}; }

  /// Makes a read() that waits, and all later ones, return nullptr soon. Any thread. May do
  /// nothing where the library below cannot be interrupted.
  virtual void interrupt() noexcept {}
};

/// Which source to open, and how.
struct SourceRequest {
  /// "demo", a path (video, image, folder of images), a URL (http, https, rtsp), "camera:N" (N
  /// as in `mien cameras`), "/dev/videoN" or a stable path below /dev/v4l. Empty: the first
  /// camera; see allow_demo_fallback.
  std::string spec;
  /// For the window: the demo plays on without end at its own rate. Without it (analyze, eval)
  /// the demo is a clip of fixed length, given as fast as it is read, the same bytes every
  /// time.
  bool realtime = false;
  /// For cameras: the requested mode; the nearest that the camera has is taken. None: MJPG,
  /// 1280x720 or the nearest, at 30 fps.
  std::optional<CameraMode> mode;
  /// When no source is named and there is no camera: the demo. Without it, the error of a
  /// camera that is not there: what is recorded must not be made up.
  bool allow_demo_fallback = true;
  /// For folders: the images are the frames of one video, a second apart, and people are
  /// followed through them. Without it each is a picture by itself.
  bool as_sequence = false;
};

/// Opens it. Throws Error with a sentence per reason: missing, busy, forbidden, not a picture,
/// no pictures in the folder, nobody answers.
std::unique_ptr<FrameSource> open_source(const SourceRequest& request);

}  // namespace mien::sources
