#pragma once

#include <string>

#include <opencv2/core.hpp>

namespace mien {

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

}  // namespace mien
