#pragma once

#include <string>
#include <vector>

#include <opencv2/videoio.hpp>

namespace mien {

/// Opens a path or URL through OpenCV's FFmpeg, turned upright as the file says. Check
/// isOpened(). The libraries' own words on stderr are silenced: the caller says it in one
/// sentence.
cv::VideoCapture open_ffmpeg(const std::string& path_or_url,
                             const std::vector<int>& options = {});

/// "h264" for what CAP_PROP_FOURCC gives; empty when unknown.
std::string codec_name(const cv::VideoCapture& capture);

/// CAP_PROP_FPS when it makes sense; else 0.
double nominal_fps(const cv::VideoCapture& capture);

/// `image` as 8-bit BGR; itself when it is.
cv::Mat as_bgr(const cv::Mat& image);

}  // namespace mien
