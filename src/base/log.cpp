#include "mien/base/log.hpp"

#include <algorithm>
#include <iostream>
#include <memory>
#include <utility>

#include <spdlog/details/null_mutex.h>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>

#include "mien/base/paths.hpp"
#include "mien/base/redaction.hpp"
#include "mien/base/thread_annotations.hpp"

#include "rotating_file.hpp"

namespace mien::base::log {
namespace {

constexpr std::size_t kMaxTextLength = 4000;

spdlog::level::level_enum to_spdlog(Level level) {
  switch (level) {
    case Level::error:
      return spdlog::level::err;
    case Level::warn:
      return spdlog::level::warn;
    case Level::info:
      return spdlog::level::info;
    case Level::debug:
      return spdlog::level::debug;
    case Level::off:
      break;
  }
  return spdlog::level::off;
}

class FileSink : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 public:
  FileSink(std::filesystem::path file, std::uintmax_t largest, std::vector<std::string> header)
      : file_(std::move(file), largest), header_(std::move(header)) {}

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    if (file_.prepare()) {
      auto first = message;
      first.level = spdlog::level::info;
      for (const auto& line : header_) {
        first.payload = line;
        append(first);
      }
    }
    append(message);
  }
  void flush_() override {}

  void append(const spdlog::details::log_msg& message) {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    file_.append({line.data(), line.size()});
  }

  RotatingFile file_;
  const std::vector<std::string> header_;
};

/// What all threads log through. spdlog's parts are those without locks of their own.
struct Log {
  Mutex mutex;
  std::shared_ptr<spdlog::logger> logger MIEN_GUARDED_BY(mutex);
};

/// Never destroyed: threads that are left behind at the end may still log.
Log& the_log() {
  static Log& log = *new Log;
  return log;
}

std::shared_ptr<spdlog::logger> make_logger(Options options) {
  auto on_stderr = std::make_shared<spdlog::sinks::stderr_color_sink_st>();
  on_stderr->set_level(to_spdlog(options.on_stderr));
  on_stderr->set_pattern("%H:%M:%S.%e %^%l%$ %v");
  auto logger = std::make_shared<spdlog::logger>("mien", on_stderr);
  if (options.in_file != Level::off && !options.file.empty()) {
    for (auto& line : options.header) line = "mien: " + redact_addresses(line);
    auto file = std::make_shared<FileSink>(std::move(options.file), options.largest,
                                           std::move(options.header));
    file->set_level(to_spdlog(options.in_file));
    file->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %P/%t %l %v");
    logger->sinks().push_back(std::move(file));
  }
  logger->set_level(to_spdlog(std::max(options.on_stderr, options.in_file)));
  // A full disk or a home that cannot be written is no reason to disturb anybody.
  logger->set_error_handler([told = false, debugging = options.on_stderr == Level::debug](
                                const std::string& why) mutable {
    if (debugging && !std::exchange(told, true)) std::cerr << why + '\n' << std::flush;
  });
  return logger;
}

std::string on_one_line(std::string_view room, std::string_view text) {
  std::string line = std::string(room) + ": " + redact_addresses(text);
  if (line.size() > kMaxTextLength) line = line.substr(0, kMaxTextLength) + "...";
  std::replace_if(
      line.begin(), line.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; }, ' ');
  return line;
}

}  // namespace

std::optional<Level> level_of(std::string_view word) {
  constexpr std::string_view kWords[] = {"off", "error", "warn", "info", "debug"};
  const auto found = std::find(std::begin(kWords), std::end(kWords), word);
  if (found == std::end(kWords)) return std::nullopt;
  return static_cast<Level>(found - std::begin(kWords));
}

std::filesystem::path default_file() { return user_state_dir() / "mien.log"; }

void start(Options options) {
  if (options.file.empty()) options.in_file = Level::off;
  const Level most = std::max(options.on_stderr, options.in_file);
  auto logger = make_logger(std::move(options));
  Log& log = the_log();
  const MutexLock lock(log.mutex);
  log.logger = std::move(logger);
  detail::most_detailed = most;
}

void stop() {
  Log& log = the_log();
  const MutexLock lock(log.mutex);
  detail::most_detailed = Level::off;
  log.logger.reset();
}

void write(Level level, std::string_view room, std::string_view text) noexcept {
  if (level == Level::off || !enabled(level)) return;
  try {
    const std::string line = on_one_line(room, text);
    Log& log = the_log();
    const MutexLock lock(log.mutex);
    if (log.logger) log.logger->log(to_spdlog(level), line);
  } catch (const std::exception&) {
    // Logging must not fail its caller, for example when memory is short.
  }
}

}  // namespace mien::base::log
