#include "v4l2_stream.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <iterator>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>

#include "pixel_formats.hpp"

namespace mien {
namespace {

constexpr std::uint32_t kBuffers = 4;

void request(int fd, unsigned long code, void* argument) {
  if (const int error = v4l2_ioctl(fd, code, argument)) throw V4l2Stream::Failure{error};
}

std::uint32_t fourcc_of(const std::string& format) {
  if (format.size() != 4) return 0;
  return v4l2_fourcc(format[0], format[1], format[2], format[3]);
}

/// A buffer's description with room for its planes, of which an ioctl asks.
struct Description {
  Description(std::uint32_t type, std::uint32_t index = 0) {
    buffer.type = type;
    buffer.memory = V4L2_MEMORY_MMAP;
    buffer.index = index;
    if (type != V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE) return;
    buffer.m.planes = planes.data();
    buffer.length = static_cast<std::uint32_t>(planes.size());
  }
  Description(const Description&) = delete;
  Description& operator=(const Description&) = delete;

  v4l2_buffer buffer{};
  std::array<v4l2_plane, VIDEO_MAX_PLANES> planes{};
};

}  // namespace

V4l2Stream::V4l2Stream(const std::string& device, const std::optional<CameraMode>& mode)
    : file_(::open(device.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC)) {
  if (!file_.valid()) throw Failure{errno};
  if (!query_capture_name(file_.get())) throw Failure{ENOTTY};
  type_ = capture_type(file_.get());
  set_format(mode);
  set_rate(mode ? mode->fps : 0);
  try {
    map_buffers();
    std::uint32_t type = type_;
    request(file_.get(), VIDIOC_STREAMON, &type);
  } catch (...) {
    unmap_buffers();
    throw;
  }
}

V4l2Stream::~V4l2Stream() {
  std::uint32_t type = type_;
  v4l2_ioctl(file_.get(), VIDIOC_STREAMOFF, &type);
  unmap_buffers();
}

/// Asks for a format, of the size that the device has without one. What it makes of it is in
/// `format`.
void V4l2Stream::agree(v4l2_format& format, std::uint32_t fourcc,
                       std::optional<cv::Size> size) {
  const auto ask = [&](auto& pixels) {
    if (size) {
      pixels.width = static_cast<std::uint32_t>(size->width);
      pixels.height = static_cast<std::uint32_t>(size->height);
    }
    pixels.pixelformat = fourcc;
    pixels.field = V4L2_FIELD_ANY;
  };
  if (multi_planar()) {
    ask(format.fmt.pix_mp);
    std::fill(std::begin(format.fmt.pix_mp.plane_fmt), std::end(format.fmt.pix_mp.plane_fmt),
              v4l2_plane_pix_format{});  // the driver's to fill in
  } else {
    ask(format.fmt.pix);
    format.fmt.pix.bytesperline = format.fmt.pix.sizeimage = 0;
  }
  request(file_.get(), VIDIOC_S_FMT, &format);
}

void V4l2Stream::set_format(const std::optional<CameraMode>& mode) {
  v4l2_format format{};
  format.type = type_;
  request(file_.get(), VIDIOC_G_FMT, &format);
  const auto agreed = [&] {
    return multi_planar() ? format.fmt.pix_mp.pixelformat : format.fmt.pix.pixelformat;
  };
  if (mode) {
    agree(format, fourcc_of(mode->format), mode->size);
  } else if (!can_decode(agreed())) {
    // Another program left it in a format that is not read here; ask for those that are.
    const v4l2_format before = format;
    for (const std::uint32_t fourcc : readable_formats()) {
      format = before;
      try {
        agree(format, fourcc, std::nullopt);
      } catch (const Failure& failure) {
        if (failure.error != EINVAL) throw;
        continue;
      }
      if (can_decode(agreed())) break;
    }
  }
  const auto take_over = [&](const auto& pixels) {
    // The driver changes what it does not like instead of refusing it.
    if (!can_decode(pixels.pixelformat) || pixels.width == 0 || pixels.height == 0 ||
        pixels.width > 16384 || pixels.height > 16384) {
      throw Failure{ENOTSUP};
    }
    fourcc_ = pixels.pixelformat;
    mode_.size = {static_cast<int>(pixels.width), static_cast<int>(pixels.height)};
    mode_.format = format_name(fourcc_);
  };
  if (multi_planar()) {
    const auto& pixels = format.fmt.pix_mp;
    take_over(pixels);
    const std::size_t planes = std::clamp<std::size_t>(pixels.num_planes, 1, VIDEO_MAX_PLANES);
    for (std::size_t i = 0; i < planes; ++i) {
      strides_.push_back(pixels.plane_fmt[i].bytesperline);
    }
  } else {
    take_over(format.fmt.pix);
    strides_ = {format.fmt.pix.bytesperline};
  }
}

void V4l2Stream::set_rate(double fps) {
  v4l2_streamparm parameters{};
  parameters.type = type_;
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
  wish.type = type_;
  wish.memory = V4L2_MEMORY_MMAP;
  request(file_.get(), VIDIOC_REQBUFS, &wish);
  if (wish.count < 2) throw Failure{ENOMEM};
  for (std::uint32_t i = 0; i < wish.count; ++i) {
    Description told(type_, i);
    request(file_.get(), VIDIOC_QUERYBUF, &told.buffer);
    auto& planes = buffers_.emplace_back();
    const auto map = [&](std::uint32_t length, std::uint32_t offset) {
      void* start = ::mmap(nullptr, length, PROT_READ, MAP_SHARED, file_.get(),
                           static_cast<off_t>(offset));
      if (start == MAP_FAILED) throw Failure{errno};
      planes.emplace_back(static_cast<std::uint8_t*>(start), length);
    };
    if (multi_planar()) {
      for (std::size_t p = 0; p < strides_.size(); ++p) {
        map(told.planes[p].length, told.planes[p].m.mem_offset);
      }
    } else {
      map(told.buffer.length, told.buffer.m.offset);
    }
    request(file_.get(), VIDIOC_QBUF, &told.buffer);
  }
}

void V4l2Stream::unmap_buffers() {
  for (const auto& planes : buffers_) {
    for (const auto& plane : planes) ::munmap(plane.data(), plane.size());
  }
  buffers_.clear();
}

bool V4l2Stream::take(const std::function<void(const Buffer&)>& visit) {
  Description told(type_);
  v4l2_buffer& filled = told.buffer;
  const int error = v4l2_ioctl(file_.get(), VIDIOC_DQBUF, &filled);
  if (error == EAGAIN) return false;
  if (error != 0) throw Failure{error};
  if (filled.index >= buffers_.size()) throw Failure{EIO};

  Buffer buffer;
  std::vector<std::span<const std::uint8_t>> planes;
  for (std::size_t p = 0; p < buffers_[filled.index].size(); ++p) {
    const std::span<const std::uint8_t> memory = buffers_[filled.index][p];
    std::size_t used = filled.bytesused;
    std::size_t skipped = 0;
    if (multi_planar()) {
      used = told.planes[p].bytesused;
      skipped = std::min<std::size_t>(told.planes[p].data_offset, memory.size());
    }
    used = std::clamp(used, skipped, memory.size());
    planes.push_back(memory.subspan(skipped, used - skipped));
  }
  std::vector<std::uint8_t> joined;
  if (planes.size() > 1) {
    joined = joined_planes(fourcc_, mode_.size, planes, strides_);
    buffer.bytes = joined;
  } else {
    buffer.bytes = planes.at(0);
  }
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
