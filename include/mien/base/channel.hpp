#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <optional>
#include <utility>

#include "mien/base/thread_annotations.hpp"

namespace mien::base {

/// A bounded queue between two threads. `close()` ends input; what waits can still be popped,
/// so closing drops nothing. All members may be called from any thread.
template <typename T>
class Channel {
 public:
  /// `capacity` >= 1: how many values may wait.
  explicit Channel(std::size_t capacity = 1) : capacity_(std::max<std::size_t>(1, capacity)) {}
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  /// Puts `value` in, throwing away the oldest that wait when it is full. Never blocks. Returns
  /// how many were thrown away; a closed channel takes nothing and counts `value` itself.
  std::size_t push_latest(T value) MIEN_EXCLUDES(mutex_) {
    std::size_t dropped = 0;
    {
      MutexLock lock(mutex_);
      if (closed_) return 1;
      for (; values_.size() >= capacity_; ++dropped) values_.pop_front();
      values_.push_back(std::move(value));
    }
    changed_.notify_all();
    return dropped;
  }

  /// Puts `value` in, waiting while it is full. False, and `value` not taken, once closed.
  bool push_wait(T value) MIEN_EXCLUDES(mutex_) {
    {
      MutexLock lock(mutex_);
      while (!closed_ && values_.size() >= capacity_) changed_.wait(mutex_);
      if (closed_) return false;
      values_.push_back(std::move(value));
    }
    changed_.notify_all();
    return true;
  }

  /// Puts `value` in if there is room, and says whether there was. Never blocks.
  bool push_if_room(T value) MIEN_EXCLUDES(mutex_) {
    {
      MutexLock lock(mutex_);
      if (closed_ || values_.size() >= capacity_) return false;
      values_.push_back(std::move(value));
    }
    changed_.notify_all();
    return true;
  }

  /// Takes the oldest value, waiting for one. nullopt once closed and drained.
  std::optional<T> pop() MIEN_EXCLUDES(mutex_) {
    std::optional<T> value;
    {
      MutexLock lock(mutex_);
      while (!closed_ && values_.empty()) changed_.wait(mutex_);
      value = take_front();
    }
    changed_.notify_all();
    return value;
  }

  /// As pop(), but gives up after `timeout`; nullopt then too.
  std::optional<T> pop_for(std::chrono::nanoseconds timeout) MIEN_EXCLUDES(mutex_) {
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    std::optional<T> value;
    {
      MutexLock lock(mutex_);
      while (!closed_ && values_.empty()) {
        if (changed_.wait_until(mutex_, deadline) == std::cv_status::timeout) break;
      }
      value = take_front();
    }
    changed_.notify_all();
    return value;
  }

  /// Takes the oldest value if there is one. Never blocks.
  std::optional<T> try_pop() MIEN_EXCLUDES(mutex_) {
    return pop_for(std::chrono::nanoseconds{0});
  }

  /// Ends input. What waits can still be popped. Wakes everyone.
  void close() MIEN_EXCLUDES(mutex_) {
    {
      MutexLock lock(mutex_);
      closed_ = true;
    }
    changed_.notify_all();
  }

  bool closed() const MIEN_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return closed_;
  }
  std::size_t size() const MIEN_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return values_.size();
  }

 private:
  std::optional<T> take_front() MIEN_REQUIRES(mutex_) {
    if (values_.empty()) return std::nullopt;
    std::optional<T> value(std::move(values_.front()));
    values_.pop_front();
    return value;
  }

  const std::size_t capacity_;
  mutable Mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<T> values_ MIEN_GUARDED_BY(mutex_);
  bool closed_ MIEN_GUARDED_BY(mutex_) = false;
};

}  // namespace mien::base
