#include "fake_camera_device.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <ctime>

#include <fcntl.h>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <sys/mman.h>
#include <sys/timerfd.h>
#include <unistd.h>

namespace fake_camera {
namespace {

constexpr int kLoop = 60;  // frames until the pictures come again

struct Mode {
  bool jpeg;
  std::uint32_t width, height, fps;
};

// As many webcams: raw pictures come slowly at the large size.
constexpr std::array<Mode, 8> kModes{{{false, 640, 480, 30},
                                      {false, 320, 240, 30},
                                      {false, 1280, 720, 10},
                                      {true, 640, 480, 30},
                                      {true, 640, 480, 15},
                                      {true, 320, 240, 30},
                                      {true, 1280, 720, 30},
                                      {true, 1280, 720, 15}}};

struct Format {
  const char* name;
  std::uint32_t fourcc;
  std::size_t planes;  ///< pieces of memory; several need the multi-planar interface
};

constexpr std::array<Format, 6> kFormats{{{"YUYV", V4L2_PIX_FMT_YUYV, 1},
                                          {"MJPG", V4L2_PIX_FMT_MJPEG, 1},
                                          {"NV12", V4L2_PIX_FMT_NV12, 1},
                                          {"NM12", V4L2_PIX_FMT_NV12M, 2},
                                          {"YU12", V4L2_PIX_FMT_YUV420, 1},
                                          {"YM12", V4L2_PIX_FMT_YUV420M, 3}}};

// A numbered picture has its place in the loop in the lower left corner, a square for each bit.
constexpr int kSquare = 20;  // pixels
constexpr int kBits = 6;

// When the picture of each place was last handed out, on the monotonic clock, in nanoseconds.
std::array<std::atomic<std::int64_t>, kLoop> handed_out{};

std::int64_t monotonic_now() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1'000'000'000LL + now.tv_nsec;
}

bool is_jpeg(std::uint32_t fourcc) { return fourcc == V4L2_PIX_FMT_MJPEG; }

// Which opening of a camera holds buffers; a second one is refused, as drivers do.
std::array<const Device*, 16> owners{};

// The script that unplugged a camera; it is away until it has another one.
std::array<std::string, 16> unplugged_by;

// The unique values of `pick` over the modes that `fits` takes, in order; the one at `index`.
template <typename Fits, typename Pick>
int nth(std::uint32_t index, Fits fits, Pick pick, const Mode*& found) {
  std::vector<const Mode*> seen;
  for (const Mode& mode : kModes) {
    if (!fits(mode)) continue;
    const bool known = std::any_of(seen.begin(), seen.end(), [&](const Mode* other) {
      return pick(*other) == pick(mode);
    });
    if (!known) seen.push_back(&mode);
  }
  if (index >= seen.size()) return EINVAL;
  found = seen[index];
  return 0;
}

cv::Mat load_portrait() {
  std::string file;
  if (const char* picture = std::getenv("FAKE_CAMERA_PICTURE")) {
    file = picture;
  } else if (const char* data = std::getenv("MIEN_DATA_DIR")) {
    file = std::string(data) + "/assets/demo/astronaut.png";
  }
  cv::Mat image = file.empty() ? cv::Mat() : cv::imread(file);
  if (!image.empty()) return image;
  image.create(512, 512, CV_8UC3);  // no picture: colours that differ everywhere
  for (int y = 0; y < image.rows; ++y) {
    for (int x = 0; x < image.cols; ++x) {
      image.at<cv::Vec3b>(y, x) = {static_cast<std::uint8_t>(x / 2),
                                   static_cast<std::uint8_t>(y / 2),
                                   static_cast<std::uint8_t>(((x / 64 + y / 64) % 2) * 200)};
    }
  }
  return image;
}

}  // namespace

bool is_unplugged(int camera, const Script& script) {
  return !script.text.empty() && unplugged_by[camera] == script.text;
}

Device::Device(int camera, bool metadata)
    : camera_(camera),
      metadata_(metadata),
      script_(read_script(camera)),
      timer_(::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)),
      memory_(::memfd_create("fake-camera", MFD_CLOEXEC)) {
  for (const Format& format : kFormats) {
    if (!offers(fourcc_) && offers(format.fourcc)) fourcc_ = format.fourcc;
  }
}

Device::~Device() {
  if (owners[camera_] == this) owners[camera_] = nullptr;
  if (own_view_ != nullptr) ::munmap(own_view_, own_size_);
  ::close(memory_);
}

bool Device::offers(std::uint32_t fourcc) const {
  return std::any_of(kFormats.begin(), kFormats.end(), [&](const Format& format) {
    return format.fourcc == fourcc && (format.planes == 1 || script_.planar) &&
           script_.formats.find(format.name) != std::string::npos;
  });
}

bool Device::is_mine(std::uint32_t type) const {
  return type ==
         (script_.planar ? V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE : V4L2_BUF_TYPE_VIDEO_CAPTURE);
}

// Chroma has another padding than luma where it has memory of its own.
std::vector<Device::Plane> Device::planes() const {
  const std::size_t w = width_;
  const std::size_t h = height_;
  const auto padding = static_cast<std::size_t>(script_.padding);
  std::vector<Plane> planes;
  const auto add = [&](std::size_t stride, std::size_t rows) {
    planes.push_back({.stride = stride, .size = stride * rows});
  };
  switch (fourcc_) {
    case V4L2_PIX_FMT_MJPEG:
      planes.push_back({.stride = 0, .size = w * h * 2});
      break;
    case V4L2_PIX_FMT_NV12:
    case V4L2_PIX_FMT_YUV420:
      add(w + padding, h + h / 2);
      break;
    case V4L2_PIX_FMT_NV12M:
      add(w + padding, h);
      add(w + 2 * padding, h / 2);
      break;
    case V4L2_PIX_FMT_YUV420M:
      add(w + padding, h);
      add(w / 2 + 2 * padding, h / 2);
      add(w / 2 + 3 * padding, h / 2);
      break;
    default:
      add(2 * w + padding, h);
  }
  constexpr std::size_t kPage = 4096;
  std::size_t start = 0;
  for (Plane& plane : planes) {
    plane.start = start;
    plane.length =
        (plane.size + static_cast<std::size_t>(script_.offset) + kPage - 1) / kPage * kPage;
    start += plane.length;
  }
  return planes;
}

int Device::control(unsigned long request, void* argument) {
  if (script_.unplug <= frame_) {
    unplugged_by[camera_] = script_.text;
    if (owners[camera_] == this) owners[camera_] = nullptr;
    return ENODEV;
  }
  if (script_.output) return metadata_ ? ENOTTY : control_output(request, argument);
  if (request == VIDIOC_QUERYCAP) {
    auto& capability = *static_cast<v4l2_capability*>(argument);
    capability = {};
    std::strncpy(reinterpret_cast<char*>(capability.driver), "uvcvideo", 15);
    std::strncpy(reinterpret_cast<char*>(capability.card), script_.name.c_str(), 31);
    std::snprintf(reinterpret_cast<char*>(capability.bus_info), 32, "usb-fake-%d", camera_);
    capability.capabilities = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING |
                              V4L2_CAP_META_CAPTURE | V4L2_CAP_DEVICE_CAPS;
    capability.device_caps =
        V4L2_CAP_STREAMING | (metadata_        ? V4L2_CAP_META_CAPTURE
                              : script_.planar ? V4L2_CAP_VIDEO_CAPTURE_MPLANE
                                               : V4L2_CAP_VIDEO_CAPTURE);
    return 0;
  }
  if (metadata_) return ENOTTY;
  switch (request) {
    case VIDIOC_ENUM_FMT:
      return enumerate_format(*static_cast<v4l2_fmtdesc*>(argument));
    case VIDIOC_ENUM_FRAMESIZES:
      return enumerate_size(*static_cast<v4l2_frmsizeenum*>(argument));
    case VIDIOC_ENUM_FRAMEINTERVALS:
      return enumerate_rate(*static_cast<v4l2_frmivalenum*>(argument));
    case VIDIOC_G_INPUT:
      *static_cast<int*>(argument) = 0;
      return 0;
    case VIDIOC_S_INPUT:
      return *static_cast<int*>(argument) == 0 ? 0 : EINVAL;
    case VIDIOC_ENUMINPUT: {
      auto& input = *static_cast<v4l2_input*>(argument);
      if (input.index != 0) return EINVAL;
      input = {};
      input.type = V4L2_INPUT_TYPE_CAMERA;
      return 0;
    }
    case VIDIOC_G_FMT:
    case VIDIOC_TRY_FMT:
    case VIDIOC_S_FMT: {
      auto& format = *static_cast<v4l2_format*>(argument);
      if (request == VIDIOC_G_FMT) {
        const auto tell = [&](auto& pixels) {
          pixels.width = width_;
          pixels.height = height_;
          pixels.pixelformat = fourcc_;
        };
        script_.planar ? tell(format.fmt.pix_mp) : tell(format.fmt.pix);
      }
      return set_format(format, request == VIDIOC_S_FMT);
    }
    case VIDIOC_G_PARM:
    case VIDIOC_S_PARM:
      return set_rate(*static_cast<v4l2_streamparm*>(argument), request == VIDIOC_S_PARM);
    case VIDIOC_REQBUFS:
      return request_buffers(*static_cast<v4l2_requestbuffers*>(argument));
    case VIDIOC_QUERYBUF:
      return query_buffer(*static_cast<v4l2_buffer*>(argument));
    case VIDIOC_QBUF:
      return queue(*static_cast<v4l2_buffer*>(argument));
    case VIDIOC_DQBUF:
      return dequeue(*static_cast<v4l2_buffer*>(argument));
    case VIDIOC_STREAMON:
      return start(*static_cast<std::uint32_t*>(argument), true);
    case VIDIOC_STREAMOFF:
      return start(*static_cast<std::uint32_t*>(argument), false);
    default:
      return ENOTTY;
  }
}

// As v4l2loopback: formats are asked for and set on the output side, pictures come by write().
int Device::control_output(unsigned long request, void* argument) {
  switch (request) {
    case VIDIOC_QUERYCAP: {
      auto& capability = *static_cast<v4l2_capability*>(argument);
      capability = {};
      std::strncpy(reinterpret_cast<char*>(capability.driver), "v4l2 loopback", 15);
      std::strncpy(reinterpret_cast<char*>(capability.card), script_.name.c_str(), 31);
      capability.device_caps = V4L2_CAP_VIDEO_OUTPUT | V4L2_CAP_READWRITE | V4L2_CAP_STREAMING;
      capability.capabilities = capability.device_caps | V4L2_CAP_DEVICE_CAPS;
      return 0;
    }
    case VIDIOC_S_FMT: {
      auto& format = *static_cast<v4l2_format*>(argument);
      if (format.type != V4L2_BUF_TYPE_VIDEO_OUTPUT) return EINVAL;
      if (script_.busy) return EBUSY;
      auto& pixels = format.fmt.pix;
      if (script_.fixed_width > 0) {
        pixels.width = static_cast<std::uint32_t>(script_.fixed_width);
        pixels.height = static_cast<std::uint32_t>(script_.fixed_height);
      }
      // A format that it does not take becomes one that it takes, without an error.
      if (!offers(pixels.pixelformat)) pixels.pixelformat = fourcc_;
      fourcc_ = pixels.pixelformat;
      width_ = pixels.width;
      height_ = pixels.height;
      pixels.sizeimage = static_cast<std::uint32_t>(planes()[0].size);
      streaming_ = true;
      return 0;
    }
    default:
      return ENOTTY;
  }
}

std::int64_t Device::take(const void* bytes, std::size_t count) {
  if (!script_.output) return -EINVAL;
  if (script_.unplug <= frame_) {
    unplugged_by[camera_] = script_.text;
    return -ENODEV;
  }
  // The real one would take a part of a picture, too, and show what is left of another one.
  if (!streaming_ || count != planes()[0].size) return -EINVAL;
  if (script_.full) return -EAGAIN;
  ++frame_;
  if (const char* file = std::getenv("FAKE_CAMERA_LATE")) {
    // Brightness comes first in both formats that pictures are written in.
    const std::size_t step = fourcc_ == V4L2_PIX_FMT_YUYV ? 2 : 1;
    const auto* row =
        static_cast<const std::uint8_t*>(bytes) + (height_ - kSquare / 2) * planes()[0].stride;
    int place = 0;
    for (int bit = 0; bit < kBits; ++bit) {
      if (row[(bit * kSquare + kSquare / 2) * step] > 127) place |= 1 << bit;
    }
    std::FILE* const list = std::fopen(file, "a");
    if (list == nullptr) return -EIO;
    if (place < kLoop) {
      std::fprintf(list, "%.3f\n",
                   static_cast<double>(monotonic_now() - handed_out[place]) / 1e6);
    }
    std::fclose(list);
  }
  if (const char* file = std::getenv("FAKE_CAMERA_WRITTEN")) {
    const int fd = ::open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    const bool written = ::write(fd, bytes, count) == static_cast<ssize_t>(count);
    ::close(fd);
    if (!written) return -EIO;
  }
  return static_cast<std::int64_t>(count);
}

int Device::enumerate_format(v4l2_fmtdesc& item) const {
  if (!is_mine(item.type)) return EINVAL;
  std::uint32_t index = 0;
  for (const Format& format : kFormats) {
    if (!offers(format.fourcc) || index++ != item.index) continue;
    item.pixelformat = format.fourcc;
    item.flags = is_jpeg(format.fourcc) ? V4L2_FMT_FLAG_COMPRESSED : 0;
    return 0;
  }
  return EINVAL;
}

int Device::enumerate_size(v4l2_frmsizeenum& item) const {
  const Mode* mode = nullptr;
  const int error = nth(
      item.index,
      [&](const Mode& m) {
        return offers(item.pixel_format) && m.jpeg == is_jpeg(item.pixel_format);
      },
      [](const Mode& m) { return m.width; }, mode);
  if (error != 0) return error;
  item.type = V4L2_FRMSIZE_TYPE_DISCRETE;
  item.discrete = {mode->width, mode->height};
  return 0;
}

int Device::enumerate_rate(v4l2_frmivalenum& item) const {
  if (script_.intervals == "none") return EINVAL;
  const Mode* mode = nullptr;
  const int error = nth(
      item.index,
      [&](const Mode& m) {
        return offers(item.pixel_format) && m.jpeg == is_jpeg(item.pixel_format) &&
               m.width == item.width && m.height == item.height;
      },
      [](const Mode& m) { return m.fps; }, mode);
  if (error != 0) return error;
  item.type = V4L2_FRMIVAL_TYPE_DISCRETE;
  item.discrete = {script_.intervals == "zero" ? 0U : 1U, mode->fps};
  return 0;
}

// A driver takes the nearest it has instead of refusing.
int Device::set_format(v4l2_format& format, bool keep) {
  if (!is_mine(format.type)) return EINVAL;
  if (keep && (script_.busy || buffers_ > 0)) return EBUSY;
  const std::uint32_t asked =
      script_.planar ? format.fmt.pix_mp.pixelformat : format.fmt.pix.pixelformat;
  const std::uint32_t asked_width =
      script_.planar ? format.fmt.pix_mp.width : format.fmt.pix.width;
  const std::uint32_t fourcc = offers(asked) ? asked : fourcc_;
  const Mode* best = nullptr;
  const auto distance = [&](const Mode& mode) {
    return std::abs(static_cast<int>(mode.width) - static_cast<int>(asked_width));
  };
  for (const Mode& mode : kModes) {
    if (mode.jpeg != is_jpeg(fourcc)) continue;
    if (best == nullptr || distance(mode) < distance(*best)) best = &mode;
  }
  const std::array before{fourcc_, width_, height_};
  fourcc_ = fourcc;
  width_ = best->width;
  height_ = best->height;
  const auto agreed = planes();
  const auto tell = [&](auto& pixels) {
    pixels.width = width_;
    pixels.height = height_;
    pixels.pixelformat = fourcc_;
    pixels.field = V4L2_FIELD_NONE;
    pixels.colorspace = V4L2_COLORSPACE_SRGB;
  };
  if (script_.planar) {
    tell(format.fmt.pix_mp);
    format.fmt.pix_mp.num_planes = static_cast<std::uint8_t>(agreed.size());
    for (std::size_t i = 0; i < agreed.size(); ++i) {
      auto& plane = format.fmt.pix_mp.plane_fmt[i];
      plane.bytesperline = static_cast<std::uint32_t>(agreed[i].stride);
      plane.sizeimage = static_cast<std::uint32_t>(agreed[i].length);
    }
  } else {
    tell(format.fmt.pix);
    format.fmt.pix.bytesperline = static_cast<std::uint32_t>(agreed[0].stride);
    format.fmt.pix.sizeimage = static_cast<std::uint32_t>(agreed[0].length);
  }
  if (keep) {
    fps_ = best->fps;
    ready_.clear();
  } else {
    fourcc_ = before[0];
    width_ = before[1];
    height_ = before[2];
  }
  return 0;
}

int Device::set_rate(v4l2_streamparm& parameters, bool keep) {
  if (!is_mine(parameters.type)) return EINVAL;
  if (keep && (script_.busy || streaming_)) return EBUSY;
  v4l2_fract& interval = parameters.parm.capture.timeperframe;
  if (keep && interval.numerator > 0) {
    const double request = static_cast<double>(interval.denominator) / interval.numerator;
    const Mode* best = nullptr;
    for (const Mode& mode : kModes) {
      if (mode.jpeg != is_jpeg(fourcc_) || mode.width != width_) continue;
      if (best == nullptr || std::abs(mode.fps - request) < std::abs(best->fps - request))
        best = &mode;
    }
    fps_ = best->fps;
  }
  parameters.parm.capture.capability = V4L2_CAP_TIMEPERFRAME;
  interval = {1, fps_};
  return 0;
}

std::size_t Device::buffer_size() const {
  const Plane last = planes().back();
  return last.start + last.length;
}

int Device::request_buffers(v4l2_requestbuffers& request) {
  if (request.memory != V4L2_MEMORY_MMAP || !is_mine(request.type)) return EINVAL;
  if (script_.busy || (owners[camera_] != nullptr && owners[camera_] != this)) return EBUSY;
  start(request.type, false);
  buffers_ = std::min(request.count, 8U);
  request.count = buffers_;
  owners[camera_] = buffers_ > 0 ? this : nullptr;
  if (own_view_ != nullptr) ::munmap(own_view_, own_size_);
  own_view_ = nullptr;
  own_size_ = buffers_ * buffer_size();
  if (buffers_ == 0) return 0;
  if (::ftruncate(memory_, static_cast<off_t>(own_size_)) != 0) return ENOMEM;
  void* view = ::mmap(nullptr, own_size_, PROT_READ | PROT_WRITE, MAP_SHARED, memory_, 0);
  if (view == MAP_FAILED) return ENOMEM;
  own_view_ = static_cast<std::uint8_t*>(view);
  return 0;
}

// As a driver's, it maps no more than there is.
void* Device::map(void* address, std::size_t length, int protection, int flags,
                  std::int64_t offset) {
  if (offset < 0 || static_cast<std::size_t>(offset) + length > own_size_) {
    errno = EINVAL;
    return MAP_FAILED;
  }
  return ::mmap(address, length, protection, flags, memory_, static_cast<off_t>(offset));
}

void Device::describe(v4l2_buffer& buffer) const {
  const auto agreed = planes();
  const std::size_t start = buffer.index * buffer_size();
  const std::size_t lie = script_.lying_memory ? own_size_ : 0;
  buffer.flags = V4L2_BUF_FLAG_MAPPED | V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC;
  if (!script_.planar) {
    buffer.length = static_cast<std::uint32_t>(agreed[0].length + lie);
    buffer.m.offset = static_cast<std::uint32_t>(start);
    return;
  }
  buffer.length = static_cast<std::uint32_t>(agreed.size());
  for (std::size_t i = 0; i < agreed.size(); ++i) {
    auto& plane = buffer.m.planes[i];
    plane.length = static_cast<std::uint32_t>(agreed[i].length + lie);
    plane.m.mem_offset = static_cast<std::uint32_t>(start + agreed[i].start);
    plane.data_offset = static_cast<std::uint32_t>(script_.offset);
  }
}

int Device::query_buffer(v4l2_buffer& buffer) const {
  if (buffer.index >= buffers_ || !is_mine(buffer.type)) return EINVAL;
  if (script_.planar && (buffer.m.planes == nullptr || buffer.length < planes().size())) {
    return EINVAL;
  }
  describe(buffer);
  return 0;
}

int Device::queue(v4l2_buffer& buffer) {
  if (buffer.index >= buffers_ || !is_mine(buffer.type)) return EINVAL;
  if (std::find(queued_.begin(), queued_.end(), buffer.index) != queued_.end()) return EINVAL;
  queued_.push_back(buffer.index);
  return 0;
}

int Device::start(std::uint32_t type, bool on) {
  if (!is_mine(type)) return EINVAL;
  if (on && (script_.busy || buffers_ == 0)) return script_.busy ? EBUSY : EINVAL;
  if (on && !streaming_) frame_ = 0;
  if (!on) queued_.clear();
  streaming_ = on;
  arm(on ? fps_ : 0);
  return 0;
}

void Device::arm(double fps) {
  itimerspec times{};
  if (fps > 0) {
    times.it_interval.tv_nsec = static_cast<long>(1e9 / fps);
    times.it_value = times.it_interval;
  }
  ::timerfd_settime(timer_, 0, &times, nullptr);
}

int Device::dequeue(v4l2_buffer& buffer) {
  if (!streaming_) return EINVAL;
  std::uint64_t ticks = 0;
  if (queued_.empty() || ::read(timer_, &ticks, sizeof ticks) != sizeof ticks) return EAGAIN;
  const int frame = frame_++;
  if (frame_ >= script_.stall) arm(0);
  if (frame_ == script_.slow) arm(10);

  if (script_.planar && (buffer.m.planes == nullptr || buffer.length < planes().size())) {
    return EINVAL;
  }

  const std::uint32_t index = queued_.front();
  queued_.pop_front();
  buffer.index = index;
  describe(buffer);
  const auto agreed = planes();
  const auto offset = static_cast<std::size_t>(script_.planar ? script_.offset : 0);
  const Pieces& pieces = picture(frame);
  for (std::size_t i = 0; i < agreed.size(); ++i) {
    std::uint8_t* const to = own_view_ + index * buffer_size() + agreed[i].start;
    std::fill_n(to, offset, 0xAA);  // the driver's own
    const std::size_t size = std::min(pieces[i].size(), agreed[i].size);
    std::copy_n(pieces[i].data(), size, to + offset);
    auto& used = script_.planar ? buffer.m.planes[i].bytesused : buffer.bytesused;
    used = static_cast<std::uint32_t>(offset + size);
    if (script_.cut.holds(frame)) used = static_cast<std::uint32_t>(offset + size / 2);
    if (script_.empty.holds(frame)) used = 0;
    if (script_.lying.holds(frame)) used = static_cast<std::uint32_t>(agreed[i].length + 1);
    if (script_.lying_offset.holds(frame) && script_.planar) {
      buffer.m.planes[i].data_offset = used + 1;
    }
  }
  if (script_.flagged.holds(frame)) buffer.flags |= V4L2_BUF_FLAG_ERROR;
  buffer.field = V4L2_FIELD_NONE;
  buffer.sequence =
      static_cast<std::uint32_t>(frame >= script_.restart ? frame - script_.restart : frame);
  const auto now = monotonic_now();
  handed_out[frame % kLoop] = now;
  buffer.timestamp.tv_sec = now / 1'000'000'000;
  buffer.timestamp.tv_usec = now % 1'000'000'000 / 1000;
  return 0;
}

Device::Pieces& Device::picture(int frame) {
  auto& pieces = ready_[frame % kLoop];
  if (pieces.empty()) pieces = encode(draw(frame % kLoop));
  return pieces;
}

// Raw ones in BT.601 with 16..235, pixels sharing their colour, and white between the rows.
Device::Pieces Device::encode(const cv::Mat& image) const {
  if (is_jpeg(fourcc_)) {
    std::vector<std::uint8_t> bytes;
    cv::imencode(".jpg", image, bytes, {cv::IMWRITE_JPEG_QUALITY, 85});
    if (script_.endless) bytes.resize(bytes.size() - 2);
    return {bytes};
  }
  const auto agreed = planes();
  Pieces pieces;
  for (const Plane& plane : agreed) pieces.emplace_back(plane.size, 255);
  // Where a value of each kind lies: the piece of memory, its first place, its steps.
  struct Place {
    std::size_t piece, start, row, column;
    int shared_rows;
  };
  const std::size_t w = width_;
  const std::size_t h = height_;
  const std::size_t stride = agreed[0].stride;
  std::array<Place, 3> places{};  // Y, Cb, Cr
  switch (fourcc_) {
    case V4L2_PIX_FMT_NV12:
      places = {{{0, 0, stride, 1, 1},
                 {0, stride * h, stride, 2, 2},
                 {0, stride * h + 1, stride, 2, 2}}};
      break;
    case V4L2_PIX_FMT_NV12M:
      places = {{{0, 0, stride, 1, 1},
                 {1, 0, agreed[1].stride, 2, 2},
                 {1, 1, agreed[1].stride, 2, 2}}};
      break;
    case V4L2_PIX_FMT_YUV420:
      places = {{{0, 0, stride, 1, 1},
                 {0, stride * h, stride / 2, 1, 2},
                 {0, stride * h + stride / 2 * (h / 2), stride / 2, 1, 2}}};
      break;
    case V4L2_PIX_FMT_YUV420M:
      places = {{{0, 0, stride, 1, 1},
                 {1, 0, agreed[1].stride, 1, 2},
                 {2, 0, agreed[2].stride, 1, 2}}};
      break;
    default:
      places = {{{0, 0, stride, 2, 1}, {0, 1, stride, 4, 1}, {0, 3, stride, 4, 1}}};
  }
  const auto put = [&](const Place& place, std::size_t y, std::size_t x, float value) {
    pieces[place.piece][place.start + y * place.row + x * place.column] =
        cv::saturate_cast<std::uint8_t>(value);
  };
  for (std::size_t y = 0; y < h; ++y) {
    for (std::size_t x = 0; x < w; ++x) {
      const cv::Vec3b& p = image.at<cv::Vec3b>(static_cast<int>(y), static_cast<int>(x));
      put(places[0], y, x, 16 + 0.098F * p[0] + 0.504F * p[1] + 0.257F * p[2]);
    }
  }
  const auto rows = static_cast<std::size_t>(places[1].shared_rows);
  for (std::size_t y = 0; y < h / rows; ++y) {
    for (std::size_t x = 0; x < w / 2; ++x) {
      const cv::Rect shared(static_cast<int>(2 * x), static_cast<int>(rows * y), 2,
                            static_cast<int>(rows));
      cv::Vec3f mean;
      for (int dy = 0; dy < shared.height; ++dy) {
        for (int dx = 0; dx < 2; ++dx) {
          mean += cv::Vec3f(image.at<cv::Vec3b>(shared.y + dy, shared.x + dx));
        }
      }
      mean /= static_cast<float>(shared.area());
      put(places[1], y, x, 128 + 0.439F * mean[0] - 0.291F * mean[1] - 0.148F * mean[2]);
      put(places[2], y, x, 128 - 0.071F * mean[0] - 0.368F * mean[1] + 0.439F * mean[2]);
    }
  }
  return pieces;
}

// The picture's upper part, drifting in a circle; the second camera's is mirrored.
cv::Mat Device::draw(int frame) {
  if (portrait_.empty()) portrait_ = load_portrait();
  const cv::Size size(static_cast<int>(width_), static_cast<int>(height_));
  const double turn = 2 * CV_PI * frame / kLoop;
  const double scale = 0.85 * portrait_.cols / size.width;
  const double x = portrait_.cols * (0.075 + 0.05 * std::sin(turn));
  const double y = portrait_.rows * (0.03 + 0.02 * std::cos(turn));
  const cv::Matx23d to_portrait(scale, 0, x, 0, scale, y);
  cv::Mat image;
  cv::warpAffine(portrait_, image, to_portrait, size, cv::INTER_LINEAR | cv::WARP_INVERSE_MAP,
                 cv::BORDER_REFLECT_101);
  if (camera_ % 2 == 1) cv::flip(image, image, 1);
  for (int bit = 0; script_.numbered && bit < kBits; ++bit) {
    const int brightness = (frame >> bit) % 2 == 1 ? 255 : 0;
    image(cv::Rect(bit * kSquare, size.height - kSquare, kSquare, kSquare)) =
        cv::Scalar::all(brightness);
  }
  return image;
}

}  // namespace fake_camera
