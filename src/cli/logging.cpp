#include "logging.hpp"

#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <opencv2/core/utility.hpp>

#include "mien/base/log.hpp"
#include "mien/base/paths.hpp"
#include "mien/base/redaction.hpp"
#include "mien/media/library_messages.hpp"
#include "mien/system/system_info.hpp"

#include "output.hpp"

extern "C" {
#include <libavutil/avutil.h>
}

namespace mien::cli {

std::string machine_name() {
  const auto name = system::processor_name();
  return name.empty() ? "unknown processor" : name;
}

namespace {

/// A word of the command line without the secrets of an address in it, "--source=URL" included.
std::string without_secrets(std::string_view word) {
  const auto end = word.starts_with("--") ? word.find('=') : std::string_view::npos;
  if (end == std::string_view::npos) return base::redact_address(word);
  return std::string(word.substr(0, end + 1)) + base::redact_address(word.substr(end + 1));
}

std::vector<std::string> header(std::span<const char* const> words) {
  std::string command = "mien " MIEN_VERSION " was started as:";
  for (const auto* word : words) command += ' ' + without_secrets(word);
  return {command, "On " + system::system_name() + ", " + system::kernel_name() + ", " +
                       std::to_string(std::thread::hardware_concurrency()) + " processors (" +
                       machine_name() + "), memory " + system::memory_size() + ", OpenCV " +
                       cv::getVersionString() + ", FFmpeg " + av_version_info()};
}

}  // namespace

void start_log(std::span<const char* const> words) {
  using base::log::Level;
  base::log::Options options{.on_stderr = Level::off,
                             .in_file = Level::info,
                             .file = base::log::default_file(),
                             .header = header(words)};
  const auto wanted = base::environment("MIEN_LOG");
  const auto level = base::log::level_of(wanted);
  if (level) {
    options.on_stderr = *level;
    if (*level == Level::off || *level == Level::debug) options.in_file = *level;
  }
  base::log::start(std::move(options));
  if (!level && !wanted.empty()) {
    print_problem("MIEN_LOG is \"" + wanted +
                  "\", which is ignored; it can be off, error, warn, info or debug.");
  }
  media::redirect_library_logs();
}

}  // namespace mien::cli
