#include "playback_controller.hpp"

#include <utility>

#include "mien/base/error.hpp"
#include "mien/base/files.hpp"

namespace mien::app {

PlaybackController::PlaybackController(Parts parts, std::function<void()> wake,
                                       ReplaySession::Read read)
    : live_(parts.live),
      choices_(parts.choices),
      presenter_(parts.presenter),
      view_(parts.view),
      wake_(std::move(wake)),
      read_(std::move(read)) {}

PlaybackController::~PlaybackController() { close_replay(); }

void PlaybackController::open_source(const std::string& spec) {
  leave();
  choices_.request_source(spec, live_.snapshot().status.source.spec);
  live_.request({.source =
                     sources::SourceRequest{
                         .spec = spec, .realtime = true, .mode = choices_.camera_mode(spec)},
                 .paused = false});
}

void PlaybackController::handle(const ui::action::OpenCamera& action) {
  choices_.choose_camera_mode(action.stable_path, action.mode);
  open_source(action.stable_path);
}

void PlaybackController::handle(const ui::action::Pause& action) {
  if (!replaying()) {
    live_.request({.paused = action.on});
  } else if (view_.replay) {
    replay_->set_paused(action.on);
  }
}

void PlaybackController::handle(const ui::action::RestartSource& /*action*/) {
  if (!replaying()) {
    live_.request({.restart = true});
  } else if (view_.replay) {
    replay_->set_paused(false);
  }
}

void PlaybackController::handle(const ui::action::OpenSession& action) {
  // First: without a thread for the new one, the old one stays.
  auto replay = ReplaySession::open(action.folder, wake_, read_);
  close_replay();
  replay_ = std::move(replay);
  folder_ = action.folder;
  ui_ = std::make_unique<ui::Ui>();
  view_.replay_opening = base::without_slash(folder_).filename().string();
  // Pause the hidden live source, unless it is being recorded.
  if (!paused_live_ && !view_.recording.active &&
      live_.snapshot().status.state == analysis::LiveStatus::State::running) {
    live_.request({.paused = true});
    paused_live_ = true;
  }
}

void PlaybackController::handle(const ui::action::DeleteSession& action) {
  if (replaying() && folder_ == action.folder) leave();
}

void PlaybackController::handle(const ui::action::Seek& action) {
  if (view_.replay) replay_->seek(action.position);
}

void PlaybackController::leave() {
  if (!replaying()) return;
  close_replay();
  if (std::exchange(paused_live_, false)) live_.request({.paused = false});
}

/// What is shown of a past session makes room for another picture.
void PlaybackController::close_replay() {
  replay_.reset();
  folder_.clear();
  view_.replay_opening.clear();
  if (view_.replay) {
    presenter_.clear();
    view_.status = live_.snapshot().status;
  }
  if (!ui_ && !view_.replay) return;
  // A session of hours is millions of rows: freeing them takes longer than a redraw may.
  struct Leftovers {
    std::unique_ptr<ui::Ui> ui;
    std::optional<ui::ReplayView> view;
  };
  auto leftovers = std::make_shared<Leftovers>(
      Leftovers{std::move(ui_), std::exchange(view_.replay, std::nullopt)});
  try {
    disposal_.run([leftovers = std::move(leftovers)] {});
  } catch (const base::Error&) {
    // No thread can be had: then it is freed here.
  }
}

bool PlaybackController::poll() {
  if (!replaying()) return false;
  auto moment = replay_->moment();
  if (!moment.problem.empty()) {
    view_.notices.push_back({base::Notice::Level::error, std::move(moment.problem)});
    leave();
    return true;
  }
  if (!moment.view || !moment.analysis) return false;
  const bool moved = !view_.replay || moment.view->position != view_.replay->position;
  view_.status = std::move(moment.status);
  view_.replay = std::move(moment.view);
  view_.replay_opening.clear();
  return presenter_.take_replayed(std::move(moment.analysis)) || moved;
}

}  // namespace mien::app
