#include "quiet_libraries.hpp"

#include <cstdarg>
#include <cstdlib>
#include <mutex>

#include <opencv2/core/utils/logger.hpp>

#include "mien/base/paths.hpp"

extern "C" {
#include <libavutil/log.h>
}

namespace mien {
namespace {

void say_nothing(void*, int, const char*, va_list) {}

}  // namespace

void quiet_libraries() {
  static std::once_flag once;
  std::call_once(once, [] {
    if (environment("OPENCV_LOG_LEVEL").empty()) {
      cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
    }
    // Not its level, which OpenCV sets anew with every file. When asked to by the environment,
    // OpenCV puts a callback of its own in this one's place.
    av_log_set_callback(say_nothing);
  });
}

}  // namespace mien
