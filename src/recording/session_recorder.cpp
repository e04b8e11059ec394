#include "mien/recording/session_recorder.hpp"

#include <atomic>
#include <chrono>
#include <thread>
#include <utility>
#include <vector>

#include "mien/base/channel.hpp"
#include "mien/base/error.hpp"
#include "mien/base/log.hpp"
#include "mien/base/thread_annotations.hpp"
#include "mien/base/threads.hpp"

namespace mien::recording {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

/// A quarter of a second of a webcam: enough to ride out a slow disk, little enough memory.
constexpr std::size_t kWaiting = 8;
/// How soon a full disk is noticed, and a note written, while no frames come.
constexpr auto kIdle = 250ms;
/// Milliseconds for which a frame may wait before that is logged.
constexpr double kSlow = 500;

}  // namespace

class SessionRecorder::Worker {
 public:
  explicit Worker(SessionOptions options) {
    writer_.emplace(std::move(options));
    show(writer_->summary());
    thread_ = base::start_thread([this] { run(); });
  }
  explicit Worker(std::function<SessionOptions()> prepare) {
    thread_ = base::start_thread([this, prepare = std::move(prepare)] {
      if (open(prepare)) run();
    });
  }
  ~Worker() { frames_.close(); }

  bool push(base::AnalyzedFramePtr frame) {
    source_has_ended_ = false;
    if (next_source_) {
      base::MutexLock lock(mutex_);
      sources_.emplace_back(frame->source, std::move(*next_source_));
      next_source_.reset();
    }
    const base::log::Elapsed took;
    const bool taken = frames_.push_wait(std::move(frame));
    if (taken && took() > kSlow && minute_.over()) {
      base::log::warn("recording", "The disk or the encoder is slow: a frame waited ", took,
                      " ms until it could be taken");
    }
    return taken;
  }
  void source_changes(const std::string& name) { next_source_ = name; }
  void source_ended() { source_has_ended_ = true; }
  void note(sessions::SessionEvent event, Clock::time_point at) {
    base::MutexLock lock(mutex_);
    notes_.push_back({std::move(event), at});
  }
  void note_outputs(std::vector<std::string> specs, Clock::time_point at) {
    base::MutexLock lock(mutex_);
    outputs_.emplace_back(std::move(specs), at);
  }
  void request_stop(const std::string& ended, bool report) {
    {
      base::MutexLock lock(mutex_);
      if (!end_) end_ = {ended, report};
    }
    frames_.close();
  }
  bool finished() const { return finished_; }
  Status status() const {
    base::MutexLock lock(mutex_);
    return status_;
  }

 private:
  struct Note {
    sessions::SessionEvent event;
    Clock::time_point at;
  };
  struct End {
    std::string ended;
    bool report = true;
  };

  bool open(const std::function<SessionOptions()>& prepare) {
    try {
      writer_.emplace(prepare());
      show(writer_->summary());
      return true;
    } catch (...) {
      {
        base::MutexLock lock(mutex_);
        status_.problem = base::describe_current_exception();
      }
      frames_.close();
      finished_ = true;
      return false;
    }
  }

  void run() {
    End end;
    std::string problem;
    try {
      write_all();
      base::MutexLock lock(mutex_);
      end = end_.value_or(End{"stopped", true});
    } catch (...) {
      end = {"failed", true};
      problem = base::describe_current_exception();
      frames_.close();  // wakes a push() that waits; later ones are told at once
    }
    auto summary = writer_->close(end.ended, end.report);
    if (summary.problem.empty()) summary.problem = problem;
    show(summary);
    finished_ = true;
  }

  void write_all() {
    for (;;) {
      const bool last = frames_.closed();  // asked first: what waits is drained after it
      auto frame = frames_.pop_for(kIdle);
      take_notes();
      if (frame) {
        writer_->write(**frame);
      } else if (last) {
        return;
      } else if (source_has_ended_.exchange(false)) {
        writer_->source_ended();
      } else {
        writer_->idle();
      }
      show(writer_->summary());
    }
  }

  void take_notes() {
    std::vector<Note> notes;
    std::vector<std::pair<std::uint64_t, std::string>> sources;
    std::vector<std::pair<std::vector<std::string>, Clock::time_point>> outputs;
    {
      base::MutexLock lock(mutex_);
      notes.swap(notes_);
      sources.swap(sources_);
      outputs.swap(outputs_);
    }
    for (auto& [source, name] : sources) writer_->set_source_name(source, std::move(name));
    for (auto& [event, at] : notes) writer_->note(std::move(event), at);
    for (const auto& [specs, at] : outputs) writer_->note_outputs(specs, at);
  }

  void show(const SessionSummary& summary) {
    const double rate = summary.bytes_per_second;
    base::MutexLock lock(mutex_);
    status_ = {.folder = summary.folder,
               .seconds = summary.seconds,
               .bytes = summary.bytes,
               .frames = summary.frames,
               .free_bytes = summary.free_bytes,
               .bytes_per_second = rate,
               .seconds_left = {},
               .problem = summary.problem};
    if (rate > 0) status_.seconds_left = static_cast<double>(summary.free_bytes) / rate;
  }

  std::optional<SessionWriter> writer_;  ///< the thread's, once it runs
  base::Channel<base::AnalyzedFramePtr> frames_{kWaiting};
  mutable base::Mutex mutex_;
  std::vector<Note> notes_ MIEN_GUARDED_BY(mutex_);
  std::vector<std::pair<std::uint64_t, std::string>> sources_ MIEN_GUARDED_BY(mutex_);
  std::vector<std::pair<std::vector<std::string>, Clock::time_point>> outputs_
      MIEN_GUARDED_BY(mutex_);
  std::optional<End> end_ MIEN_GUARDED_BY(mutex_);
  Status status_ MIEN_GUARDED_BY(mutex_);
  std::atomic<bool> finished_{false};
  /// Not told to the writer yet: it is when no frame waits.
  std::atomic<bool> source_has_ended_{false};
  std::optional<std::string> next_source_;  ///< the pushing thread's, as the next one
  base::log::Period minute_{1min};
  std::jthread thread_;  ///< the last: it uses the others
};

SessionRecorder::SessionRecorder(SessionOptions options)
    : worker_(std::make_unique<Worker>(std::move(options))) {}

SessionRecorder::SessionRecorder(std::function<SessionOptions()> prepare)
    : worker_(std::make_unique<Worker>(std::move(prepare))) {}

SessionRecorder::~SessionRecorder() = default;

bool SessionRecorder::push(base::AnalyzedFramePtr frame) {
  return worker_->push(std::move(frame));
}

void SessionRecorder::source_changes(const std::string& name) { worker_->source_changes(name); }

void SessionRecorder::source_ended() { worker_->source_ended(); }

void SessionRecorder::note(sessions::SessionEvent event,
                           std::chrono::steady_clock::time_point at) {
  worker_->note(std::move(event), at);
}

void SessionRecorder::note_outputs(std::vector<std::string> specs,
                                   std::chrono::steady_clock::time_point at) {
  worker_->note_outputs(std::move(specs), at);
}

void SessionRecorder::request_stop(const std::string& ended, bool report) {
  worker_->request_stop(ended, report);
}

bool SessionRecorder::finished() const { return worker_->finished(); }

SessionRecorder::Status SessionRecorder::status() const { return worker_->status(); }

}  // namespace mien::recording
