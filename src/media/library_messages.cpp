#include "mien/media/library_messages.hpp"

#include <cstdarg>
#include <mutex>
#include <string>

#include <opencv2/core/utils/logger.hpp>

#include "mien/base/log.hpp"
#include "mien/base/paths.hpp"

extern "C" {
#include <libavutil/log.h>
}

namespace mien::media {
namespace {

void log_ffmpeg_message(void* context, int level, const char* format, va_list arguments) {
  if (level > AV_LOG_INFO || !base::log::enabled(base::log::Level::debug)) return;
  char line[1024];
  int prefix = 1;
  av_log_format_line2(context, level, format, arguments, line, sizeof line, &prefix);
  std::string text = line;
  text.erase(text.find_last_not_of("\r\n ") + 1);
  base::log::write(base::log::Level::debug, "ffmpeg", text);
}

}  // namespace

void redirect_library_logs() {
  static std::once_flag once;
  std::call_once(once, [] {
    using namespace cv::utils::logging;
    if (base::environment("OPENCV_LOG_LEVEL").empty()) {
      setLogLevel(base::log::enabled(base::log::Level::debug) ? LOG_LEVEL_WARNING
                                                              : LOG_LEVEL_SILENT);
    }
    // A callback and not a level, which OpenCV sets anew with every file. When asked to by the
    // environment, OpenCV puts a callback of its own in this one's place.
    av_log_set_callback(log_ffmpeg_message);
  });
}

}  // namespace mien::media
