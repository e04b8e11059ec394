#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>

#include "mien/base/thread_annotations.hpp"

namespace mien::outputs {

/// Knows when connections that ask for nothing keep the others out: a server with a thread for
/// each connection has only so many, and gives each some seconds to ask. Any thread.
class WebCrowd {
 public:
  using Clock = std::chrono::steady_clock;

  /// A connection has a thread from now on. `key`: any that tells those that are there apart.
  void arrived(const void* key, Clock::time_point now) MIEN_EXCLUDES(mutex_);
  void asked(const void* key) MIEN_EXCLUDES(mutex_);
  void left(const void* key, Clock::time_point now) MIEN_EXCLUDES(mutex_);

  /// A sentence while all threads are in use, and for five seconds after it, when several
  /// connections have just ended without a request; else empty.
  std::string problem(Clock::time_point now) const MIEN_EXCLUDES(mutex_);

  /// How many threads there are. Before the first connection.
  void set_room(std::size_t threads) MIEN_EXCLUDES(mutex_);

 private:
  mutable base::Mutex mutex_;
  std::size_t room_ MIEN_GUARDED_BY(mutex_) = 0;
  std::map<const void*, bool> asked_ MIEN_GUARDED_BY(mutex_);  ///< those that are there
  std::deque<Clock::time_point> silent_ends_ MIEN_GUARDED_BY(mutex_);
  std::optional<Clock::time_point> last_full_ MIEN_GUARDED_BY(mutex_);
};

}  // namespace mien::outputs
