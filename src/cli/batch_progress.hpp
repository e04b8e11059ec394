#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

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
    const std::lock_guard lock(mutex_);
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

  void show();
  std::string text() const;

  std::mutex mutex_;  ///< guards what follows
  const std::size_t inputs_;
  std::size_t finished_ = 0;
  std::size_t worked_ = 0;  ///< of those finished, the ones that took time
  std::map<Lane, Input> lanes_;
  Lane next_ = 0;
  std::int64_t frames_ = 0;
  Clock::time_point start_ = Clock::now();
  Clock::time_point shown_{};
  ProgressLine line_;
};

}  // namespace mien
