#pragma once

#include <cerrno>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "mien/system/camera_device.hpp"

namespace mien::system {

/// Devices have the names of the numbers below this.
inline constexpr int kMostVideoDevices = 64;
inline constexpr std::string_view kVideoDevicePrefix = "/dev/video";
/// "/dev/video0"
std::string video_device(int number);

/// ioctl that goes on after a signal. 0, or errno.
int v4l2_ioctl(int descriptor, unsigned long request, void* argument);

/// A V4L2 format that is read here. Of those with several planes there are two: with the planes
/// behind each other, and with memory of its own for each.
struct V4l2Format {
  std::uint32_t fourcc = 0;
  PixelFormat format = PixelFormat::mjpeg;
  std::size_t planes = 1;  ///< how many pieces of memory
};

/// Null for a format that is not read here.
const V4l2Format* v4l2_format_of(std::uint32_t fourcc);

/// What a device says of itself: its name, which may be empty, and what it can do by itself,
/// V4L2_CAP_...
struct V4l2Device {
  std::string name;
  std::uint32_t capabilities = 0;
};
/// Nothing for what is no V4L2 device.
std::optional<V4l2Device> query_device(int descriptor);

/// What an errno of a device means. Failure: CameraFailure or VirtualCameraFailure.
template <typename Failure>
Failure device_failure(int error) {
  using Why = typename Failure::Why;
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return {Why::missing, {}};
    case EACCES:
    case EPERM:
      return {Why::forbidden, {}};
    case EBUSY:
      return {Why::busy, {}};
    case ENODEV:
    case ENXIO:
      return {Why::unplugged, {}};
    default:
      return {Why::other, {error, std::generic_category()}};
  }
}

/// V4L2_BUF_TYPE_VIDEO_CAPTURE, or its _MPLANE where a device has only the multi-planar
/// interface; 0 for something that gives no pictures.
std::uint32_t capture_type(int descriptor);

/// What a device says of itself; nullopt when it is not something that gives pictures.
std::optional<std::string> query_capture_name(int descriptor);

/// Those that the device lists and that are read here.
std::vector<V4l2Format> query_formats(int descriptor);

/// Every mode of the device that is read here. Sizes given as a range are listed by their usual
/// members.
std::vector<CaptureMode> query_modes(int descriptor);

/// Every format, best first.
std::vector<V4l2Format> all_v4l2_formats();

}  // namespace mien::system
