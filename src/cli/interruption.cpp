#include "interruption.hpp"

#include <atomic>
#include <chrono>

namespace mien {
namespace {

std::atomic<bool> asked_to_end{false};
static_assert(std::atomic<bool>::is_always_lock_free);

void note(int) { asked_to_end = true; }

}  // namespace

Interruption::Interruption() {
  asked_to_end = false;
  for (std::size_t i = 0; i < kSignals.size(); ++i) {
    sigaction(kSignals[i], nullptr, &before_[i]);
    // What nohup or a shell's background job has switched off stays off.
    if (before_[i].sa_handler == SIG_IGN) continue;
    struct sigaction action {};
    action.sa_handler = note;
    action.sa_flags = SA_RESETHAND | SA_RESTART;
    sigaction(kSignals[i], &action, nullptr);
  }
  thread_ = std::jthread([this](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      if (asked_to_end) {
        const std::lock_guard lock(mutex_);
        for (FrameSource* source : sources_) source->interrupt();
      }
      std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
  });
}

Interruption::~Interruption() {
  thread_.request_stop();
  thread_.join();
  for (std::size_t i = 0; i < kSignals.size(); ++i)
    sigaction(kSignals[i], &before_[i], nullptr);
}

bool Interruption::asked() const { return asked_to_end; }

void Interruption::watch(FrameSource& source) {
  const std::lock_guard lock(mutex_);
  sources_.insert(&source);
}

void Interruption::unwatch(FrameSource& source) {
  const std::lock_guard lock(mutex_);
  sources_.erase(&source);
}

}  // namespace mien
