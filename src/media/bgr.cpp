#include "mien/media/bgr.hpp"

#include <opencv2/imgproc.hpp>

namespace mien::media {
namespace {

/// Scientific cameras put 10 or 12 bits into 16 without scaling them.
int bits_in_use(const cv::Mat& image) {
  double largest = 0;
  cv::minMaxIdx(image.reshape(1), nullptr, &largest);
  int bits = 8;
  while (bits < 16 && largest >= static_cast<double>(1 << bits)) ++bits;
  return bits <= 12 ? bits : 16;
}

cv::Mat on_white(const cv::Mat& bgra) {
  cv::Mat result(bgra.size(), CV_8UC3);
  for (int y = 0; y < bgra.rows; ++y) {
    const auto* from = bgra.ptr<cv::Vec4b>(y);
    auto* to = result.ptr<cv::Vec3b>(y);
    for (int x = 0; x < bgra.cols; ++x) {
      const int alpha = from[x][3];
      for (int c = 0; c < 3; ++c) {
        to[x][c] =
            static_cast<std::uint8_t>((from[x][c] * alpha + 255 * (255 - alpha) + 127) / 255);
      }
    }
  }
  return result;
}

}  // namespace

cv::Mat as_bgr(const cv::Mat& image) {
  if (image.empty() || (image.depth() != CV_8U && image.depth() != CV_16U)) return {};
  cv::Mat bytes = image;
  if (image.depth() == CV_16U) {
    // The alpha channel of a 16-bit picture says what its scale is.
    const int bits = image.channels() == 4 ? 16 : bits_in_use(image);
    image.convertTo(bytes, CV_8U, 255.0 / ((1 << bits) - 1));
  }
  cv::Mat result;
  switch (bytes.channels()) {
    case 1:
      cv::cvtColor(bytes, result, cv::COLOR_GRAY2BGR);
      return result;
    case 3:
      return bytes;
    case 4:
      return on_white(bytes);
    default:
      return {};
  }
}

}  // namespace mien::media
