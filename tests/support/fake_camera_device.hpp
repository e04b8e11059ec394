#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <linux/videodev2.h>
#include <opencv2/core.hpp>

#include "fake_camera_script.hpp"

namespace fake_camera {

/// Whether this script has already taken the camera away.
bool is_unplugged(int camera, const Script& script);

/// One opening of a fake device node: what a driver keeps for a file handle. The descriptor is
/// a timerfd that ticks at the frame rate while streaming, so poll() and select() just work.
class Device {
 public:
  /// `metadata`: the second node that UVC cameras have, which gives no pictures.
  Device(int camera, bool metadata);
  ~Device();

  int descriptor() const { return timer_; }

  /// As ioctl(2), but returns 0 or an errno.
  int control(unsigned long request, void* argument);

  /// As write(2) to a device that takes pictures, but returns -errno: a whole picture, or none.
  std::int64_t take(const void* bytes, std::size_t count);

  /// As mmap(2) of a buffer.
  void* map(void* address, std::size_t length, int protection, int flags, std::int64_t offset);

 private:
  /// A piece of a buffer's memory, as the device has agreed to it.
  struct Plane {
    std::size_t stride = 0;
    std::size_t size = 0;    ///< of the picture, without the offset before it
    std::size_t start = 0;   ///< in a buffer
    std::size_t length = 0;  ///< of the memory
  };
  using Pieces = std::vector<std::vector<std::uint8_t>>;  ///< each plane's bytes

  int control_output(unsigned long request, void* argument);
  bool is_mine(std::uint32_t type) const;
  std::vector<Plane> planes() const;
  void describe(v4l2_buffer& buffer) const;
  int enumerate_format(v4l2_fmtdesc& item) const;
  int enumerate_size(v4l2_frmsizeenum& item) const;
  int enumerate_rate(v4l2_frmivalenum& item) const;
  int set_format(v4l2_format& format, bool keep);
  int set_rate(v4l2_streamparm& parameters, bool keep);
  int request_buffers(v4l2_requestbuffers& request);
  int query_buffer(v4l2_buffer& buffer) const;
  int queue(v4l2_buffer& buffer);
  int dequeue(v4l2_buffer& buffer);
  int start(std::uint32_t type, bool on);
  void arm(double fps);
  bool offers(std::uint32_t fourcc) const;
  std::size_t buffer_size() const;
  Pieces& picture(int frame);
  Pieces encode(const cv::Mat& image) const;
  cv::Mat draw(int frame);

  const int camera_;
  const bool metadata_;
  const Script script_;
  int timer_ = -1;
  int memory_ = -1;
  std::uint8_t* own_view_ = nullptr;
  std::size_t own_size_ = 0;

  std::uint32_t fourcc_ = V4L2_PIX_FMT_YUYV;
  std::uint32_t width_ = 640;
  std::uint32_t height_ = 480;
  std::uint32_t fps_ = 30;
  std::uint32_t buffers_ = 0;
  std::deque<std::uint32_t> queued_;
  bool streaming_ = false;
  int frame_ = 0;

  cv::Mat portrait_;
  std::map<int, Pieces> ready_;  // pictures by their place in the loop
};

}  // namespace fake_camera
