#include "worker.hpp"

#include <algorithm>
#include <utility>

#include "mien/base/error.hpp"
#include "mien/base/log.hpp"
#include "mien/base/threads.hpp"

namespace mien::outputs {

using Clock = std::chrono::steady_clock;

namespace {

/// Of frames that were missed the first matter for those that were sent before them, and the
/// last for those that come: a third of a second and one second at 120 frames a second.
constexpr std::size_t kFirstMissed = 40;
constexpr std::size_t kMostMissed = kFirstMissed + 120;

/// Who was in it, when and where.
base::AnalyzedFrame without_picture(const base::AnalyzedFrame& frame) {
  auto slim = std::make_shared<base::Frame>(*frame.frame);
  slim->image.release();
  base::AnalyzedFrame result;
  result.frame = std::move(slim);
  result.labels = frame.labels;
  result.source = frame.source;
  result.readings.reserve(frame.readings.size());
  for (const auto& reading : frame.readings) {
    auto& kept = result.readings.emplace_back();
    kept.face = reading.face;
    kept.person = reading.person;
  }
  return result;
}

}  // namespace

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
    if (waiting_frames_ >= std::max<std::size_t>(1, limits_.frames)) miss_oldest_frame();
    waiting_.emplace_back(Picture{std::move(frame)});
    ++waiting_frames_;
  }
  changed_.notify_all();
}

template <typename Kind>
std::deque<Worker::Item>::iterator Worker::oldest(std::size_t after) {
  return std::find_if(waiting_.begin(), waiting_.end(), [&](const Item& item) {
    return std::holds_alternative<Kind>(item) && after-- == 0;
  });
}

void Worker::miss_oldest_frame() {
  const auto item = oldest<Picture>();
  const auto picture = std::get<Picture>(*item);
  *item = Missed{without_picture(*picture.frame), picture.last};
  --waiting_frames_;
  ++status_.lost;
  if (++waiting_missed_ <= kMostMissed) return;
  const auto gone = oldest<Missed>(kFirstMissed);
  if (std::get<Missed>(*gone).last) ended_ = true;
  waiting_.erase(gone);
  --waiting_missed_;
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
    if (waiting_.size() - waiting_frames_ - waiting_missed_ >= limits_.markers) {
      const auto first = oldest<Marker>();
      if (first == waiting_.end()) return;
      waiting_.erase(first);
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
  if (!sender_) return result;
  result.lost += sender_->lost();
  if (status_.state == State::failed) return result;
  result.listeners = sender_->listeners();
  result.address = sender_->address();
  result.token = sender_->token();
  result.problem = sender_->problem();
  result.place = sender_->place();
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
      waiting_missed_ = 0;
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
  take_sender();
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
  replace_sender();
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
    if (const auto* missed = std::get_if<Missed>(&*given.item)) {
      sender->missed(missed->frame);
      if (missed->last) sender->source_ended();
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

/// To be destroyed without the lock: closing may take its time, and status() must not wait.
std::unique_ptr<Sender> Worker::take_sender() {
  const base::MutexLock lock(mutex_);
  if (sender_) status_.lost += sender_->lost();
  return std::move(sender_);
}

/// The next attempt's sender, if there is to be one, knows what this one knew.
void Worker::replace_sender() {
  const auto gone = take_sender();
  {
    const base::MutexLock lock(mutex_);
    if (!gone || closing_) return;
  }
  try {
    auto made = protocol_.make(argument_, services_);
    made->follow(*gone);
    const base::MutexLock lock(mutex_);
    sender_ = std::move(made);
  } catch (...) {
    // The next attempt makes one, and says why it cannot.
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
  if (std::holds_alternative<Missed>(*result.item)) --waiting_missed_;
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
