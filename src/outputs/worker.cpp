#include "worker.hpp"

#include <algorithm>
#include <utility>

#include "mien/base/error.hpp"
#include "mien/base/log.hpp"
#include "mien/base/threads.hpp"

namespace mien::outputs {

using Clock = std::chrono::steady_clock;

struct Worker::Gate {
  explicit Gate(std::function<bool(Command)> to) : command(std::move(to)) {}

  bool pass(Command given) MIEN_EXCLUDES(mutex) {
    const base::MutexLock lock(mutex);
    return open && command(std::move(given));
  }
  void shut() MIEN_EXCLUDES(mutex) {
    const base::MutexLock lock(mutex);
    open = false;
  }

  base::Mutex mutex;
  const std::function<bool(Command)> command;
  bool open MIEN_GUARDED_BY(mutex) = true;
};

Worker::Worker(std::string spec, Spec parsed, const Services& services, OutputLimits limits)
    : spec_(std::move(spec)),
      protocol_(parsed.protocol),
      argument_(std::move(parsed.argument)),
      gate_(std::make_shared<Gate>(services.command)),
      services_{
          .command = [gate = gate_](Command command) { return gate->pass(std::move(command)); },
          .version = services.version},
      limits_(limits),
      sender_(protocol_.make(argument_, services_)) {
  status_.word = protocol_.word;
  status_.spec = spec_;
  status_.name = protocol_.name;
}

void Worker::start(std::shared_ptr<Worker> before) {
  base::start_detached([self = shared_from_this(), before = std::move(before)]() mutable {
    self->run(before);
    before.reset();
  });
}

void Worker::push(base::AnalyzedFramePtr frame) {
  {
    const base::MutexLock lock(mutex_);
    if (closing_) return;
    if (waiting_frames_ >= std::max<std::size_t>(1, limits_.frames)) drop_oldest_frame();
    waiting_.emplace_back(Picture{std::move(frame)});
    ++waiting_frames_;
  }
  changed_.notify_all();
}

void Worker::drop_oldest_frame() {
  const auto oldest = std::find_if(waiting_.begin(), waiting_.end(), [](const Item& item) {
    return std::holds_alternative<Picture>(item);
  });
  if (std::get<Picture>(*oldest).last) ended_ = true;
  waiting_.erase(oldest);
  --waiting_frames_;
  ++status_.lost;
}

void Worker::source_ended() {
  {
    const base::MutexLock lock(mutex_);
    if (closing_) return;
    const auto newest = std::find_if(waiting_.rbegin(), waiting_.rend(), [](const Item& item) {
      return std::holds_alternative<Picture>(item);
    });
    (newest == waiting_.rend() ? ended_ : std::get<Picture>(*newest).last) = true;
  }
  changed_.notify_all();
}

void Worker::mark(const Marker& marker) {
  {
    const base::MutexLock lock(mutex_);
    if (closing_) return;
    if (waiting_.size() - waiting_frames_ >= limits_.markers) {
      const auto oldest = std::find_if(waiting_.begin(), waiting_.end(), [](const Item& item) {
        return std::holds_alternative<Marker>(item);
      });
      if (oldest == waiting_.end()) return;
      waiting_.erase(oldest);
    }
    waiting_.emplace_back(marker);
  }
  changed_.notify_all();
}

void Worker::use_names(std::map<int, std::string> names) {
  {
    const base::MutexLock lock(mutex_);
    if (names == names_) return;
    names_ = std::move(names);
    names_are_new_ = true;
  }
  changed_.notify_all();
}

OutputStatus Worker::status() const {
  const base::MutexLock lock(mutex_);
  auto result = status_;
  if (sender_) {
    result.listeners = sender_->listeners();
    result.address = sender_->address();
    result.token = sender_->token();
    result.lost += sender_->lost();
  }
  return result;
}

void Worker::close(bool send_what_waits) {
  gate_->shut();
  {
    const base::MutexLock lock(mutex_);
    closing_ = true;
    if (!send_what_waits) {
      waiting_.clear();
      waiting_frames_ = 0;
      ended_ = false;
    }
  }
  changed_.notify_all();
}

bool Worker::wait_closed(Clock::time_point deadline) const {
  const base::MutexLock lock(mutex_);
  while (!closed_) {
    if (changed_.wait_until(mutex_, deadline) == std::cv_status::timeout) return closed_;
  }
  return true;
}

bool Worker::wait_opened(Clock::time_point deadline) const {
  const base::MutexLock lock(mutex_);
  while (status_.state == State::opening && !closed_) {
    if (changed_.wait_until(mutex_, deadline) == std::cv_status::timeout) {
      return status_.state != State::opening || closed_;
    }
  }
  return true;
}

void Worker::run(const std::shared_ptr<Worker>& before) {
  if (before) before->wait_closed(Clock::now() + limits_.grace);
  auto wait = limits_.first_wait;
  for (;;) {
    if (attempt()) wait = limits_.first_wait;
    if (!rest(wait)) break;
    wait = std::min(wait * 2, limits_.longest_wait);
  }
  base::log::info("outputs", "Sending to ", spec_, " has ended");
  {
    const base::MutexLock lock(mutex_);
    closed_ = true;
  }
  changed_.notify_all();
}

/// Opens and sends until it breaks or is closed. True when it had sent something.
bool Worker::attempt() {
  bool worked = false;
  try {
    open();
    send_all(worked);
  } catch (...) {
    const auto problem = base::describe_current_exception();
    if (problem != logged_problem_) {
      logged_problem_ = problem;
      base::log::warn("outputs", "Sending to ", spec_, " failed: ", problem);
    }
    const base::MutexLock lock(mutex_);
    status_.state = State::failed;
    status_.problem = problem;
  }
  changed_.notify_all();
  drop_sender();
  return worked;
}

void Worker::open() {
  Sender* sender = nullptr;
  {
    const base::MutexLock lock(mutex_);
    sender = sender_.get();
  }
  if (sender == nullptr) {
    auto made = protocol_.make(argument_, services_);
    sender = made.get();
    const base::MutexLock lock(mutex_);
    sender_ = std::move(made);
  }
  sender->open();
  {
    const base::MutexLock lock(mutex_);
    status_.state = State::sending;
    status_.problem.clear();
    names_are_new_ = !names_.empty();
  }
  changed_.notify_all();
  if (logged_problem_.empty()) base::log::info("outputs", "Sending to ", spec_);
}

void Worker::send_all(bool& worked) {
  Sender* sender = nullptr;
  {
    const base::MutexLock lock(mutex_);
    sender = sender_.get();
  }
  for (;;) {
    const auto given = next();
    if (given.names) sender->use_names(*given.names);
    if (given.ended) sender->source_ended();
    if (!given.item) {
      if (given.names || given.ended) continue;
      return;
    }
    if (const auto* marker = std::get_if<Marker>(&*given.item)) {
      sender->mark(*marker);
      continue;
    }
    const auto& picture = std::get<Picture>(*given.item);
    try {
      sender->send(*picture.frame);
    } catch (...) {
      count(&OutputStatus::lost);
      throw;
    }
    count(&OutputStatus::sent);
    worked = true;
    if (!logged_problem_.empty()) {
      logged_problem_.clear();
      base::log::info("outputs", "Sending to ", spec_, " again");
    }
    if (picture.last) sender->source_ended();
  }
}

void Worker::count(std::uint64_t OutputStatus::*counter) {
  const base::MutexLock lock(mutex_);
  ++(status_.*counter);
}

/// Destroyed without the lock: closing may take its time, and status() must not wait for it.
void Worker::drop_sender() {
  std::unique_ptr<Sender> gone;
  {
    const base::MutexLock lock(mutex_);
    gone = std::move(sender_);
    if (gone) status_.lost += gone->lost();
  }
}

/// Waits for something to send; names or an end may come alone. None of them: closed, and
/// nothing waits.
Worker::Next Worker::next() {
  Next result;
  const base::MutexLock lock(mutex_);
  while (waiting_.empty() && !names_are_new_ && !ended_ && !closing_) changed_.wait(mutex_);
  if (std::exchange(names_are_new_, false)) result.names = names_;
  result.ended = std::exchange(ended_, false);
  if (waiting_.empty()) return result;
  result.item = std::move(waiting_.front());
  waiting_.pop_front();
  if (std::holds_alternative<Picture>(*result.item)) --waiting_frames_;
  return result;
}

/// False when it is to end.
bool Worker::rest(std::chrono::milliseconds wait) {
  const auto deadline = Clock::now() + wait;
  const base::MutexLock lock(mutex_);
  while (!closing_) {
    if (changed_.wait_until(mutex_, deadline) == std::cv_status::timeout) return !closing_;
  }
  return false;
}

}  // namespace mien::outputs
