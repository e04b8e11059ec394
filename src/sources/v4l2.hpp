#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <linux/videodev2.h>
#include <opencv2/core.hpp>

#include "mien/sources/cameras.hpp"
#include "mien/system/file_handle.hpp"

namespace mien::sources {

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

/// A V4L2 device that streams into mapped buffers, which end with the object.
///
/// Not cv::VideoCapture: that neither tells why a camera does not open, nor lets itself be
/// interrupted, nor sees that a buffer came half filled or that the driver dropped one.
class V4l2Stream {
 public:
  /// What went wrong, as an errno, in the first call that failed.
  struct Failure {
    int error = 0;
  };

  /// Opens the device, sets the mode nearest to `mode` (none: what the device is set to) and
  /// starts. Throws Failure.
  V4l2Stream(const std::string& device, const std::optional<CameraMode>& mode);
  ~V4l2Stream();
  V4l2Stream(const V4l2Stream&) = delete;
  V4l2Stream& operator=(const V4l2Stream&) = delete;

  struct Buffer {
    std::span<const std::uint8_t> bytes;                ///< valid until the visitor returns
    std::uint32_t sequence = 0;                         ///< the driver's own count
    std::optional<std::chrono::nanoseconds> monotonic;  ///< CLOCK_MONOTONIC when it was taken
    bool corrupt = false;                               ///< the driver says so
  };

  /// Hands the next filled buffer to `visit`, then gives it back to the driver. False when
  /// there is none yet. Throws Failure: ENODEV when unplugged.
  bool take(const std::function<void(const Buffer&)>& visit);

  int descriptor() const { return static_cast<int>(file_.native()); }  ///< for poll()
  const CameraMode& mode() const { return mode_; }  ///< what the device agreed to
  std::uint32_t fourcc() const { return fourcc_; }
  /// 0 where rows have no padding.
  std::size_t stride() const { return strides_.size() == 1 ? strides_[0] : 0; }

 private:
  void set_format(const std::optional<CameraMode>& mode);
  void set_rate(double fps);
  void agree(v4l2_format& format, std::uint32_t fourcc, std::optional<cv::Size> size);
  void map_buffers();
  void unmap_buffers();
  bool multi_planar() const { return type_ == V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE; }

  system::FileHandle file_;
  CameraMode mode_;
  std::uint32_t fourcc_ = 0;
  std::uint32_t type_ = V4L2_BUF_TYPE_VIDEO_CAPTURE;
  std::vector<std::size_t> strides_;                           ///< of each plane
  std::vector<std::vector<std::span<std::uint8_t>>> buffers_;  ///< each one's planes
};

}  // namespace mien::sources
