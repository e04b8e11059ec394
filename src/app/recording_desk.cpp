#include "recording_desk.hpp"

#include <cmath>
#include <utility>

namespace mien {
namespace {

std::string duration_words(double seconds) {
  const long whole = std::lround(seconds);
  if (whole < 60) return std::to_string(whole) + " s";
  return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
}

}  // namespace

bool RecordingDesk::is_due(bool something_to_record) {
  if (!wanted_ || !something_to_record || closing_) return false;
  wanted_ = false;
  due_one_ = true;
  return true;
}

void RecordingDesk::fail(std::string reason) {
  wanted_ = false;
  refused_ = true;
  problem_ = std::move(reason);
}

bool RecordingDesk::start(LiveSession& session, Privacy privacy, Prepare prepare) {
  if (busy() || closing_) return false;
  recorder_ = std::make_shared<SessionRecorder>(std::move(prepare));
  privacy_ = privacy;
  // A recording that begins does not know them yet.
  for (const auto& [person, name] : names_) {
    note({.kind = SessionEvent::Kind::name, .person = person, .text = name});
  }
  if (paused_) note({.kind = SessionEvent::Kind::pause, .text = {}});
  session.set_sink(recorder_);
  return true;
}

void RecordingDesk::stop(LiveSession& session, bool interrupted) {
  if (!recorder_) return;
  recorder_->request_stop(interrupted ? "interrupted" : "stopped", !interrupted);
  session.set_sink(nullptr);
  finishing_ = std::exchange(recorder_, nullptr);
}

void RecordingDesk::close(LiveSession& session, bool interrupted) {
  closing_ = true;
  stop(session, interrupted);
}

void RecordingDesk::note(SessionEvent event, Clock::time_point at) {
  if (recorder_) recorder_->note(std::move(event), at);
}

void RecordingDesk::mark(const std::string& text, Clock::time_point at) {
  note({.kind = SessionEvent::Kind::marker, .text = text}, at);
}

void RecordingDesk::name(int person, const std::string& name) {
  names_[person] = name;
  note({.kind = SessionEvent::Kind::name, .person = person, .text = name});
  if (name.empty()) names_.erase(person);
}

std::vector<Notice> RecordingDesk::poll(LiveSession& session, const LiveStatus& status) {
  const bool paused = status.state == LiveStatus::State::paused;
  if (std::exchange(paused_, paused) != paused) {
    note({.kind = paused ? SessionEvent::Kind::pause : SessionEvent::Kind::resume, .text = {}});
  }
  std::vector<Notice> notices;
  // Finished without having been asked: it could not be started, or the disk is full or gone.
  if (recorder_ && recorder_->finished()) stop(session);
  if (finishing_ && finishing_->finished()) {
    const auto how = finishing_->status();
    const std::string where = how.folder.string();
    if (!how.problem.empty()) {
      problem_ = how.problem;
      refused_ = refused_ || (due_one_ && where.empty());
      notices.push_back(
          {Notice::Level::error,
           how.problem +
               (where.empty() ? "" : " What was recorded before is in " + where + ".")});
    } else {
      notices.push_back({Notice::Level::info,
                         "Recorded " + duration_words(how.seconds) + " to " + where + "."});
    }
    due_one_ = false;
    finishing_.reset();
  }
  return notices;
}

RecordingView RecordingDesk::view() const {
  RecordingView view;
  view.active = recorder_ != nullptr;
  view.finishing = finishing_ != nullptr;
  if (const auto* one = recorder_ ? recorder_.get() : finishing_.get()) {
    const auto status = one->status();
    view.seconds = status.seconds;
    view.bytes = status.bytes;
    view.seconds_left = status.seconds_left;
    view.privacy = privacy_;
  }
  return view;
}

}  // namespace mien
