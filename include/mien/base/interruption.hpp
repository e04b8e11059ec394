#pragma once

#include <functional>
#include <memory>

namespace mien::base {

/// While it lives, the first SIGINT, SIGTERM or SIGHUP is a request to end in good order; a
/// second one ends the process as if there were none. A SIGHUP that nohup has switched off
/// stays off. One at a time. The window and all commands use it.
class Interruption {
 public:
  /// `on_request` is called once, from a thread of this object, when the first signal has come.
  /// Throws Error when no thread can be had.
  explicit Interruption(std::function<void()> on_request = {});
  ~Interruption();
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;

  /// Any thread.
  bool asked() const;

  /// While it lives, `wake` is called once when the request comes, from another thread, or at
  /// once when it has come already: for a read that waits. Any thread.
  class Watch {
   public:
    Watch(Interruption& interruption, std::function<void()> wake);
    ~Watch();
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

   private:
    Interruption& interruption_;
    std::function<void()> wake_;
  };

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace mien::base
