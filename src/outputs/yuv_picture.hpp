#pragma once

#include <cstdint>
#include <vector>

#include <opencv2/core.hpp>

#include "mien/system/camera_device.hpp"

namespace mien::outputs {

/// 8-bit BGR of even width and height as PixelFormat::yuyv or yuv420, BT.601 with luma from 16
/// to 235, planes and rows without gaps. Any thread.
std::vector<std::uint8_t> as_yuv(const cv::Mat& bgr, system::PixelFormat format);

}  // namespace mien::outputs
