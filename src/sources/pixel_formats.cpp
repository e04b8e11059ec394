#include "pixel_formats.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include <linux/videodev2.h>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "whole_picture.hpp"

namespace mien {
namespace {

// Best first.
constexpr std::array<std::uint32_t, 10> kFormats = {
    V4L2_PIX_FMT_MJPEG, V4L2_PIX_FMT_JPEG,   V4L2_PIX_FMT_YUYV,  V4L2_PIX_FMT_UYVY,
    V4L2_PIX_FMT_NV12,  V4L2_PIX_FMT_YUV420, V4L2_PIX_FMT_BGR24, V4L2_PIX_FMT_RGB24,
    V4L2_PIX_FMT_GREY,  V4L2_PIX_FMT_NV21};

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

cv::Mat decode_jpeg(std::span<const std::uint8_t> bytes, bool mend) {
  if (is_whole_jpeg(bytes)) {
    return cv::imdecode(cv::Mat(1, static_cast<int>(bytes.size()), CV_8U,
                                const_cast<std::uint8_t*>(bytes.data())),
                        cv::IMREAD_COLOR);
  }
  if (!mend || !is_jpeg(bytes)) return {};
  std::vector<std::uint8_t> mended(bytes.begin(), bytes.end());
  mended.push_back(0xFF);
  mended.push_back(0xD9);
  return cv::imdecode(mended, cv::IMREAD_COLOR);
}

}  // namespace

bool can_decode(std::uint32_t fourcc) {
  return std::find(kFormats.begin(), kFormats.end(), fourcc) != kFormats.end();
}

int format_rank(std::uint32_t fourcc) {
  return static_cast<int>(std::find(kFormats.begin(), kFormats.end(), fourcc) -
                          kFormats.begin());
}

cv::Mat decode_pixels(std::uint32_t fourcc, cv::Size size, std::size_t stride,
                      std::span<const std::uint8_t> bytes, bool mend_jpeg) {
  const cv::Size with_chroma(size.width, size.height * 3 / 2);
  switch (fourcc) {
    case V4L2_PIX_FMT_MJPEG:
    case V4L2_PIX_FMT_JPEG:
      return decode_jpeg(bytes, mend_jpeg);
    case V4L2_PIX_FMT_YUYV:
      return convert(plane(bytes, size, CV_8UC2, stride), cv::COLOR_YUV2BGR_YUYV);
    case V4L2_PIX_FMT_UYVY:
      return convert(plane(bytes, size, CV_8UC2, stride), cv::COLOR_YUV2BGR_UYVY);
    case V4L2_PIX_FMT_NV12:
      return convert(plane(bytes, with_chroma, CV_8UC1, stride), cv::COLOR_YUV2BGR_NV12);
    case V4L2_PIX_FMT_NV21:
      return convert(plane(bytes, with_chroma, CV_8UC1, stride), cv::COLOR_YUV2BGR_NV21);
    case V4L2_PIX_FMT_YUV420:
      // OpenCV wants the three planes without padding between rows.
      if (stride > static_cast<std::size_t>(size.width)) return {};
      return convert(plane(bytes, with_chroma, CV_8UC1, 0), cv::COLOR_YUV2BGR_I420);
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

}  // namespace mien
