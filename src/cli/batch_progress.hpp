#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "mien/base/thread_annotations.hpp"

#include "output.hpp"

namespace mien {

/// One line on stderr for all the inputs that are being worked on: how many are done, how far
/// each is, the rate of all together and the time left. Silent unless stderr is a terminal.
/// All members may be called from any thread.
class BatchProgress {
 public:
  using Lane = int;

  /// `inputs`: how many there will be in all.
  explicit BatchProgress(std::size_t inputs) : inputs_(inputs) {}

  /// An input begins; `frames` when its length is known.
  Lane begin(const std::string& name, std::optional<std::int64_t> frames);
  /// One frame more of it.
  void advance(Lane lane);
  void end(Lane lane);
  /// An input that needs nothing done, or failed before it began.
  void skip();

  /// Writes on stdout or stderr while the line is out of the way.
  template <typename Print>
  void aside(Print&& print) {
    const MutexLock lock(mutex_);
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
  Mutex mutex_;
  std::size_t finished_ MIEN_GUARDED_BY(mutex_) = 0;
  /// Of those finished, the ones that took time.
  std::size_t worked_ MIEN_GUARDED_BY(mutex_) = 0;
  std::map<Lane, Input> lanes_ MIEN_GUARDED_BY(mutex_);
  Lane next_ MIEN_GUARDED_BY(mutex_) = 0;
  std::int64_t frames_ MIEN_GUARDED_BY(mutex_) = 0;
  Clock::time_point shown_ MIEN_GUARDED_BY(mutex_){};
  ProgressLine line_ MIEN_GUARDED_BY(mutex_);
};

}  // namespace mien
