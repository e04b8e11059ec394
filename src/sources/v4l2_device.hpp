#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <linux/videodev2.h>

#include "mien/sources/camera_mode.hpp"

namespace mien {

/// An open file, closed with the object.
class FileDescriptor {
 public:
  explicit FileDescriptor(int fd = -1) : fd_(fd) {}
  ~FileDescriptor();
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }

  int get() const { return fd_; }
  bool valid() const { return fd_ >= 0; }

 private:
  int fd_;
};

/// ioctl that goes on after a signal. 0, or errno.
int v4l2_ioctl(int fd, unsigned long request, void* argument);

/// "MJPG" for V4L2_PIX_FMT_MJPEG, and so on.
std::string format_name(std::uint32_t fourcc);

/// V4L2_BUF_TYPE_VIDEO_CAPTURE, or its _MPLANE where a device has only the multi-planar
/// interface; 0 for something that gives no pictures.
std::uint32_t capture_type(int fd);

/// What a device says of itself; nullopt when it is not something that gives pictures.
std::optional<std::string> query_capture_name(int fd);

/// Every mode of the device that this program can decode. Sizes given as a range are listed by
/// their usual members.
std::vector<CameraMode> query_modes(int fd);

}  // namespace mien
