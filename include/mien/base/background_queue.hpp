#pragma once

#include <chrono>
#include <functional>
#include <memory>

namespace mien::base {

/// Work done one after the other in a thread beside its owner, which never waits for it:
/// writing settings, listing a folder. Work that hangs, in a network file system for example,
/// is left behind in the end.
///
/// Members are for one thread, the owner's. What the work gives back goes through something
/// that both share, e.g. a Channel.
class BackgroundQueue {
 public:
  /// `grace`: how long the destructor waits for what has been asked for.
  explicit BackgroundQueue(std::chrono::milliseconds grace = std::chrono::seconds{5});
  ~BackgroundQueue();
  BackgroundQueue(const BackgroundQueue&) = delete;
  BackgroundQueue& operator=(const BackgroundQueue&) = delete;

  /// Returns at once. `work` owns or shares what it uses, and throws nothing. Throws Error when
  /// no thread can be had.
  void run(std::function<void()> work);

  bool idle() const;
  /// Waits until all is done; false after `limit`.
  bool wait(std::chrono::milliseconds limit) const;

 private:
  struct Shared;
  const std::chrono::milliseconds grace_;
  std::shared_ptr<Shared> shared_;
};

}  // namespace mien::base
