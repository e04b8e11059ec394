#include "quiet.hpp"

#include <cstdarg>
#include <cstdlib>
#include <string>

#include <opencv2/core/utils/logger.hpp>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include "mien/base/paths.hpp"
#include "mien/base/redaction.hpp"

extern "C" {
#include <libavutil/log.h>
}

namespace mien {
namespace {

void log_av_message(void* context, int level, const char* format, va_list arguments) {
  if (level > AV_LOG_INFO || !spdlog::should_log(spdlog::level::debug)) return;
  char line[1024];
  int prefix = 1;
  av_log_format_line2(context, level, format, arguments, line, sizeof line, &prefix);
  std::string text = redact_addresses(line);
  text.erase(text.find_last_not_of("\r\n ") + 1);
  spdlog::debug("{}", text);
}

}  // namespace

void set_up_logging() {
  auto level = spdlog::level::warn;
  if (const auto wish = environment("MIEN_LOG"); !wish.empty()) {
    level = spdlog::level::from_str(wish);  // "off" for a word that is not known
  }
  auto logger = spdlog::get("mien");
  if (logger == nullptr) logger = spdlog::stderr_color_mt("mien");
  logger->set_level(level);
  spdlog::set_default_logger(logger);

  const bool debugging = level <= spdlog::level::debug;
  using namespace cv::utils::logging;
  setLogLevel(debugging ? LOG_LEVEL_WARNING : LOG_LEVEL_SILENT);
  // For what reads the environment by itself; a user's own wish stays.
  // There is one thread yet.
  const char* const level_name = debugging ? "WARNING" : "SILENT";
  ::setenv("OPENCV_LOG_LEVEL", level_name, 0);  // NOLINT(concurrency-mt-unsafe)
  // A callback and not a level: OpenCV sets the level anew with every file that it opens.
  av_log_set_callback(log_av_message);
}

}  // namespace mien
