#include "v4l2.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <iterator>
#include <utility>

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "pixel_formats.hpp"

namespace mien::sources {
namespace {

constexpr int kMaxListed = 256;  // a driver that never says "no more" must not hang the program
const std::array<cv::Size, 9> kUsualSizes{{{3840, 2160},
                                           {1920, 1080},
                                           {1280, 960},
                                           {1280, 720},
                                           {1024, 768},
                                           {800, 600},
                                           {640, 480},
                                           {640, 360},
                                           {320, 240}}};
constexpr std::array<double, 4> kUsualRates{60, 30, 15, 10};

double rate_of(const v4l2_fract& interval) {
  if (interval.numerator == 0) return 0;
  const double fps = static_cast<double>(interval.denominator) / interval.numerator;
  return std::round(fps * 100) / 100;
}

/// What a driver that lists no sizes makes of the usual ones.
std::vector<cv::Size> probe_sizes(int fd, std::uint32_t type, std::uint32_t fourcc) {
  std::vector<cv::Size> sizes;
  for (const cv::Size& size : kUsualSizes) {
    v4l2_format format{};
    format.type = type;
    const auto attempt = [&](auto& pixels) {
      pixels.width = static_cast<std::uint32_t>(size.width);
      pixels.height = static_cast<std::uint32_t>(size.height);
      pixels.pixelformat = fourcc;
      pixels.field = V4L2_FIELD_ANY;
      const bool taken =
          v4l2_ioctl(fd, VIDIOC_TRY_FMT, &format) == 0 && pixels.pixelformat == fourcc;
      return taken ? cv::Size(static_cast<int>(pixels.width), static_cast<int>(pixels.height))
                   : cv::Size();
    };
    const cv::Size own = type == V4L2_BUF_TYPE_VIDEO_CAPTURE ? attempt(format.fmt.pix)
                                                             : attempt(format.fmt.pix_mp);
    if (own.empty()) break;
    if (std::find(sizes.begin(), sizes.end(), own) == sizes.end()) sizes.push_back(own);
  }
  return sizes;
}

std::vector<cv::Size> query_sizes(int fd, std::uint32_t type, std::uint32_t fourcc) {
  std::vector<cv::Size> sizes;
  for (std::uint32_t i = 0; i < kMaxListed; ++i) {
    v4l2_frmsizeenum item{};
    item.index = i;
    item.pixel_format = fourcc;
    if (v4l2_ioctl(fd, VIDIOC_ENUM_FRAMESIZES, &item) != 0) break;
    if (item.type == V4L2_FRMSIZE_TYPE_DISCRETE) {
      sizes.emplace_back(static_cast<int>(item.discrete.width),
                         static_cast<int>(item.discrete.height));
      continue;
    }
    const auto& range = item.stepwise;
    const auto fits = [](int value, std::uint32_t low, std::uint32_t high, std::uint32_t step) {
      const auto v = static_cast<std::uint32_t>(value);
      return v >= low && v <= high && (v - low) % std::max(1U, step) == 0;
    };
    for (const cv::Size& size : kUsualSizes) {
      if (fits(size.width, range.min_width, range.max_width, range.step_width) &&
          fits(size.height, range.min_height, range.max_height, range.step_height)) {
        sizes.push_back(size);
      }
    }
    break;  // a range stands alone
  }
  if (sizes.empty()) sizes = probe_sizes(fd, type, fourcc);
  return sizes;
}

std::vector<double> query_rates(int fd, std::uint32_t fourcc, cv::Size size) {
  std::vector<double> rates;
  for (std::uint32_t i = 0; i < kMaxListed; ++i) {
    v4l2_frmivalenum item{};
    item.index = i;
    item.pixel_format = fourcc;
    item.width = static_cast<std::uint32_t>(size.width);
    item.height = static_cast<std::uint32_t>(size.height);
    if (v4l2_ioctl(fd, VIDIOC_ENUM_FRAMEINTERVALS, &item) != 0) break;
    if (item.type == V4L2_FRMIVAL_TYPE_DISCRETE) {
      rates.push_back(rate_of(item.discrete));
      continue;
    }
    for (double rate : kUsualRates) {
      if (rate <= rate_of(item.stepwise.min) && rate >= rate_of(item.stepwise.max)) {
        rates.push_back(rate);
      }
    }
    break;
  }
  return rates;
}

}  // namespace

int v4l2_ioctl(int fd, unsigned long request, void* argument) {
  int result = 0;
  do {
    result = ::ioctl(fd, request, argument);
  } while (result == -1 && errno == EINTR);
  return result == -1 ? errno : 0;
}

std::string format_name(std::uint32_t fourcc) {
  std::string name(4, ' ');
  for (int i = 0; i < 4; ++i) name[i] = static_cast<char>((fourcc >> (8 * i)) & 0x7F);
  return name;
}

std::uint32_t capture_type(int fd) {
  v4l2_capability capability{};
  if (v4l2_ioctl(fd, VIDIOC_QUERYCAP, &capability) != 0) return 0;
  // UVC's metadata nodes carry VIDEO_CAPTURE in `capabilities`, which speaks of the whole
  // device.
  const std::uint32_t caps = (capability.capabilities & V4L2_CAP_DEVICE_CAPS) != 0
                                 ? capability.device_caps
                                 : capability.capabilities;
  if ((caps & V4L2_CAP_STREAMING) == 0) return 0;
  if ((caps & V4L2_CAP_VIDEO_CAPTURE) != 0) return V4L2_BUF_TYPE_VIDEO_CAPTURE;
  return (caps & V4L2_CAP_VIDEO_CAPTURE_MPLANE) != 0 ? V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE : 0;
}

std::optional<std::string> query_capture_name(int fd) {
  v4l2_capability capability{};
  if (capture_type(fd) == 0 || v4l2_ioctl(fd, VIDIOC_QUERYCAP, &capability) != 0) {
    return std::nullopt;
  }
  const auto* card = reinterpret_cast<const char*>(capability.card);
  std::string name(card, strnlen(card, sizeof capability.card));
  return name.empty() ? "Camera" : name;
}

std::vector<CameraMode> query_modes(int fd) {
  struct Ranked {
    int rank;
    CameraMode mode;
  };
  std::vector<Ranked> found;
  const std::uint32_t type = capture_type(fd);
  for (std::uint32_t i = 0; i < kMaxListed; ++i) {
    v4l2_fmtdesc format{};
    format.index = i;
    format.type = type;
    if (v4l2_ioctl(fd, VIDIOC_ENUM_FMT, &format) != 0) break;
    if (!can_decode(format.pixelformat)) continue;
    for (const cv::Size& size : query_sizes(fd, type, format.pixelformat)) {
      if (size.empty()) continue;
      auto rates = query_rates(fd, format.pixelformat, size);
      std::erase_if(rates, [](double rate) { return !(rate > 0); });
      // Some drivers have one rate, which they do not list: 0 stands for it.
      if (rates.empty()) rates.push_back(0);
      for (double rate : rates) {
        found.push_back(
            {format_rank(format.pixelformat), {size, rate, format_name(format.pixelformat)}});
      }
    }
  }
  std::stable_sort(found.begin(), found.end(), [](const Ranked& a, const Ranked& b) {
    if (a.rank != b.rank) return a.rank < b.rank;
    if (a.mode.size != b.mode.size) {
      return std::pair(a.mode.size.area(), a.mode.size.width) >
             std::pair(b.mode.size.area(), b.mode.size.width);
    }
    return a.mode.fps > b.mode.fps;
  });
  std::vector<CameraMode> modes;
  for (Ranked& item : found) {
    if (modes.empty() || modes.back() != item.mode) modes.push_back(std::move(item.mode));
  }
  return modes;
}

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
  if (!query_capture_name(static_cast<int>(file_.native()))) throw Failure{ENOTTY};
  type_ = capture_type(static_cast<int>(file_.native()));
  set_format(mode);
  set_rate(mode ? mode->fps : 0);
  try {
    map_buffers();
    std::uint32_t type = type_;
    request(static_cast<int>(file_.native()), VIDIOC_STREAMON, &type);
  } catch (...) {
    unmap_buffers();
    throw;
  }
}

V4l2Stream::~V4l2Stream() {
  std::uint32_t type = type_;
  v4l2_ioctl(static_cast<int>(file_.native()), VIDIOC_STREAMOFF, &type);
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
  request(static_cast<int>(file_.native()), VIDIOC_S_FMT, &format);
}

void V4l2Stream::set_format(const std::optional<CameraMode>& mode) {
  v4l2_format format{};
  format.type = type_;
  request(static_cast<int>(file_.native()), VIDIOC_G_FMT, &format);
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
  if (v4l2_ioctl(static_cast<int>(file_.native()), VIDIOC_G_PARM, &parameters) != 0) return;
  v4l2_fract& interval = parameters.parm.capture.timeperframe;
  if (fps > 0 && (parameters.parm.capture.capability & V4L2_CAP_TIMEPERFRAME) != 0) {
    interval.numerator = 1000;
    interval.denominator = static_cast<std::uint32_t>(std::lround(fps * 1000));
    const int error = v4l2_ioctl(static_cast<int>(file_.native()), VIDIOC_S_PARM, &parameters);
    if (error == EBUSY) throw Failure{error};
  }
  if (interval.numerator > 0) {
    mode_.fps = std::round(100.0 * interval.denominator / interval.numerator) / 100;
  }
}

void V4l2Stream::map_buffers() {
  v4l2_requestbuffers buffers{};
  buffers.count = kBuffers;
  buffers.type = type_;
  buffers.memory = V4L2_MEMORY_MMAP;
  request(static_cast<int>(file_.native()), VIDIOC_REQBUFS, &buffers);
  if (buffers.count < 2) throw Failure{ENOMEM};
  for (std::uint32_t i = 0; i < buffers.count; ++i) {
    Description told(type_, i);
    request(static_cast<int>(file_.native()), VIDIOC_QUERYBUF, &told.buffer);
    auto& planes = buffers_.emplace_back();
    const auto map = [&](std::uint32_t length, std::uint32_t offset) {
      void* start = ::mmap(nullptr, length, PROT_READ, MAP_SHARED,
                           static_cast<int>(file_.native()), static_cast<off_t>(offset));
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
    request(static_cast<int>(file_.native()), VIDIOC_QBUF, &told.buffer);
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
  const int error = v4l2_ioctl(static_cast<int>(file_.native()), VIDIOC_DQBUF, &filled);
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
  // Unplugged meanwhile? The next VIDIOC_DQBUF reports the error.
  v4l2_ioctl(static_cast<int>(file_.native()), VIDIOC_QBUF, &filled);
  return true;
}

}  // namespace mien::sources
