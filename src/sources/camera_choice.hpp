#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mien/sources/cameras.hpp"

namespace mien::sources {

/// The mode nearest to the requested one (without one: MJPG, 1280x720, 30 fps); nullopt when
/// there is none.
std::optional<CameraMode> choose_mode(const std::vector<CameraMode>& modes,
                                      const std::optional<CameraMode>& requested);

/// The camera that `spec` ("camera:N", "/dev/videoN", a path below /dev/v4l) means. A path that
/// is not in the list is taken as it is. Throws Error.
CameraInfo choose_camera(const std::vector<CameraInfo>& cameras, const std::string& spec);

/// N of the camera to open when none was asked for: the first that shows colours. One that has
/// nothing but gray is most often infrared, for signing in. -1 when there is none at all.
int default_camera(const std::vector<CameraInfo>& cameras);

}  // namespace mien::sources
