#include "pixel_formats.hpp"

#include <algorithm>
#include <vector>

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "whole_picture.hpp"

namespace mien::sources {
namespace {

using system::PicturePlane;
using system::PixelFormat;

// One plane of `type`, or an empty Mat when the bytes do not suffice. Not a copy.
cv::Mat matrix_of(const PicturePlane& plane, cv::Size size, int type) {
  const std::size_t row = static_cast<std::size_t>(size.width) * CV_ELEM_SIZE(type);
  const std::size_t stride = std::max(plane.stride, row);
  if (plane.bytes.size() < stride * (size.height - 1) + row) return {};
  return {size, type, const_cast<std::uint8_t*>(plane.bytes.data()), stride};
}

cv::Mat convert(const cv::Mat& raw, int code) {
  cv::Mat image;
  if (!raw.empty()) cv::cvtColor(raw, image, code);
  return image;
}

/// The planes of a picture whose chroma has half the width and height of its luma. Where they
/// follow each other in one piece, that is taken apart: `chroma_planes` of them, whose rows are
/// `chroma_step` times as far apart as those of luma. Empty when the bytes do not suffice.
std::vector<cv::Mat> luma_and_chroma(std::span<const PicturePlane> planes, cv::Size size,
                                     std::size_t chroma_planes) {
  const cv::Size half(size.width / 2, size.height / 2);
  const int chroma_type = chroma_planes == 1 ? CV_8UC2 : CV_8UC1;
  std::vector<PicturePlane> parts(planes.begin(), planes.end());
  if (planes.size() == 1) {
    const std::size_t stride = std::max(planes[0].stride, static_cast<std::size_t>(size.width));
    const std::size_t chroma_stride = stride / chroma_planes;
    auto rest = planes[0].bytes;
    const auto skip = [&rest](std::size_t count) {
      rest = rest.subspan(std::min(count, rest.size()));
    };
    skip(stride * static_cast<std::size_t>(size.height));
    for (std::size_t i = 0; i < chroma_planes; ++i) {
      parts.push_back({rest, chroma_stride});
      skip(chroma_stride * static_cast<std::size_t>(half.height));
    }
  }
  if (parts.size() < 1 + chroma_planes || half.empty()) return {};
  std::vector<cv::Mat> matrices = {matrix_of(parts[0], size, CV_8UC1)};
  for (std::size_t i = 1; i <= chroma_planes; ++i) {
    matrices.push_back(matrix_of(parts[i], half, chroma_type));
  }
  const bool whole = std::none_of(matrices.begin(), matrices.end(),
                                  [](const cv::Mat& each) { return each.empty(); });
  return whole ? matrices : std::vector<cv::Mat>();
}

cv::Mat convert_two_planes(std::span<const PicturePlane> planes, cv::Size size, int code) {
  cv::Mat image;
  const auto parts = luma_and_chroma(planes, size, 1);
  if (!parts.empty()) cv::cvtColorTwoPlane(parts[0], parts[1], image, code);
  return image;
}

/// OpenCV wants three planes without padding behind each other.
cv::Mat convert_three_planes(std::span<const PicturePlane> planes, cv::Size size, int code) {
  const auto parts = luma_and_chroma(planes, size, 2);
  if (parts.empty()) return {};
  cv::Mat packed(size.height * 3 / 2, size.width, CV_8UC1);
  std::uint8_t* to = packed.data;
  for (const cv::Mat& part : parts) {
    part.copyTo(cv::Mat(part.size(), CV_8UC1, to));
    to += part.total();
  }
  return convert(packed, code);
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

cv::Mat decode_pixels(PixelFormat format, cv::Size size, std::span<const PicturePlane> planes,
                      bool complete_jpeg) {
  if (planes.empty() || planes[0].bytes.empty()) return {};
  switch (format) {
    case PixelFormat::mjpeg:
    case PixelFormat::jpeg:
      return decode_jpeg(planes[0].bytes, complete_jpeg);
    case PixelFormat::yuyv:
      return convert(matrix_of(planes[0], size, CV_8UC2), cv::COLOR_YUV2BGR_YUYV);
    case PixelFormat::uyvy:
      return convert(matrix_of(planes[0], size, CV_8UC2), cv::COLOR_YUV2BGR_UYVY);
    case PixelFormat::nv12:
      return convert_two_planes(planes, size, cv::COLOR_YUV2BGR_NV12);
    case PixelFormat::nv21:
      return convert_two_planes(planes, size, cv::COLOR_YUV2BGR_NV21);
    case PixelFormat::yuv420:
      return convert_three_planes(planes, size, cv::COLOR_YUV2BGR_I420);
    case PixelFormat::yvu420:
      return convert_three_planes(planes, size, cv::COLOR_YUV2BGR_YV12);
    case PixelFormat::bgr24:
      return matrix_of(planes[0], size, CV_8UC3).clone();
    case PixelFormat::rgb24:
      return convert(matrix_of(planes[0], size, CV_8UC3), cv::COLOR_RGB2BGR);
    case PixelFormat::gray:
      return convert(matrix_of(planes[0], size, CV_8UC1), cv::COLOR_GRAY2BGR);
  }
  return {};
}

}  // namespace mien::sources
