#include "v4l2_device.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstring>

#include <sys/ioctl.h>
#include <unistd.h>

#include "pixel_formats.hpp"

namespace mien {
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
std::vector<cv::Size> own_sizes(int fd, std::uint32_t type, std::uint32_t fourcc) {
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
  if (sizes.empty()) sizes = own_sizes(fd, type, fourcc);
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

FileDescriptor::~FileDescriptor() {
  if (fd_ >= 0) ::close(fd_);
}

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

}  // namespace mien
