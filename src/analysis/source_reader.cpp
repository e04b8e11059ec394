#include "source_reader.hpp"

#include <condition_variable>
#include <deque>
#include <utility>

#include "mien/base/error.hpp"
#include "mien/base/thread_annotations.hpp"
#include "mien/base/threads.hpp"

namespace mien::analysis {
namespace {

using namespace std::chrono_literals;

// Read ahead; one, so that a live picture is never old.
constexpr std::size_t kFrames = 1;
// A driver releases a camera within milliseconds. After this time the new one is tried anyway,
// and says that the device is busy.
constexpr auto kDeviceReleaseTimeout = 3s;

}  // namespace

struct SourceReader::Shared {
  mutable base::Mutex mutex;
  mutable std::condition_variable_any changed;
  std::function<void()> on_change MIEN_GUARDED_BY(mutex);  // empty once nobody listens
  Status status MIEN_GUARDED_BY(mutex);
  sources::SourceInfo info;  // written before the state says open, and not after
  std::deque<base::FramePtr> frames MIEN_GUARDED_BY(mutex);
  sources::FrameSource* source MIEN_GUARDED_BY(mutex) = nullptr;  // to be interrupted
  bool stopping MIEN_GUARDED_BY(mutex) = false;
  bool released MIEN_GUARDED_BY(mutex) = false;

  void stop(bool and_detach) {
    {
      const base::MutexLock lock(mutex);
      stopping = true;
      if (and_detach) on_change = nullptr;
      if (source != nullptr) source->interrupt();
    }
    changed.notify_all();
  }

  bool wait_released(std::chrono::milliseconds limit) const {
    const auto deadline = std::chrono::steady_clock::now() + limit;
    const base::MutexLock lock(mutex);
    while (!released) {
      if (changed.wait_until(mutex, deadline) == std::cv_status::timeout) return released;
    }
    return true;
  }

  /// Under the lock, which keeps `on_change` alive: it wakes and does not wait.
  void notify_owner() MIEN_REQUIRES(mutex) {
    if (on_change) on_change();
  }

  void run(const Open& open, const sources::SourceRequest& request) {
    std::unique_ptr<sources::FrameSource> opened;
    try {
      opened = open(request);
      info = opened->info();
      {
        const base::MutexLock lock(mutex);
        source = opened.get();
        // A live source has no end at which it could be reported.
        if (info.live) status.remark = opened->remark();
        if (stopping) source->interrupt();
        status.state = State::open;
        notify_owner();
      }
      while (push(opened->read())) {
      }
      end({State::ended, {}, opened->damage(), opened->remark()});
    } catch (...) {
      end({opened ? State::broken : State::refused,
           base::describe_current_exception(),
           {},
           {}});
    }
    {
      const base::MutexLock lock(mutex);
      source = nullptr;
    }
    opened.reset();
    {
      const base::MutexLock lock(mutex);
      released = true;
    }
    changed.notify_all();
  }

  /// False when no more are wanted, or there are none.
  bool push(base::FramePtr frame) {
    if (!frame) return false;
    const base::MutexLock lock(mutex);
    while (frames.size() >= kFrames && !stopping) changed.wait(mutex);
    if (stopping) return false;
    frames.push_back(std::move(frame));
    notify_owner();
    return true;
  }

  void end(Status last) {
    const base::MutexLock lock(mutex);
    status = std::move(last);
    notify_owner();
  }
};

SourceReader::SourceReader(Open open, sources::SourceRequest request,
                           std::function<void()> on_change, const SourceReader* before)
    : shared_(std::make_shared<Shared>()) {
  {
    const base::MutexLock lock(shared_->mutex);
    shared_->on_change = std::move(on_change);
  }
  base::start_detached([shared = shared_, open = std::move(open), request = std::move(request),
                        earlier = before != nullptr ? before->shared_ : nullptr] {
    if (earlier) earlier->wait_released(kDeviceReleaseTimeout);
    shared->run(open, request);
  });
}

SourceReader::~SourceReader() { shared_->stop(true); }

SourceReader::Status SourceReader::status() const {
  const base::MutexLock lock(shared_->mutex);
  return shared_->status;
}

const sources::SourceInfo& SourceReader::info() const { return shared_->info; }

base::FramePtr SourceReader::take() {
  base::FramePtr frame;
  {
    const base::MutexLock lock(shared_->mutex);
    if (shared_->frames.empty()) return nullptr;
    frame = std::move(shared_->frames.front());
    shared_->frames.pop_front();
  }
  shared_->changed.notify_all();
  return frame;
}

void SourceReader::stop() { shared_->stop(false); }

bool SourceReader::wait_released(std::chrono::milliseconds limit) const {
  return shared_->wait_released(limit);
}

}  // namespace mien::analysis
