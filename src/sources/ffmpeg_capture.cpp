#include "ffmpeg_capture.hpp"

#include <cctype>
#include <cmath>
#include <cstdint>

#include <opencv2/imgproc.hpp>

namespace mien {
cv::VideoCapture open_ffmpeg(const std::string& path_or_url, const std::vector<int>& options) {
  return cv::VideoCapture(path_or_url, cv::CAP_FFMPEG, options);
}

std::string codec_name(const cv::VideoCapture& capture) {
  const auto fourcc = static_cast<std::uint32_t>(capture.get(cv::CAP_PROP_FOURCC));
  std::string name;
  for (int i = 0; i < 4; ++i) {
    const int c = static_cast<int>((fourcc >> (8 * i)) & 0xFF);
    if (std::isalnum(c) != 0) name += static_cast<char>(c);
  }
  return name;
}

double nominal_fps(const cv::VideoCapture& capture) {
  const double fps = capture.get(cv::CAP_PROP_FPS);
  return std::isfinite(fps) && fps >= 0.1 && fps <= 1000 ? fps : 0;
}

cv::Mat as_bgr(const cv::Mat& image) {
  cv::Mat result;
  if (image.empty()) return result;
  cv::Mat bytes = image;
  if (image.depth() == CV_16U) image.convertTo(bytes, CV_8U, 1.0 / 256);
  if (bytes.channels() == 1) {
    cv::cvtColor(bytes, result, cv::COLOR_GRAY2BGR);
  } else if (bytes.channels() == 4) {
    cv::cvtColor(bytes, result, cv::COLOR_BGRA2BGR);
  } else {
    result = bytes;
  }
  return result;
}

}  // namespace mien
