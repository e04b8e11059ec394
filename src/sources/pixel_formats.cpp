#include "pixel_formats.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include <linux/videodev2.h>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "whole_picture.hpp"

namespace mien::sources {
namespace {

// Best first.
constexpr std::array<std::uint32_t, 15> kFormats = {
    V4L2_PIX_FMT_MJPEG,   V4L2_PIX_FMT_JPEG,    V4L2_PIX_FMT_YUYV,  V4L2_PIX_FMT_UYVY,
    V4L2_PIX_FMT_NV12,    V4L2_PIX_FMT_YUV420,  V4L2_PIX_FMT_BGR24, V4L2_PIX_FMT_RGB24,
    V4L2_PIX_FMT_NV21,    V4L2_PIX_FMT_YVU420,  V4L2_PIX_FMT_NV12M, V4L2_PIX_FMT_NV21M,
    V4L2_PIX_FMT_YUV420M, V4L2_PIX_FMT_YVU420M, V4L2_PIX_FMT_GREY};

// One plane of `type`, or an empty Mat when the bytes do not suffice. Not a copy.
cv::Mat plane(std::span<const std::uint8_t> bytes, cv::Size size, int type,
              std::size_t stride) {
  const std::size_t row = static_cast<std::size_t>(size.width) * CV_ELEM_SIZE(type);
  stride = std::max(stride, row);
  if (bytes.size() < stride * (size.height - 1) + row) return {};
  return {size, type, const_cast<std::uint8_t*>(bytes.data()), stride};
}

cv::Mat convert(const cv::Mat& raw, int code) {
  cv::Mat image;
  if (!raw.empty()) cv::cvtColor(raw, image, code);
  return image;
}

/// Three planes, luma and two of chroma whose rows are half as long, without the padding
/// between rows, as OpenCV wants them. Empty when the bytes do not suffice.
cv::Mat packed_planes(std::span<const std::uint8_t> bytes, cv::Size size, std::size_t stride) {
  const auto width = static_cast<std::size_t>(size.width);
  const auto height = static_cast<std::size_t>(size.height);
  stride = std::max(stride, width);
  const std::size_t chroma = stride / 2;
  if (bytes.size() < stride * height + chroma * (height - 1) + width / 2) return {};
  cv::Mat packed(size.height * 3 / 2, size.width, CV_8UC1);
  std::uint8_t* to = packed.data;
  const std::uint8_t* from = bytes.data();
  const auto copy = [&](std::size_t rows, std::size_t length, std::size_t step) {
    for (std::size_t y = 0; y < rows; ++y, from += step, to += length) {
      std::copy_n(from, length, to);
    }
  };
  copy(height, width, stride);
  copy(height / 2, width / 2, chroma);
  copy(height / 2, width / 2, chroma);
  return packed;
}

cv::Mat decode_jpeg(std::span<const std::uint8_t> bytes, bool append_eoi) {
  if (is_whole_jpeg(bytes)) {
    return cv::imdecode(cv::Mat(1, static_cast<int>(bytes.size()), CV_8U,
                                const_cast<std::uint8_t*>(bytes.data())),
                        cv::IMREAD_COLOR);
  }
  if (!append_eoi || !is_jpeg(bytes)) return {};
  std::vector<std::uint8_t> completed(bytes.begin(), bytes.end());
  completed.push_back(0xFF);
  completed.push_back(0xD9);
  return cv::imdecode(completed, cv::IMREAD_COLOR);
}

}  // namespace

bool can_decode(std::uint32_t fourcc) {
  return std::find(kFormats.begin(), kFormats.end(), fourcc) != kFormats.end();
}

std::span<const std::uint32_t> readable_formats() { return kFormats; }

std::vector<std::uint8_t> joined_planes(std::uint32_t fourcc, cv::Size size,
                                        std::span<const std::span<const std::uint8_t>> planes,
                                        std::span<const std::size_t> strides) {
  const bool three = fourcc == V4L2_PIX_FMT_YUV420M || fourcc == V4L2_PIX_FMT_YVU420M;
  if (planes.size() < (three ? 3U : 2U) || strides.size() < planes.size()) return {};
  std::vector<std::uint8_t> joined;
  for (std::size_t i = 0; i < (three ? 3U : 2U); ++i) {
    const auto width = static_cast<std::size_t>(i > 0 && three ? size.width / 2 : size.width);
    const auto height = static_cast<std::size_t>(i > 0 ? size.height / 2 : size.height);
    const std::size_t stride = std::max(strides[i], width);
    if (height == 0 || planes[i].size() < stride * (height - 1) + width) return {};
    for (std::size_t y = 0; y < height; ++y) {
      const auto row = planes[i].subspan(y * stride, width);
      joined.insert(joined.end(), row.begin(), row.end());
    }
  }
  return joined;
}

int format_rank(std::uint32_t fourcc) {
  return static_cast<int>(std::find(kFormats.begin(), kFormats.end(), fourcc) -
                          kFormats.begin());
}

cv::Mat decode_pixels(std::uint32_t fourcc, cv::Size size, std::size_t stride,
                      std::span<const std::uint8_t> bytes, bool complete_jpeg) {
  const cv::Size with_chroma(size.width, size.height * 3 / 2);
  switch (fourcc) {
    case V4L2_PIX_FMT_MJPEG:
    case V4L2_PIX_FMT_JPEG:
      return decode_jpeg(bytes, complete_jpeg);
    case V4L2_PIX_FMT_YUYV:
      return convert(plane(bytes, size, CV_8UC2, stride), cv::COLOR_YUV2BGR_YUYV);
    case V4L2_PIX_FMT_UYVY:
      return convert(plane(bytes, size, CV_8UC2, stride), cv::COLOR_YUV2BGR_UYVY);
    case V4L2_PIX_FMT_NV12:
    case V4L2_PIX_FMT_NV12M:
      return convert(plane(bytes, with_chroma, CV_8UC1, stride), cv::COLOR_YUV2BGR_NV12);
    case V4L2_PIX_FMT_NV21:
    case V4L2_PIX_FMT_NV21M:
      return convert(plane(bytes, with_chroma, CV_8UC1, stride), cv::COLOR_YUV2BGR_NV21);
    case V4L2_PIX_FMT_YUV420:
    case V4L2_PIX_FMT_YUV420M:
      return convert(packed_planes(bytes, size, stride), cv::COLOR_YUV2BGR_I420);
    case V4L2_PIX_FMT_YVU420:
    case V4L2_PIX_FMT_YVU420M:
      return convert(packed_planes(bytes, size, stride), cv::COLOR_YUV2BGR_YV12);
    case V4L2_PIX_FMT_BGR24:
      return plane(bytes, size, CV_8UC3, stride).clone();
    case V4L2_PIX_FMT_RGB24:
      return convert(plane(bytes, size, CV_8UC3, stride), cv::COLOR_RGB2BGR);
    case V4L2_PIX_FMT_GREY:
      return convert(plane(bytes, size, CV_8UC1, stride), cv::COLOR_GRAY2BGR);
    default:
      return {};
  }
}

}  // namespace mien::sources
