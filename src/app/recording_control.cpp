#include "recording_control.hpp"

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

void RecordingControl::start(LiveSession& session, SessionOptions options) {
  if (busy()) return;
  privacy_ = options.privacy;
  recorder_ = std::make_shared<SessionRecorder>(std::move(options));
  session.set_sink(recorder_);
}

void RecordingControl::stop(LiveSession& session, bool interrupted) {
  if (!recorder_) return;
  recorder_->request_stop(interrupted ? "interrupted" : "stopped", !interrupted);
  session.set_sink(nullptr);
  finishing_ = std::exchange(recorder_, nullptr);
}

void RecordingControl::note(SessionEvent event, std::chrono::steady_clock::time_point at) {
  if (recorder_) recorder_->note(std::move(event), at);
}

std::vector<Notice> RecordingControl::poll(LiveSession& session) {
  std::vector<Notice> notices;
  // Finished without having been asked: the disk is full or gone.
  if (recorder_ && recorder_->finished()) stop(session);
  if (finishing_ && finishing_->finished()) {
    const auto status = finishing_->status();
    const std::string where = status.folder.string();
    if (!status.problem.empty()) {
      notices.push_back({Notice::Level::error,
                         status.problem + " What was recorded before is in " + where + "."});
    } else {
      notices.push_back({Notice::Level::info,
                         "Recorded " + duration_words(status.seconds) + " to " + where + "."});
    }
    finishing_.reset();
  }
  return notices;
}

RecordingView RecordingControl::view() const {
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
