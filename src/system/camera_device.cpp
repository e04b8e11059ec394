#include "mien/system/camera_device.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace mien::system {
namespace {

constexpr std::array<PixelFormat, 11> kPixelFormats = {
    PixelFormat::mjpeg, PixelFormat::jpeg,   PixelFormat::yuyv,  PixelFormat::uyvy,
    PixelFormat::nv12,  PixelFormat::yuv420, PixelFormat::bgr24, PixelFormat::rgb24,
    PixelFormat::nv21,  PixelFormat::yvu420, PixelFormat::gray};

// As V4L2 spells them.
constexpr std::array<std::string_view, kPixelFormats.size()> kFormatNames = {
    "MJPG", "JPEG", "YUYV", "UYVY", "NV12", "YU12", "BGR3", "RGB3", "NV21", "YV12", "GREY"};

}  // namespace

std::span<const PixelFormat> pixel_formats() { return kPixelFormats; }

std::string_view name_of(PixelFormat format) {
  return kFormatNames.at(static_cast<std::size_t>(format));
}

std::optional<PixelFormat> pixel_format_named(std::string_view name) {
  const auto* const found = std::find(kFormatNames.begin(), kFormatNames.end(), name);
  if (found == kFormatNames.end()) return std::nullopt;
  return kPixelFormats.at(static_cast<std::size_t>(found - kFormatNames.begin()));
}

}  // namespace mien::system
