#include "mien/base/background_queue.hpp"

#include <condition_variable>
#include <deque>
#include <utility>

#include "mien/base/thread_annotations.hpp"
#include "mien/base/threads.hpp"

namespace mien::base {

struct BackgroundQueue::Shared {
  Mutex mutex;
  std::condition_variable_any changed;
  std::deque<std::function<void()>> waiting MIEN_GUARDED_BY(mutex);
  bool busy MIEN_GUARDED_BY(mutex) = false;     // with one that has left `waiting`
  bool running MIEN_GUARDED_BY(mutex) = false;  // the thread, which ends when nothing waits

  void run_all() {
    while (true) {
      std::function<void()> work;
      {
        const MutexLock lock(mutex);
        busy = false;
        if (waiting.empty()) {
          running = false;
          break;
        }
        work = std::move(waiting.front());
        waiting.pop_front();
        busy = true;
      }
      work();
    }
    changed.notify_all();
  }

  bool wait(std::chrono::milliseconds limit) {
    const auto deadline = std::chrono::steady_clock::now() + limit;
    const MutexLock lock(mutex);
    while (busy || !waiting.empty()) {
      if (changed.wait_until(mutex, deadline) == std::cv_status::timeout) {
        return !busy && waiting.empty();
      }
    }
    return true;
  }
};

BackgroundQueue::BackgroundQueue(std::chrono::milliseconds grace)
    : grace_(grace), shared_(std::make_shared<Shared>()) {}

BackgroundQueue::~BackgroundQueue() { shared_->wait(grace_); }

void BackgroundQueue::run(std::function<void()> work) {
  {
    const MutexLock lock(shared_->mutex);
    shared_->waiting.push_back(std::move(work));
    if (std::exchange(shared_->running, true)) return;
  }
  try {
    start_detached([shared = shared_] { shared->run_all(); });
  } catch (...) {
    const MutexLock lock(shared_->mutex);
    shared_->running = false;
    shared_->waiting.clear();
    throw;
  }
}

bool BackgroundQueue::idle() const { return shared_->wait(std::chrono::milliseconds{0}); }

bool BackgroundQueue::wait(std::chrono::milliseconds limit) const {
  return shared_->wait(limit);
}

}  // namespace mien::base
