#include "mien/recording/session_recorder.hpp"

#include <atomic>
#include <thread>
#include <utility>

#include "mien/base/channel.hpp"
#include "mien/base/error.hpp"
#include "mien/base/thread_annotations.hpp"

namespace mien {
namespace {

/// A quarter of a second of a webcam: enough to ride out a slow disk, little enough memory.
constexpr std::size_t kWaiting = 8;

}  // namespace

class SessionRecorder::Worker {
 public:
  explicit Worker(SessionOptions options) : writer_(std::move(options)) {
    show(writer_.summary());
    thread_ = std::thread([this] { run(); });
  }
  ~Worker() {
    frames_.close();
    thread_.join();
  }

  bool push(AnalyzedFramePtr frame) { return frames_.push_wait(std::move(frame)); }
  void request_stop() { frames_.close(); }
  bool finished() const { return finished_; }
  Status status() const {
    MutexLock lock(mutex_);
    return status_;
  }

 private:
  void run() {
    std::string ended = "stopped";
    std::string problem;
    try {
      while (auto frame = frames_.pop()) {
        writer_.write(**frame);
        frame->reset();  // not kept while waiting for the next
        show(writer_.summary());
      }
    } catch (...) {
      ended = "failed";
      problem = describe_current_exception();
      frames_.close();  // wakes a push() that waits; later ones are told at once
    }
    auto summary = writer_.close(ended);
    if (summary.problem.empty()) summary.problem = problem;
    show(summary);
    finished_ = true;
  }

  void show(const SessionSummary& summary) {
    MutexLock lock(mutex_);
    status_ = {.folder = summary.folder,
               .seconds = summary.seconds,
               .bytes = summary.bytes,
               .frames = summary.frames,
               .problem = summary.problem};
  }

  SessionWriter writer_;  ///< the thread's, once it runs
  Channel<AnalyzedFramePtr> frames_{kWaiting};
  mutable Mutex mutex_;
  Status status_ MIEN_GUARDED_BY(mutex_);
  std::atomic<bool> finished_{false};
  std::thread thread_;
};

SessionRecorder::SessionRecorder(SessionOptions options)
    : worker_(std::make_unique<Worker>(std::move(options))) {}

SessionRecorder::~SessionRecorder() = default;

bool SessionRecorder::push(AnalyzedFramePtr frame) { return worker_->push(std::move(frame)); }

void SessionRecorder::request_stop() { worker_->request_stop(); }

bool SessionRecorder::finished() const { return worker_->finished(); }

SessionRecorder::Status SessionRecorder::status() const { return worker_->status(); }

}  // namespace mien
