#pragma once

#include <array>
#include <csignal>
#include <mutex>
#include <set>
#include <thread>

#include "mien/sources/frame_source.hpp"

namespace mien {

/// While it lives, the first SIGINT, SIGTERM or SIGHUP is a wish to end in good order; a second
/// one ends the process as ever. One at a time.
class Interruption {
 public:
  Interruption();
  ~Interruption();
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;

  bool asked() const;

  /// A source whose read() is to be woken, from any thread; it must be taken out before it
  /// ends.
  void watch(FrameSource& source);
  void unwatch(FrameSource& source);

 private:
  static constexpr std::array<int, 3> kSignals = {SIGINT, SIGTERM, SIGHUP};

  std::array<struct sigaction, 3> before_{};
  std::mutex mutex_;
  std::set<FrameSource*> sources_;  ///< guarded by mutex_
  std::jthread thread_;             ///< a signal handler itself may not call interrupt()
};

}  // namespace mien
