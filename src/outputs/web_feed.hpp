#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <string>

#include "mien/base/thread_annotations.hpp"

namespace mien::outputs {

/// What listeners are to get, between the sender that makes it and the threads that write to
/// them. Each listener has a short queue of its own: whoever is slow loses the oldest frames
/// and nobody else. Any thread; nothing waits.
class WebFeed {
 public:
  using Text = std::shared_ptr<const std::string>;
  /// That wait for one listener.
  static constexpr std::size_t kFrames = 4;
  static constexpr std::size_t kMarkers = 64;

  class Listener;

  void send_frame(Text frame) MIEN_EXCLUDES(mutex_);
  void send_marker(const Text& marker) MIEN_EXCLUDES(mutex_);
  /// Nothing more comes: listeners are to leave.
  void end() MIEN_EXCLUDES(mutex_);

  Text newest() const MIEN_EXCLUDES(mutex_);  ///< null before the first
  std::size_t listeners() const MIEN_EXCLUDES(mutex_);
  std::uint64_t lost() const { return lost_; }

 private:
  struct Item {
    Text text;
    bool marker = false;
  };
  struct Seat {
    std::function<void()> wake{};
    std::deque<Item> waiting{};
    std::size_t markers = 0;  ///< among them
  };

  mutable base::Mutex mutex_;
  std::list<Seat> seats_ MIEN_GUARDED_BY(mutex_);
  Text newest_ MIEN_GUARDED_BY(mutex_);
  bool ended_ MIEN_GUARDED_BY(mutex_) = false;
  std::atomic<std::uint64_t> lost_{0};
};

/// A listener's place; one thread.
class WebFeed::Listener {
 public:
  /// Begins with the newest frame there is. `wake` is called from any thread whenever there is
  /// something to take, and must neither wait nor touch the feed.
  Listener(WebFeed& feed, std::function<void()> wake);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  /// What comes next; null when nothing waits.
  Text take();
  bool ended() const;

 private:
  WebFeed& feed_;
  std::list<Seat>::iterator seat_;
};

}  // namespace mien::outputs
