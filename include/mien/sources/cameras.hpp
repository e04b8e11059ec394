#pragma once

#include <string>
#include <vector>

#include <opencv2/core.hpp>

#include "mien/base/error.hpp"

namespace mien::sources {

/// A picture format that a camera offers.
struct CameraMode {
  cv::Size size;       ///< pixels
  double fps = 0;      ///< frames a second; 0 when the driver does not tell
  std::string format;  ///< four characters: "MJPG", "YUYV"

  bool operator==(const CameraMode&) const = default;
};

/// "1280x720@30 MJPG", or "1280x720 MJPG" when the rate is not known, as kept in the settings
/// and shown in the menu.
std::string to_string(const CameraMode& mode);

/// The reverse. Throws Error.
CameraMode parse_camera_mode(const std::string& text);

/// A camera that the system has.
struct CameraInfo {
  int index = 0;       ///< N of "camera:N": its place in this list
  std::string device;  ///< "/dev/video0"
  std::string
      stable_path;   ///< below /dev/v4l/by-id or by-path, or `device`; survives replugging
  std::string name;  ///< "HD Pro Webcam C920"
  std::vector<CameraMode> modes;  ///< MJPG first, then by size and rate, largest first
};

/// A camera that works, but for another program.
class CameraBusy : public base::Error {
 public:
  using base::Error::Error;
};

/// Every camera of the system, which OpenCV cannot list. One that cannot be opened is listed
/// without modes. Takes milliseconds as a rule, up to a second for
/// a camera that has to be woken. Any thread.
std::vector<CameraInfo> list_cameras();

}  // namespace mien::sources
