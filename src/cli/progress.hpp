#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "mien/base/thread_annotations.hpp"

namespace mien::cli {

/// "[####......] 4 of 10"
std::string progress_bar(std::size_t done, std::size_t all);

/// A line on stderr that is written over and over; silent unless stderr is a terminal.
class ProgressLine {
 public:
  ProgressLine();
  /// Clears it.
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  bool wanted() const { return wanted_; }
  void show(const std::string& text);
  void clear();

 private:
  bool wanted_;
  bool shown_ = false;
};

/// One line on stderr for all the inputs that are being worked on: how many are done, how far
/// each is, the rate of all together and the time left. Silent unless stderr is a terminal.
/// All members may be called from any thread.
class BatchProgress {
 public:
  using InputId = int;

  /// `inputs`: how many there will be in all.
  explicit BatchProgress(std::size_t inputs) : inputs_(inputs) {}

  /// An input begins; `frames` when its length is known.
  InputId begin(const std::string& name, std::optional<std::int64_t> frames);
  /// One frame more of it.
  void advance(InputId id);
  void end(InputId id);
  /// An input that needs nothing done, or failed before it began.
  void skip();

  /// Prints on stdout or stderr, above the progress line.
  template <typename Print>
  void print_above(Print&& print) {
    const base::MutexLock lock(mutex_);
    line_.clear();
    print();
  }

 private:
  using Clock = std::chrono::steady_clock;
  struct Input {
    std::string name;
    std::int64_t frames = 0;
    std::int64_t done = 0;
  };

  void show() MIEN_REQUIRES(mutex_);
  std::string text() const MIEN_REQUIRES(mutex_);

  const std::size_t inputs_;
  const Clock::time_point start_ = Clock::now();
  base::Mutex mutex_;
  std::size_t finished_ MIEN_GUARDED_BY(mutex_) = 0;
  /// Of those finished, the ones that took time.
  std::size_t processed_ MIEN_GUARDED_BY(mutex_) = 0;
  std::map<InputId, Input> inputs_in_progress_ MIEN_GUARDED_BY(mutex_);
  InputId next_ MIEN_GUARDED_BY(mutex_) = 0;
  std::int64_t frames_ MIEN_GUARDED_BY(mutex_) = 0;
  Clock::time_point shown_ MIEN_GUARDED_BY(mutex_){};
  ProgressLine line_ MIEN_GUARDED_BY(mutex_);
};

}  // namespace mien::cli
