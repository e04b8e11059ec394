#pragma once

#include <atomic>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

/// What the program did, for whoever has to find out what went wrong: lines with time, level,
/// process, thread and room, on stderr and in a file. Nothing is logged before start(), so
/// workers and tests write no file. Any thread; nothing here throws or ends the program.
///
///     log::info("sources", "Opened ", info.name, " in ", milliseconds, " ms");
///
/// The parts of a line (texts, paths, numbers, or a callable that gives one of these) are put
/// together only when its level is on. Rates: a line for each frame is `debug`, or rather none.
namespace mien::base::log {

enum class Level { off, error, warn, info, debug };

/// off, error, warn, info or debug.
std::optional<Level> level_of(std::string_view word);

struct Options {
  Level on_stderr = Level::off;
  Level in_file = Level::off;
  /// Made with the first line, with the folders above it, for the user alone. When it has
  /// `largest` bytes it becomes FILE.1, and FILE.1 becomes FILE.2. Several processes may write
  /// to the same one. What cannot be written is left out.
  std::filesystem::path file{};
  std::uintmax_t largest = 1'000'000;
  /// Lines with which each process begins in each file: its version, its libraries.
  std::vector<std::string> header{};
};

/// Where the user finds it: mien.log in user_state_dir().
std::filesystem::path default_file();

/// From here on lines are logged; replaces what an earlier start() asked for.
void start(Options options);
/// From here on nothing is logged. Idempotent.
void stop();

/// A line with this text; without the secrets of addresses, and without line ends and other
/// control characters. Lines of a level that is off are dropped.
void write(Level level, std::string_view room, std::string_view text) noexcept;

namespace detail {

inline std::atomic<Level> most_detailed{Level::off};

template <typename Part>
void append(std::string& text, const Part& part) {
  if constexpr (std::is_invocable_v<const Part&>) {
    append(text, part());
  } else if constexpr (std::is_floating_point_v<Part>) {
    char digits[400];  // a large double has 309 before its point
    const auto end =
        std::to_chars(digits, digits + sizeof digits, part, std::chars_format::fixed, 1);
    text.append(digits, end.ptr);
  } else if constexpr (std::is_integral_v<Part>) {
    text += std::to_string(part);
  } else if constexpr (std::is_convertible_v<const Part&, std::string_view>) {
    text += std::string_view(part);
  } else {
    text += part.string();  // a path
  }
}

}  // namespace detail

inline bool enabled(Level level) {
  return level <= detail::most_detailed.load(std::memory_order_relaxed);
}

template <typename... Parts>
void compose(Level level, std::string_view room, const Parts&... parts) {
  if (!enabled(level)) return;
  std::string text;
  (detail::append(text, parts), ...);
  write(level, room, text);
}

template <typename... Parts>
void error(std::string_view room, const Parts&... parts) {
  compose(Level::error, room, parts...);
}
template <typename... Parts>
void warn(std::string_view room, const Parts&... parts) {
  compose(Level::warn, room, parts...);
}
template <typename... Parts>
void info(std::string_view room, const Parts&... parts) {
  compose(Level::info, room, parts...);
}
template <typename... Parts>
void debug(std::string_view room, const Parts&... parts) {
  compose(Level::debug, room, parts...);
}

/// A part of a line: the milliseconds since this was made.
class Elapsed {
 public:
  double operator()() const {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start_)
        .count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// Bounds how often the same is logged. One thread.
class Period {
 public:
  explicit Period(std::chrono::steady_clock::duration length) : length_(length) {}
  /// True once for each period; the first one begins with the object.
  bool over() {
    const auto now = std::chrono::steady_clock::now();
    if (now - start_ < length_) return false;
    start_ = now;
    return true;
  }

 private:
  const std::chrono::steady_clock::duration length_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace mien::base::log
