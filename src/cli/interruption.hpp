#pragma once

#include <array>
#include <csignal>
#include <mutex>
#include <thread>

#include "mien/sources/frame_source.hpp"

namespace mien {

/// While it lives, the first SIGINT, SIGTERM or SIGHUP is a wish to end in good order; a second
/// one ends the process as ever. One at a time, made and used by one thread.
class Interruption {
 public:
  Interruption();
  ~Interruption();
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;

  bool asked() const;

  /// The source whose read() is to be woken; null for none. It must outlive its time here.
  void watch(FrameSource* source);

 private:
  static constexpr std::array<int, 3> kSignals = {SIGINT, SIGTERM, SIGHUP};

  std::array<struct sigaction, 3> before_{};
  std::mutex mutex_;
  FrameSource* source_ = nullptr;  ///< guarded by mutex_
  std::jthread thread_;            ///< a signal handler itself may not call interrupt()
};

}  // namespace mien
