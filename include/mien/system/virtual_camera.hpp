#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <system_error>
#include <vector>

#include "mien/system/camera_device.hpp"
#include "mien/system/file_handle.hpp"

namespace mien::system {

/// A device that takes pictures from one program and gives them to others, which see a camera.
struct VirtualCameraDevice {
  std::string device;  ///< what opens it: "/dev/video10"
  std::string name;    ///< "Dummy video device (0x0000)"
};

/// Those of the system that this user may open, always in the same order; cameras are none.
/// Milliseconds as a rule, up to a second where a camera has to be woken. Any thread.
std::vector<VirtualCameraDevice> list_virtual_camera_devices();

/// Why a virtual camera does not open, or takes no pictures any more.
struct VirtualCameraFailure {
  enum class Why {
    missing,    ///< there is no such device
    forbidden,  ///< this user may not use it
    busy,       ///< another program writes to it
    no_output,  ///< it takes no pictures: a camera, or something else
    no_format,  ///< it takes neither of the two formats
    unplugged,  ///< it was taken away while it was in use
    other,
  };
  Why why = Why::other;
  std::error_code error;  ///< for Why::other
};

/// A virtual camera that pictures are written to, until the object goes. One thread.
class VirtualCamera {
 public:
  /// The width and the height, in pixels, that devices take; others are brought there.
  static constexpr int kSmallestSide = 48;
  static constexpr int kLargestSide = 8192;

  /// Opens the device. Throws VirtualCameraFailure.
  explicit VirtualCamera(const std::string& device);

  /// Agrees on a format: YUYV, which every browser reads, else YUV 4:2:0. The device may want
  /// another size than was asked for. Throws VirtualCameraFailure.
  void set_size(int width, int height);

  /// What was agreed on: 0 before. Width and height are even.
  int width() const { return width_; }
  int height() const { return height_; }
  /// PixelFormat::yuyv or PixelFormat::yuv420.
  PixelFormat format() const { return format_; }

  /// Writes one picture of that size and format, its planes behind each other without gaps;
  /// whoever reads the camera gets it, and nobody is waited for. False when the device has no
  /// room for it just now. Throws VirtualCameraFailure.
  bool write(std::span<const std::uint8_t> picture);

 private:
  FileHandle file_;
  int width_ = 0;
  int height_ = 0;
  PixelFormat format_ = PixelFormat::yuyv;
};

}  // namespace mien::system
