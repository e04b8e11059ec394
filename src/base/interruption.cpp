#include "mien/base/interruption.hpp"

#include <set>
#include <system_error>
#include <thread>
#include <utility>

#include "mien/base/error.hpp"
#include "mien/base/thread_annotations.hpp"
#include "mien/base/threads.hpp"
#include "mien/system/signals.hpp"

namespace mien::base {

struct Interruption::State {
  system::EndRequests requests;
  std::function<void()> on_request;
  Mutex mutex;
  std::set<const std::function<void()>*> watched MIEN_GUARDED_BY(mutex);
  bool told MIEN_GUARDED_BY(mutex) = false;
  std::jthread thread;

  void run() {
    if (!requests.wait()) return;  // the object ends
    {
      const MutexLock lock(mutex);
      told = true;
      for (const auto* wake : watched) (*wake)();
    }
    if (on_request) on_request();
  }
};

Interruption::Interruption(std::function<void()> on_request) {
  try {
    state_ = std::make_unique<State>();
  } catch (const std::system_error&) {
    throw Error("The program has too many files open; close other programs.");
  }
  state_->on_request = std::move(on_request);
  state_->thread = start_thread([state = state_.get()] { state->run(); });
  state_->requests.start();
}

Interruption::~Interruption() {
  state_->requests.stop();
  state_->thread.join();
}

bool Interruption::asked() const { return system::EndRequests::asked(); }

Interruption::Watch::Watch(Interruption& interruption, std::function<void()> wake)
    : interruption_(interruption), wake_(std::move(wake)) {
  const MutexLock lock(interruption_.state_->mutex);
  interruption_.state_->watched.insert(&wake_);
  if (interruption_.state_->told) wake_();
}

Interruption::Watch::~Watch() {
  const MutexLock lock(interruption_.state_->mutex);
  interruption_.state_->watched.erase(&wake_);
}

}  // namespace mien::base
