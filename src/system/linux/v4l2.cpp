#include "v4l2.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <utility>

#include <linux/videodev2.h>
#include <sys/ioctl.h>

#include "native.hpp"

namespace mien::system {
namespace {

// Best first.
constexpr std::array<V4l2Format, 15> kV4l2Formats = {{
    {V4L2_PIX_FMT_MJPEG, PixelFormat::mjpeg},
    {V4L2_PIX_FMT_JPEG, PixelFormat::jpeg},
    {V4L2_PIX_FMT_YUYV, PixelFormat::yuyv},
    {V4L2_PIX_FMT_UYVY, PixelFormat::uyvy},
    {V4L2_PIX_FMT_NV12, PixelFormat::nv12},
    {V4L2_PIX_FMT_NV12M, PixelFormat::nv12, 2},
    {V4L2_PIX_FMT_YUV420, PixelFormat::yuv420},
    {V4L2_PIX_FMT_YUV420M, PixelFormat::yuv420, 3},
    {V4L2_PIX_FMT_BGR24, PixelFormat::bgr24},
    {V4L2_PIX_FMT_RGB24, PixelFormat::rgb24},
    {V4L2_PIX_FMT_NV21, PixelFormat::nv21},
    {V4L2_PIX_FMT_NV21M, PixelFormat::nv21, 2},
    {V4L2_PIX_FMT_YVU420, PixelFormat::yvu420},
    {V4L2_PIX_FMT_YVU420M, PixelFormat::yvu420, 3},
    {V4L2_PIX_FMT_GREY, PixelFormat::gray},
}};

struct PictureSize {
  std::uint32_t width = 0;
  std::uint32_t height = 0;

  bool operator==(const PictureSize&) const = default;
};

constexpr std::uint32_t kMaxListed = 256;  // a driver that never says "no more" must not hang
constexpr std::array<PictureSize, 9> kUsualSizes{{{3840, 2160},
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
std::vector<PictureSize> probe_sizes(int descriptor, std::uint32_t type, std::uint32_t fourcc) {
  std::vector<PictureSize> sizes;
  for (const PictureSize& size : kUsualSizes) {
    v4l2_format format{};
    format.type = type;
    const auto attempt = [&](auto& pixels) {
      pixels.width = size.width;
      pixels.height = size.height;
      pixels.pixelformat = fourcc;
      pixels.field = V4L2_FIELD_ANY;
      const bool taken =
          v4l2_ioctl(descriptor, VIDIOC_TRY_FMT, &format) == 0 && pixels.pixelformat == fourcc;
      return taken ? PictureSize{pixels.width, pixels.height} : PictureSize{};
    };
    const PictureSize own = type == V4L2_BUF_TYPE_VIDEO_CAPTURE ? attempt(format.fmt.pix)
                                                                : attempt(format.fmt.pix_mp);
    if (own.width == 0 || own.height == 0) break;
    if (std::find(sizes.begin(), sizes.end(), own) == sizes.end()) sizes.push_back(own);
  }
  return sizes;
}

std::vector<PictureSize> query_sizes(int descriptor, std::uint32_t type, std::uint32_t fourcc) {
  std::vector<PictureSize> sizes;
  for (std::uint32_t i = 0; i < kMaxListed; ++i) {
    v4l2_frmsizeenum item{};
    item.index = i;
    item.pixel_format = fourcc;
    if (v4l2_ioctl(descriptor, VIDIOC_ENUM_FRAMESIZES, &item) != 0) break;
    if (item.type == V4L2_FRMSIZE_TYPE_DISCRETE) {
      sizes.push_back({item.discrete.width, item.discrete.height});
      continue;
    }
    const auto& range = item.stepwise;
    const auto fits = [](std::uint32_t value, std::uint32_t low, std::uint32_t high,
                         std::uint32_t step) {
      return value >= low && value <= high && (value - low) % std::max(1U, step) == 0;
    };
    for (const PictureSize& size : kUsualSizes) {
      if (fits(size.width, range.min_width, range.max_width, range.step_width) &&
          fits(size.height, range.min_height, range.max_height, range.step_height)) {
        sizes.push_back(size);
      }
    }
    break;  // a range stands alone
  }
  if (sizes.empty()) sizes = probe_sizes(descriptor, type, fourcc);
  return sizes;
}

std::vector<double> query_rates(int descriptor, std::uint32_t fourcc, PictureSize size) {
  std::vector<double> rates;
  for (std::uint32_t i = 0; i < kMaxListed; ++i) {
    v4l2_frmivalenum item{};
    item.index = i;
    item.pixel_format = fourcc;
    item.width = size.width;
    item.height = size.height;
    if (v4l2_ioctl(descriptor, VIDIOC_ENUM_FRAMEINTERVALS, &item) != 0) break;
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

std::string video_device(int number) {
  return std::string(kVideoDevicePrefix) + std::to_string(number);
}

int v4l2_ioctl(int descriptor, unsigned long request, void* argument) {
  int result = 0;
  do {
    result = ::ioctl(descriptor, request, argument);
  } while (result == -1 && errno == EINTR);
  return result == -1 ? errno : 0;
}

const V4l2Format* v4l2_format_of(std::uint32_t fourcc) {
  const auto* const found =
      std::find_if(kV4l2Formats.begin(), kV4l2Formats.end(),
                   [&](const V4l2Format& each) { return each.fourcc == fourcc; });
  return found != kV4l2Formats.end() ? found : nullptr;
}

std::vector<V4l2Format> all_v4l2_formats() {
  return {kV4l2Formats.begin(), kV4l2Formats.end()};
}

std::optional<V4l2Device> query_device(int descriptor) {
  v4l2_capability capability{};
  if (v4l2_ioctl(descriptor, VIDIOC_QUERYCAP, &capability) != 0) return std::nullopt;
  const auto* card = reinterpret_cast<const char*>(capability.card);
  // UVC's metadata nodes carry VIDEO_CAPTURE in `capabilities`, which speaks of the whole
  // device.
  const bool own = (capability.capabilities & V4L2_CAP_DEVICE_CAPS) != 0;
  return V4l2Device{std::string(card, strnlen(card, sizeof capability.card)),
                    own ? capability.device_caps : capability.capabilities};
}

namespace {

std::uint32_t capture_type(const V4l2Device& device) {
  const auto can = [&](std::uint32_t what) { return (device.capabilities & what) != 0; };
  if (!can(V4L2_CAP_STREAMING)) return 0;
  if (can(V4L2_CAP_VIDEO_CAPTURE)) return V4L2_BUF_TYPE_VIDEO_CAPTURE;
  return can(V4L2_CAP_VIDEO_CAPTURE_MPLANE) ? V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE : 0;
}

}  // namespace

std::uint32_t capture_type(int descriptor) {
  const auto device = query_device(descriptor);
  return device ? capture_type(*device) : 0;
}

std::optional<std::string> query_capture_name(int descriptor) {
  auto device = query_device(descriptor);
  if (!device || capture_type(*device) == 0) return std::nullopt;
  return device->name.empty() ? "Camera" : std::move(device->name);
}

std::vector<V4l2Format> query_formats(int descriptor) {
  std::vector<V4l2Format> formats;
  for (std::uint32_t i = 0; i < kMaxListed; ++i) {
    v4l2_fmtdesc item{};
    item.index = i;
    item.type = capture_type(descriptor);
    if (v4l2_ioctl(descriptor, VIDIOC_ENUM_FMT, &item) != 0) break;
    if (const auto* format = v4l2_format_of(item.pixelformat)) formats.push_back(*format);
  }
  return formats;
}

std::vector<CaptureMode> query_modes(int descriptor) {
  std::vector<CaptureMode> modes;
  const std::uint32_t type = capture_type(descriptor);
  for (const V4l2Format& format : query_formats(descriptor)) {
    for (const PictureSize& size : query_sizes(descriptor, type, format.fourcc)) {
      if (size.width == 0 || size.height == 0) continue;
      auto rates = query_rates(descriptor, format.fourcc, size);
      std::erase_if(rates, [](double rate) { return !(rate > 0); });
      // Some drivers have one rate, which they do not list: 0 stands for it.
      if (rates.empty()) rates.push_back(0);
      for (double rate : rates) {
        modes.push_back(
            {static_cast<int>(size.width), static_cast<int>(size.height), rate, format.format});
      }
    }
  }
  return modes;
}

}  // namespace mien::system
