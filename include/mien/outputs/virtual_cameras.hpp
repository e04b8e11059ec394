#pragma once

#include <string>
#include <vector>

namespace mien::outputs {

/// A virtual camera that pictures can be sent to: what follows "camera:" in a spec, with
/// ",blurred" behind it or not.
struct VirtualCameraChoice {
  std::string device;  ///< "/dev/video10"
  std::string name;    ///< for people: "Dummy video device (0x0000)"
};

/// Those of this machine, for a menu. Opens every camera for a moment, which may take up to a
/// second: not for the thread that draws. Any thread.
std::vector<VirtualCameraChoice> virtual_cameras();

/// What to do when there is none: a sentence.
std::string how_to_get_a_virtual_camera();

}  // namespace mien::outputs
