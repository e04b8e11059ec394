#pragma once

#include <span>

#include <opencv2/core.hpp>

#include "mien/system/camera_device.hpp"

namespace mien::sources {

/// A fresh BGR picture from a camera's planes, as CapturedPicture has them. Empty when they are
/// too short, or are not a whole JPEG.
cv::Mat decode_pixels(system::PixelFormat format, cv::Size size,
                      std::span<const system::PicturePlane> planes, bool complete_jpeg = false);

}  // namespace mien::sources
