#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>

#include <fcntl.h>
#include <linux/videodev2.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "mien/system/camera_device.hpp"

#include "native.hpp"
#include "v4l2.hpp"

namespace mien::system {
namespace {

constexpr std::uint32_t kBuffers = 4;
constexpr std::uint32_t kMaxSide = 16384;

CameraFailure failure_of(int error) {
  if (error == ENOTTY || error == EINVAL) return {CameraFailure::Why::no_camera, {}};
  return device_failure<CameraFailure>(error);
}

[[noreturn]] void fail_by_lengths() {
  throw CameraFailure{CameraFailure::Why::wrong_lengths, {}};
}

void request(int descriptor, unsigned long code, void* argument) {
  if (const int error = v4l2_ioctl(descriptor, code, argument)) throw failure_of(error);
}

/// A buffer's description with room for its planes, of which an ioctl asks.
struct Description {
  explicit Description(std::uint32_t type, std::uint32_t index = 0) {
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

/// A V4L2 device that streams into mapped buffers.
class CameraStream::Device {
 public:
  Device(const std::string& device, const std::optional<CaptureMode>& mode);
  ~Device();
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;

  const CaptureMode& mode() const { return mode_; }
  bool wait(std::chrono::milliseconds at_most) const;
  void interrupt() noexcept;
  bool take(const std::function<void(const CapturedPicture&)>& visit);

 private:
  int camera() const { return descriptor_of(file_); }
  bool multi_planar() const { return type_ == V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE; }
  std::uint32_t fourcc_for(PixelFormat format) const;
  int agree(v4l2_format& format, std::uint32_t fourcc,
            const std::optional<CaptureMode>& size) const;
  void set_format(const std::optional<CaptureMode>& mode);
  void set_rate(double fps);
  void map_buffers();
  void unmap_buffers();
  std::vector<PicturePlane> planes_of(const Description& told) const;

  FileHandle file_;
  FileHandle wake_;
  std::uint32_t type_ = V4L2_BUF_TYPE_VIDEO_CAPTURE;
  CaptureMode mode_;
  std::vector<std::size_t> strides_;                           ///< of each plane
  std::vector<std::vector<std::span<std::uint8_t>>> buffers_;  ///< each one's planes
};

CameraStream::Device::Device(const std::string& device, const std::optional<CaptureMode>& mode)
    : file_(::open(device.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC)) {
  if (!file_.valid()) throw failure_of(errno);
  if (!query_capture_name(camera())) throw failure_of(ENOTTY);
  wake_ = FileHandle(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!wake_.valid()) throw failure_of(errno);
  type_ = capture_type(camera());
  set_format(mode);
  set_rate(mode ? mode->fps : 0);
  try {
    map_buffers();
    std::uint32_t type = type_;
    request(camera(), VIDIOC_STREAMON, &type);
  } catch (...) {
    unmap_buffers();
    throw;
  }
}

CameraStream::Device::~Device() {
  std::uint32_t type = type_;
  v4l2_ioctl(camera(), VIDIOC_STREAMOFF, &type);
  unmap_buffers();
}

/// Of the two that some formats have, the one that the device lists.
std::uint32_t CameraStream::Device::fourcc_for(PixelFormat format) const {
  auto known = query_formats(camera());
  for (const auto& each : all_v4l2_formats()) known.push_back(each);
  return std::find_if(known.begin(), known.end(),
                      [&](const V4l2Format& each) { return each.format == format; })
      ->fourcc;
}

/// Asks for a format, of the size that the device has without one. What it makes of it is in
/// `format`. Returns 0, or errno.
int CameraStream::Device::agree(v4l2_format& format, std::uint32_t fourcc,
                                const std::optional<CaptureMode>& size) const {
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
  return v4l2_ioctl(camera(), VIDIOC_S_FMT, &format);
}

void CameraStream::Device::set_format(const std::optional<CaptureMode>& mode) {
  v4l2_format format{};
  format.type = type_;
  request(camera(), VIDIOC_G_FMT, &format);
  const auto agreed = [&] {
    return v4l2_format_of(multi_planar() ? format.fmt.pix_mp.pixelformat
                                         : format.fmt.pix.pixelformat);
  };
  if (mode) {
    if (const int error = agree(format, fourcc_for(mode->format), mode)) {
      throw failure_of(error);
    }
  } else if (agreed() == nullptr) {
    // Another program left it in a format that is not read here; ask for those that are.
    const v4l2_format before = format;
    for (const V4l2Format& each : all_v4l2_formats()) {
      format = before;
      const int error = agree(format, each.fourcc, std::nullopt);
      if (error != 0 && error != EINVAL) throw failure_of(error);
      if (error == 0 && agreed() != nullptr) break;
    }
  }
  // The driver changes what it does not like instead of refusing it.
  const V4l2Format* const known = agreed();
  const auto take_over = [&](const auto& pixels) {
    if (known == nullptr || pixels.width == 0 || pixels.height == 0 ||
        pixels.width > kMaxSide || pixels.height > kMaxSide) {
      throw CameraFailure{CameraFailure::Why::no_format, {}};
    }
    mode_.width = static_cast<int>(pixels.width);
    mode_.height = static_cast<int>(pixels.height);
    mode_.format = known->format;
  };
  if (multi_planar()) {
    const auto& pixels = format.fmt.pix_mp;
    take_over(pixels);
    if (pixels.num_planes < known->planes) fail_by_lengths();
    for (std::size_t i = 0; i < known->planes; ++i) {
      strides_.push_back(pixels.plane_fmt[i].bytesperline);
    }
  } else {
    take_over(format.fmt.pix);
    if (known->planes > 1) throw CameraFailure{CameraFailure::Why::no_format, {}};
    strides_ = {format.fmt.pix.bytesperline};
  }
}

void CameraStream::Device::set_rate(double fps) {
  v4l2_streamparm parameters{};
  parameters.type = type_;
  if (v4l2_ioctl(camera(), VIDIOC_G_PARM, &parameters) != 0) return;
  v4l2_fract& interval = parameters.parm.capture.timeperframe;
  if (fps > 0 && (parameters.parm.capture.capability & V4L2_CAP_TIMEPERFRAME) != 0) {
    interval.numerator = 1000;
    interval.denominator = static_cast<std::uint32_t>(std::lround(fps * 1000));
    const int error = v4l2_ioctl(camera(), VIDIOC_S_PARM, &parameters);
    if (error == EBUSY) throw failure_of(error);
  }
  if (interval.numerator > 0) {
    mode_.fps = std::round(100.0 * interval.denominator / interval.numerator) / 100;
  }
}

void CameraStream::Device::map_buffers() {
  v4l2_requestbuffers buffers{};
  buffers.count = kBuffers;
  buffers.type = type_;
  buffers.memory = V4L2_MEMORY_MMAP;
  request(camera(), VIDIOC_REQBUFS, &buffers);
  if (buffers.count < 2) throw failure_of(ENOMEM);
  for (std::uint32_t i = 0; i < buffers.count; ++i) {
    Description told(type_, i);
    request(camera(), VIDIOC_QUERYBUF, &told.buffer);
    auto& planes = buffers_.emplace_back();
    const auto map = [&](std::uint32_t length, std::uint32_t offset) {
      if (length == 0) fail_by_lengths();
      void* start =
          ::mmap(nullptr, length, PROT_READ, MAP_SHARED, camera(), static_cast<off_t>(offset));
      // The kernel maps no more than the device has.
      if (start == MAP_FAILED && errno == EINVAL) fail_by_lengths();
      if (start == MAP_FAILED) throw failure_of(errno);
      planes.emplace_back(static_cast<std::uint8_t*>(start), length);
    };
    if (multi_planar()) {
      if (told.buffer.length < strides_.size()) fail_by_lengths();
      for (std::size_t p = 0; p < strides_.size(); ++p) {
        map(told.planes[p].length, told.planes[p].m.mem_offset);
      }
    } else {
      map(told.buffer.length, told.buffer.m.offset);
    }
    request(camera(), VIDIOC_QBUF, &told.buffer);
  }
}

void CameraStream::Device::unmap_buffers() {
  for (const auto& planes : buffers_) {
    for (const auto& plane : planes) ::munmap(plane.data(), plane.size());
  }
  buffers_.clear();
}

bool CameraStream::Device::wait(std::chrono::milliseconds at_most) const {
  pollfd waits[2] = {{camera(), POLLIN, 0}, {descriptor_of(wake_), POLLIN, 0}};
  const int ready = ::poll(waits, 2, static_cast<int>(at_most.count()));
  if (ready < 0 && errno != EINTR) throw failure_of(errno);
  // An unplugged camera shows as POLLERR; taking a buffer then tells why.
  return ready > 0 && waits[0].revents != 0 && waits[1].revents == 0;
}

void CameraStream::Device::interrupt() noexcept {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(descriptor_of(wake_), &one, sizeof one);
}

/// What a filled buffer holds. A driver's lengths are not believed beyond what is mapped.
std::vector<PicturePlane> CameraStream::Device::planes_of(const Description& told) const {
  const auto& memory = buffers_[told.buffer.index];
  const bool corrupt = (told.buffer.flags & V4L2_BUF_FLAG_ERROR) != 0;
  std::vector<PicturePlane> planes;
  for (std::size_t p = 0; p < memory.size(); ++p) {
    // The first bytes may be the driver's own; they count as used.
    const std::size_t used = multi_planar() ? told.planes[p].bytesused : told.buffer.bytesused;
    const std::size_t skipped = multi_planar() ? told.planes[p].data_offset : 0;
    if (corrupt || used == 0) {
      planes.push_back({{}, strides_[p]});
      continue;
    }
    if (used > memory[p].size() || skipped > used) fail_by_lengths();
    planes.push_back({memory[p].subspan(skipped, used - skipped), strides_[p]});
  }
  return planes;
}

bool CameraStream::Device::take(const std::function<void(const CapturedPicture&)>& visit) {
  Description told(type_);
  v4l2_buffer& filled = told.buffer;
  const int error = v4l2_ioctl(camera(), VIDIOC_DQBUF, &filled);
  if (error == EAGAIN) return false;
  if (error != 0) throw failure_of(error);
  if (filled.index >= buffers_.size()) throw failure_of(EIO);

  const auto planes = planes_of(told);
  CapturedPicture picture;
  picture.planes = planes;
  picture.sequence = filled.sequence;
  picture.corrupt = (filled.flags & V4L2_BUF_FLAG_ERROR) != 0;
  // CLOCK_MONOTONIC, which is std::chrono::steady_clock.
  if ((filled.flags & V4L2_BUF_FLAG_TIMESTAMP_MASK) == V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC) {
    picture.taken = std::chrono::seconds(filled.timestamp.tv_sec) +
                    std::chrono::microseconds(filled.timestamp.tv_usec);
  }
  visit(picture);
  // Unplugged meanwhile? The next VIDIOC_DQBUF reports the error.
  v4l2_ioctl(camera(), VIDIOC_QBUF, &filled);
  return true;
}

CameraStream::CameraStream(const std::string& device, const std::optional<CaptureMode>& mode)
    : device_(std::make_unique<Device>(device, mode)) {}

CameraStream::~CameraStream() = default;

const CaptureMode& CameraStream::mode() const { return device_->mode(); }

bool CameraStream::wait(std::chrono::milliseconds at_most) { return device_->wait(at_most); }

void CameraStream::interrupt() noexcept { device_->interrupt(); }

bool CameraStream::take(const std::function<void(const CapturedPicture&)>& visit) {
  return device_->take(visit);
}

}  // namespace mien::system
