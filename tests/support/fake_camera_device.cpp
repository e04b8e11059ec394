#include "fake_camera_device.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <ctime>

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <sys/mman.h>
#include <sys/timerfd.h>
#include <unistd.h>

namespace fake_camera {
namespace {

constexpr int kLoop = 60;  // frames until the pictures come again

struct Mode {
  std::uint32_t fourcc, width, height, fps;
};

// As many webcams: raw pictures come slowly at the large size.
constexpr std::array<Mode, 8> kModes{{{V4L2_PIX_FMT_YUYV, 640, 480, 30},
                                      {V4L2_PIX_FMT_YUYV, 320, 240, 30},
                                      {V4L2_PIX_FMT_YUYV, 1280, 720, 10},
                                      {V4L2_PIX_FMT_MJPEG, 640, 480, 30},
                                      {V4L2_PIX_FMT_MJPEG, 640, 480, 15},
                                      {V4L2_PIX_FMT_MJPEG, 320, 240, 30},
                                      {V4L2_PIX_FMT_MJPEG, 1280, 720, 30},
                                      {V4L2_PIX_FMT_MJPEG, 1280, 720, 15}}};

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
  if (!offers("YUYV")) fourcc_ = V4L2_PIX_FMT_MJPEG;
}

Device::~Device() {
  if (owners[camera_] == this) owners[camera_] = nullptr;
  if (own_view_ != nullptr) ::munmap(own_view_, own_size_);
  ::close(memory_);
}

bool Device::offers(const char* format) const {
  return script_.formats.find(format) != std::string::npos;
}

int Device::control(unsigned long request, void* argument) {
  if (script_.unplug <= frame_) {
    unplugged_by[camera_] = script_.text;
    if (owners[camera_] == this) owners[camera_] = nullptr;
    return ENODEV;
  }
  if (request == VIDIOC_QUERYCAP) {
    auto& capability = *static_cast<v4l2_capability*>(argument);
    capability = {};
    std::strncpy(reinterpret_cast<char*>(capability.driver), "uvcvideo", 15);
    std::strncpy(reinterpret_cast<char*>(capability.card), script_.name.c_str(), 31);
    std::snprintf(reinterpret_cast<char*>(capability.bus_info), 32, "usb-fake-%d", camera_);
    capability.capabilities = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING |
                              V4L2_CAP_META_CAPTURE | V4L2_CAP_DEVICE_CAPS;
    capability.device_caps =
        V4L2_CAP_STREAMING | (metadata_ ? V4L2_CAP_META_CAPTURE : V4L2_CAP_VIDEO_CAPTURE);
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
        format.fmt.pix.width = width_;
        format.fmt.pix.height = height_;
        format.fmt.pix.pixelformat = fourcc_;
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
      return start(true);
    case VIDIOC_STREAMOFF:
      return start(false);
    default:
      return ENOTTY;
  }
}

int Device::enumerate_format(v4l2_fmtdesc& item) const {
  const Mode* mode = nullptr;
  const int error = nth(
      item.index,
      [&](const Mode& m) { return offers(m.fourcc == V4L2_PIX_FMT_MJPEG ? "MJPG" : "YUYV"); },
      [](const Mode& m) { return m.fourcc; }, mode);
  if (error == 0) {
    item.pixelformat = mode->fourcc;
    item.flags = mode->fourcc == V4L2_PIX_FMT_MJPEG ? V4L2_FMT_FLAG_COMPRESSED : 0;
  }
  return item.type == V4L2_BUF_TYPE_VIDEO_CAPTURE ? error : EINVAL;
}

int Device::enumerate_size(v4l2_frmsizeenum& item) const {
  const Mode* mode = nullptr;
  const int error = nth(
      item.index, [&](const Mode& m) { return m.fourcc == item.pixel_format; },
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
        return m.fourcc == item.pixel_format && m.width == item.width &&
               m.height == item.height;
      },
      [](const Mode& m) { return m.fps; }, mode);
  if (error != 0) return error;
  item.type = V4L2_FRMIVAL_TYPE_DISCRETE;
  item.discrete = {script_.intervals == "zero" ? 0U : 1U, mode->fps};
  return 0;
}

// A driver takes the nearest it has instead of refusing.
int Device::set_format(v4l2_format& format, bool keep) {
  if (format.type != V4L2_BUF_TYPE_VIDEO_CAPTURE) return EINVAL;
  if (keep && (script_.busy || buffers_ > 0)) return EBUSY;
  v4l2_pix_format& pixels = format.fmt.pix;
  const bool mjpeg =
      (pixels.pixelformat == V4L2_PIX_FMT_MJPEG && offers("MJPG")) || !offers("YUYV");
  const Mode* best = nullptr;
  const auto distance = [&](const Mode& mode) {
    return std::abs(static_cast<int>(mode.width) - static_cast<int>(pixels.width));
  };
  for (const Mode& mode : kModes) {
    if ((mode.fourcc == V4L2_PIX_FMT_MJPEG) != mjpeg) continue;
    if (best == nullptr || distance(mode) < distance(*best)) best = &mode;
  }
  pixels.width = best->width;
  pixels.height = best->height;
  pixels.pixelformat = best->fourcc;
  pixels.field = V4L2_FIELD_NONE;
  pixels.bytesperline = mjpeg ? 0 : best->width * 2;
  pixels.sizeimage = best->width * best->height * 2;
  pixels.colorspace = V4L2_COLORSPACE_SRGB;
  if (keep) {
    width_ = best->width;
    height_ = best->height;
    fourcc_ = best->fourcc;
    fps_ = best->fps;
    ready_.clear();
  }
  return 0;
}

int Device::set_rate(v4l2_streamparm& parameters, bool keep) {
  if (parameters.type != V4L2_BUF_TYPE_VIDEO_CAPTURE) return EINVAL;
  if (keep && (script_.busy || streaming_)) return EBUSY;
  v4l2_fract& interval = parameters.parm.capture.timeperframe;
  if (keep && interval.numerator > 0) {
    const double request = static_cast<double>(interval.denominator) / interval.numerator;
    const Mode* best = nullptr;
    for (const Mode& mode : kModes) {
      if (mode.fourcc != fourcc_ || mode.width != width_) continue;
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
  const std::size_t page = 4096;
  return (std::size_t{width_} * height_ * 2 + page - 1) / page * page;
}

int Device::request_buffers(v4l2_requestbuffers& request) {
  if (request.memory != V4L2_MEMORY_MMAP) return EINVAL;
  if (script_.busy || (owners[camera_] != nullptr && owners[camera_] != this)) return EBUSY;
  start(false);
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

void* Device::map(void* address, std::size_t length, int protection, int flags,
                  std::int64_t offset) {
  return ::mmap(address, length, protection, flags, memory_, static_cast<off_t>(offset));
}

int Device::query_buffer(v4l2_buffer& buffer) const {
  if (buffer.index >= buffers_) return EINVAL;
  buffer.length = static_cast<std::uint32_t>(buffer_size());
  buffer.m.offset = static_cast<std::uint32_t>(buffer.index * buffer_size());
  buffer.flags = V4L2_BUF_FLAG_MAPPED | V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC;
  return 0;
}

int Device::queue(v4l2_buffer& buffer) {
  if (buffer.index >= buffers_) return EINVAL;
  if (std::find(queued_.begin(), queued_.end(), buffer.index) != queued_.end()) return EINVAL;
  queued_.push_back(buffer.index);
  return 0;
}

int Device::start(bool on) {
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

  const std::uint32_t index = queued_.front();
  queued_.pop_front();
  const auto bytes = picture(frame);
  std::memcpy(own_view_ + index * buffer_size(), bytes.data(),
              std::min(bytes.size(), buffer_size()));

  buffer.index = index;
  query_buffer(buffer);
  buffer.bytesused = static_cast<std::uint32_t>(bytes.size());
  if (script_.cut.holds(frame)) buffer.bytesused /= 2;
  if (script_.empty.holds(frame)) buffer.bytesused = 0;
  if (script_.flagged.holds(frame)) buffer.flags |= V4L2_BUF_FLAG_ERROR;
  buffer.field = V4L2_FIELD_NONE;
  buffer.sequence =
      static_cast<std::uint32_t>(frame >= script_.restart ? frame - script_.restart : frame);
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  buffer.timestamp.tv_sec = now.tv_sec;
  buffer.timestamp.tv_usec = now.tv_nsec / 1000;
  return 0;
}

std::vector<std::uint8_t> Device::picture(int frame) {
  auto& bytes = ready_[frame % kLoop];
  if (!bytes.empty()) return bytes;
  const cv::Mat image = draw(frame % kLoop);
  if (fourcc_ == V4L2_PIX_FMT_MJPEG) {
    cv::imencode(".jpg", image, bytes, {cv::IMWRITE_JPEG_QUALITY, 85});
    if (script_.endless) bytes.resize(bytes.size() - 2);
    return bytes;
  }
  // BT.601 with 16..235, two pixels sharing their colour.
  bytes.resize(image.total() * 2);
  std::size_t at = 0;
  for (int y = 0; y < image.rows; ++y) {
    for (int x = 0; x < image.cols; x += 2) {
      const cv::Vec3f a = image.at<cv::Vec3b>(y, x);
      const cv::Vec3f b = image.at<cv::Vec3b>(y, x + 1);
      const cv::Vec3f mean = (a + b) * 0.5F;
      const auto luma = [](const cv::Vec3f& p) {
        return cv::saturate_cast<std::uint8_t>(16 + 0.098F * p[0] + 0.504F * p[1] +
                                               0.257F * p[2]);
      };
      bytes[at++] = luma(a);
      bytes[at++] = cv::saturate_cast<std::uint8_t>(128 + 0.439F * mean[0] - 0.291F * mean[1] -
                                                    0.148F * mean[2]);
      bytes[at++] = luma(b);
      bytes[at++] = cv::saturate_cast<std::uint8_t>(128 - 0.071F * mean[0] - 0.368F * mean[1] +
                                                    0.439F * mean[2]);
    }
  }
  return bytes;
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
  return image;
}

}  // namespace fake_camera
