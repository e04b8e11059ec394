#include "v4l2_stream.hpp"

#include <algorithm>
#include <cerrno>
#include <cmath>

#include <fcntl.h>
#include <sys/mman.h>

#include "pixel_formats.hpp"

namespace mien {
namespace {

constexpr std::uint32_t kCapture = V4L2_BUF_TYPE_VIDEO_CAPTURE;
constexpr std::uint32_t kBuffers = 4;

void request(int fd, unsigned long code, void* argument) {
  if (const int error = v4l2_ioctl(fd, code, argument)) throw V4l2Stream::Failure{error};
}

std::uint32_t fourcc_of(const std::string& format) {
  if (format.size() != 4) return 0;
  return v4l2_fourcc(format[0], format[1], format[2], format[3]);
}

v4l2_buffer empty_buffer(std::uint32_t index = 0) {
  v4l2_buffer buffer{};
  buffer.type = kCapture;
  buffer.memory = V4L2_MEMORY_MMAP;
  buffer.index = index;
  return buffer;
}

}  // namespace

V4l2Stream::V4l2Stream(const std::string& device, const std::optional<CameraMode>& mode)
    : file_(::open(device.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC)) {
  if (!file_.valid()) throw Failure{errno};
  if (!query_capture_name(file_.get())) throw Failure{ENOTTY};
  set_format(mode);
  set_rate(mode ? mode->fps : 0);
  try {
    map_buffers();
    std::uint32_t type = kCapture;
    request(file_.get(), VIDIOC_STREAMON, &type);
  } catch (...) {
    for (const auto& buffer : buffers_) ::munmap(buffer.data(), buffer.size());
    throw;
  }
}

V4l2Stream::~V4l2Stream() {
  std::uint32_t type = kCapture;
  v4l2_ioctl(file_.get(), VIDIOC_STREAMOFF, &type);
  for (const auto& buffer : buffers_) ::munmap(buffer.data(), buffer.size());
}

void V4l2Stream::set_format(const std::optional<CameraMode>& mode) {
  v4l2_format format{};
  format.type = kCapture;
  request(file_.get(), VIDIOC_G_FMT, &format);
  v4l2_pix_format& pixels = format.fmt.pix;
  if (mode) {
    pixels.width = static_cast<std::uint32_t>(mode->size.width);
    pixels.height = static_cast<std::uint32_t>(mode->size.height);
    pixels.pixelformat = fourcc_of(mode->format);
    pixels.field = V4L2_FIELD_ANY;
    pixels.bytesperline = pixels.sizeimage = 0;  // the driver's to fill in
    request(file_.get(), VIDIOC_S_FMT, &format);
  }
  // The driver changes what it does not like instead of refusing it.
  if (!can_decode(pixels.pixelformat) || pixels.width == 0 || pixels.height == 0 ||
      pixels.width > 16384 || pixels.height > 16384) {
    throw Failure{ENOTSUP};
  }
  fourcc_ = pixels.pixelformat;
  stride_ = pixels.bytesperline;
  mode_.size = {static_cast<int>(pixels.width), static_cast<int>(pixels.height)};
  mode_.format = format_name(fourcc_);
}

void V4l2Stream::set_rate(double fps) {
  v4l2_streamparm parameters{};
  parameters.type = kCapture;
  if (v4l2_ioctl(file_.get(), VIDIOC_G_PARM, &parameters) != 0) return;
  v4l2_fract& interval = parameters.parm.capture.timeperframe;
  if (fps > 0 && (parameters.parm.capture.capability & V4L2_CAP_TIMEPERFRAME) != 0) {
    interval.numerator = 1000;
    interval.denominator = static_cast<std::uint32_t>(std::lround(fps * 1000));
    const int error = v4l2_ioctl(file_.get(), VIDIOC_S_PARM, &parameters);
    if (error == EBUSY) throw Failure{error};
  }
  if (interval.numerator > 0) {
    mode_.fps = std::round(100.0 * interval.denominator / interval.numerator) / 100;
  }
}

void V4l2Stream::map_buffers() {
  v4l2_requestbuffers wish{};
  wish.count = kBuffers;
  wish.type = kCapture;
  wish.memory = V4L2_MEMORY_MMAP;
  request(file_.get(), VIDIOC_REQBUFS, &wish);
  if (wish.count < 2) throw Failure{ENOMEM};
  for (std::uint32_t i = 0; i < wish.count; ++i) {
    v4l2_buffer buffer = empty_buffer(i);
    request(file_.get(), VIDIOC_QUERYBUF, &buffer);
    void* start = ::mmap(nullptr, buffer.length, PROT_READ, MAP_SHARED, file_.get(),
                         static_cast<off_t>(buffer.m.offset));
    if (start == MAP_FAILED) throw Failure{errno};
    buffers_.emplace_back(static_cast<std::uint8_t*>(start), buffer.length);
    request(file_.get(), VIDIOC_QBUF, &buffer);
  }
}

bool V4l2Stream::take(const std::function<void(const Buffer&)>& visit) {
  v4l2_buffer filled = empty_buffer();
  const int error = v4l2_ioctl(file_.get(), VIDIOC_DQBUF, &filled);
  if (error == EAGAIN) return false;
  if (error != 0) throw Failure{error};
  if (filled.index >= buffers_.size()) throw Failure{EIO};

  Buffer buffer;
  const auto& memory = buffers_[filled.index];
  buffer.bytes = memory.first(std::min<std::size_t>(filled.bytesused, memory.size()));
  buffer.sequence = filled.sequence;
  buffer.corrupt = (filled.flags & V4L2_BUF_FLAG_ERROR) != 0;
  if ((filled.flags & V4L2_BUF_FLAG_TIMESTAMP_MASK) == V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC) {
    buffer.monotonic = std::chrono::seconds(filled.timestamp.tv_sec) +
                       std::chrono::microseconds(filled.timestamp.tv_usec);
  }
  visit(buffer);
  // Unplugged meanwhile? This picture is good; the next call tells.
  v4l2_ioctl(file_.get(), VIDIOC_QBUF, &filled);
  return true;
}

}  // namespace mien
