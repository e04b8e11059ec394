#include "recording_controller.hpp"

#include <utility>

#include "mien/base/numbers.hpp"

namespace mien::app {
RecordingController::RecordingController(analysis::LiveSession& live, ui::ViewModel& view,
                                         const std::map<int, std::string>& names,
                                         std::function<Plan(const analysis::LiveStatus&)> plan)
    : live_(live), view_(view), names_(names), plan_(std::move(plan)) {}

void RecordingController::handle(const ui::action::Record& action) {
  if (!action.on) return stop();
  if (closing_) return;
  const auto live = live_.snapshot();
  if (live.status.model_id.empty() || !live.frame) {
    view_.notices.push_back({base::Notice::Level::info,
                             "There is nothing to record yet; wait for the first picture."});
    return;
  }
  start(live);
}

void RecordingController::handle(const ui::action::Marker& action) {
  note({.kind = sessions::SessionEvent::Kind::marker, .text = action.text}, action.at);
}

void RecordingController::handle(const ui::action::NamePerson& action) {
  if (view_.replay) return;  // somebody in a past session
  note({.kind = sessions::SessionEvent::Kind::name,
        .person = action.person,
        .text = action.name});
}

void RecordingController::request_start() {
  requested_ = true;
  view_.recording = describe();
}

void RecordingController::start(const analysis::LiveSnapshot& live) {
  if (busy()) return;
  auto plan = plan_(live.status);
  recorder_ = std::make_shared<recording::SessionRecorder>(std::move(plan.prepare));
  privacy_ = plan.privacy;
  // A recording that begins does not know them yet.
  for (const auto& [person, name] : names_) {
    note({.kind = sessions::SessionEvent::Kind::name, .person = person, .text = name});
  }
  if (paused_) note({.kind = sessions::SessionEvent::Kind::pause, .text = {}});
  if (!outputs_.empty()) recorder_->note_outputs(outputs_);
  if (plan.measured) live_.request({.measuring = analysis::Measuring::always});
  live_.set_sink(recorder_);
  view_.recording = describe();
}

void RecordingController::stop(bool interrupted) {
  if (!recorder_) return;
  recorder_->request_stop(interrupted ? "interrupted" : "stopped", !interrupted);
  live_.set_sink(nullptr);
  finishing_ = std::exchange(recorder_, nullptr);
  view_.recording = describe();
}

void RecordingController::close(bool interrupted) {
  closing_ = true;
  stop(interrupted);
}

void RecordingController::note_outputs(const std::vector<std::string>& specs) {
  if (specs == outputs_) return;
  outputs_ = specs;
  if (recorder_) recorder_->note_outputs(outputs_);
}

void RecordingController::note(sessions::SessionEvent event, Clock::time_point at) {
  if (recorder_) recorder_->note(std::move(event), at);
}

void RecordingController::poll(const analysis::LiveSnapshot& live) {
  const bool paused = live.status.state == analysis::LiveStatus::State::paused;
  if (std::exchange(paused_, paused) != paused) {
    note({.kind = paused ? sessions::SessionEvent::Kind::pause
                         : sessions::SessionEvent::Kind::resume,
          .text = {}});
  }
  // Finished without having been asked: it could not be started, or the disk is full or gone.
  if (recorder_ && recorder_->finished()) stop();
  if (finishing_ && finishing_->finished()) collect_finished();
  if (requested_ && !live.status.missing.empty()) {
    requested_ = false;
    start_failed_ = true;
    problem_ = live.status.missing;
  }
  // Nothing is recorded before the first-run notice has been accepted, or behind a session that
  // is looked at.
  const bool possible = live.analysis && !live.status.model_id.empty() && !view_.first_run &&
                        !view_.replay && !closing_;
  if (requested_ && possible && !busy()) {
    requested_ = false;
    started_by_option_ = true;
    start(live);
  }
  view_.recording = describe();
}

void RecordingController::collect_finished() {
  const auto how = finishing_->status();
  const std::string where = how.folder.string();
  if (how.problem.empty()) {
    view_.notices.push_back(
        {base::Notice::Level::info,
         "Recorded " + base::minutes_and_seconds(how.seconds) + " to " + where + "."});
  } else {
    problem_ = how.problem;
    start_failed_ = start_failed_ || (started_by_option_ && where.empty());
    view_.notices.push_back(
        {base::Notice::Level::error,
         how.problem +
             (where.empty() ? "" : " What was recorded before is in " + where + ".")});
  }
  started_by_option_ = false;
  finishing_.reset();
}

ui::RecordingView RecordingController::describe() const {
  ui::RecordingView view;
  view.requested = requested_;
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

}  // namespace mien::app
