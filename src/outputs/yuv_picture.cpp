#include "yuv_picture.hpp"

#include <opencv2/imgproc.hpp>

namespace mien::outputs {
namespace {

// BT.601 in 256ths.
std::uint8_t luma(const std::uint8_t* bgr) {
  return static_cast<std::uint8_t>(16 +
                                   ((25 * bgr[0] + 129 * bgr[1] + 66 * bgr[2] + 128) >> 8));
}

/// Two pixels share their colour: the sums of both come in.
std::uint8_t chroma(int blue, int green, int red) {
  return static_cast<std::uint8_t>(128 + ((blue + green + red + 256) >> 9));
}

}  // namespace

std::vector<std::uint8_t> as_yuv(const cv::Mat& bgr, system::PixelFormat format) {
  const auto pixels = bgr.total();
  std::vector<std::uint8_t> bytes;
  if (format == system::PixelFormat::yuv420) {
    bytes.resize(pixels + pixels / 2);
    cv::Mat planes(bgr.rows + bgr.rows / 2, bgr.cols, CV_8UC1, bytes.data());
    cv::cvtColor(bgr, planes, cv::COLOR_BGR2YUV_I420);
    return bytes;
  }
  bytes.resize(2 * pixels);
  std::uint8_t* to = bytes.data();
  for (int y = 0; y < bgr.rows; ++y) {
    const auto* from = bgr.ptr<std::uint8_t>(y);
    for (int x = 0; x < bgr.cols; x += 2, from += 6, to += 4) {
      const int b = from[0] + from[3];
      const int g = from[1] + from[4];
      const int r = from[2] + from[5];
      to[0] = luma(from);
      to[1] = chroma(112 * b, -74 * g, -38 * r);
      to[2] = luma(from + 3);
      to[3] = chroma(-18 * b, -94 * g, 112 * r);
    }
  }
  return bytes;
}

}  // namespace mien::outputs
