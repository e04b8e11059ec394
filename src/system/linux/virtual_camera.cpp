#include "mien/system/virtual_camera.hpp"

#include <algorithm>
#include <utility>

#include <fcntl.h>
#include <linux/videodev2.h>

#include "native.hpp"
#include "v4l2.hpp"

// https://github.com/umlaeute/v4l2loopback makes such devices; what is written to its output
// side comes out of its capture side.

namespace mien::system {
namespace {

using Why = VirtualCameraFailure::Why;

/// What the device is called when it takes pictures by write(); nothing otherwise.
std::optional<std::string> output_name(int descriptor) {
  auto device = query_device(descriptor);
  const auto needed = V4L2_CAP_VIDEO_OUTPUT | V4L2_CAP_READWRITE;
  if (!device || (device->capabilities & needed) != needed) return std::nullopt;
  return device->name.empty() ? "Virtual camera" : std::move(device->name);
}

FileHandle open_device(const std::string& device) {
  return FileHandle(::open(device.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
}

std::size_t bytes_of(PixelFormat format, int width, int height) {
  const auto pixels = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
  return format == PixelFormat::yuyv ? 2 * pixels : pixels + pixels / 2;
}

int even_side(int side) {
  return std::clamp(side, VirtualCamera::kSmallestSide, VirtualCamera::kLargestSide) & ~1;
}

}  // namespace

std::vector<VirtualCameraDevice> list_virtual_camera_devices() {
  std::vector<VirtualCameraDevice> devices;
  for (int number = 0; number < kMostVideoDevices; ++number) {
    auto device = video_device(number);
    const FileHandle file = open_device(device);
    if (!file.valid()) continue;
    if (auto name = output_name(descriptor_of(file))) {
      devices.push_back({std::move(device), std::move(*name)});
    }
  }
  return devices;
}

VirtualCamera::VirtualCamera(const std::string& device) : file_(open_device(device)) {
  if (!file_.valid())
    throw device_failure<VirtualCameraFailure>(errno == ENODEV || errno == ENXIO ? ENOENT
                                                                                 : errno);
  if (!output_name(descriptor_of(file_))) throw VirtualCameraFailure{Why::no_output, {}};
}

void VirtualCamera::set_size(int width, int height) {
  constexpr std::pair<PixelFormat, std::uint32_t> kFormats[] = {
      {PixelFormat::yuyv, V4L2_PIX_FMT_YUYV}, {PixelFormat::yuv420, V4L2_PIX_FMT_YUV420}};
  for (const auto& [format, fourcc] : kFormats) {
    v4l2_format wanted{};
    wanted.type = V4L2_BUF_TYPE_VIDEO_OUTPUT;
    auto& pixels = wanted.fmt.pix;
    pixels.width = static_cast<std::uint32_t>(even_side(width));
    pixels.height = static_cast<std::uint32_t>(even_side(height));
    pixels.pixelformat = fourcc;
    pixels.field = V4L2_FIELD_NONE;
    pixels.colorspace = V4L2_COLORSPACE_SRGB;
    pixels.bytesperline = pixels.width * (format == PixelFormat::yuyv ? 2 : 1);
    pixels.sizeimage =
        static_cast<std::uint32_t>(bytes_of(format, even_side(width), even_side(height)));
    const int error = v4l2_ioctl(descriptor_of(file_), VIDIOC_S_FMT, &wanted);
    if (error == EINVAL) continue;
    if (error != 0) throw device_failure<VirtualCameraFailure>(error);
    // A device whose format is kept answers with its own.
    const auto fits = [](std::uint32_t side) {
      return side >= 2 && side <= kLargestSide && side % 2 == 0;
    };
    if (pixels.pixelformat != fourcc || !fits(pixels.width) || !fits(pixels.height)) continue;
    width_ = static_cast<int>(pixels.width);
    height_ = static_cast<int>(pixels.height);
    format_ = format;
    return;
  }
  throw VirtualCameraFailure{Why::no_format, {}};
}

bool VirtualCamera::write(std::span<const std::uint8_t> picture) {
  std::error_code error;
  // One call is one picture.
  const auto bytes =
      std::string_view(reinterpret_cast<const char*>(picture.data()), picture.size());
  const std::size_t taken = file_.write(bytes, error);
  if (error == std::errc::operation_would_block ||
      error == std::errc::resource_unavailable_try_again) {
    return false;
  }
  if (error) throw device_failure<VirtualCameraFailure>(error.value());
  if (taken != picture.size()) throw device_failure<VirtualCameraFailure>(EIO);
  return true;
}

}  // namespace mien::system
