#include "replay_desk.hpp"

#include <utility>

#include "mien/base/error.hpp"
#include "mien/base/files.hpp"

namespace mien {

ReplayDesk::ReplayDesk(std::function<void()> wake, ReplaySession::Read read)
    : wake_(std::move(wake)), read_(std::move(read)) {}

ReplayDesk::~ReplayDesk() { close({}); }

void ReplayDesk::open(std::filesystem::path folder, LiveSession& live, bool recording,
                      std::optional<ReplayView> shown) {
  // First: without a thread for the new one, the old one stays.
  auto session = std::make_unique<ReplaySession>(folder, wake_, read_);
  close(std::move(shown));
  session_ = std::move(session);
  folder_ = std::move(folder);
  ui_ = std::make_unique<Ui>();
  // What nobody sees need not be read, unless it is being recorded.
  if (!paused_live_ && !recording &&
      live.snapshot().status.state == LiveStatus::State::running) {
    live.request({.paused = true});
    paused_live_ = true;
  }
}

void ReplayDesk::leave(LiveSession& live, std::optional<ReplayView> shown) {
  close(std::move(shown));
  if (std::exchange(paused_live_, false)) live.request({.paused = false});
}

void ReplayDesk::close(std::optional<ReplayView> shown) {
  session_.reset();
  shown_ = false;
  folder_.clear();
  if (!ui_ && !shown) return;
  // A session of hours is millions of rows: freeing them takes longer than a redraw may.
  struct Remainder {
    std::unique_ptr<Ui> ui;
    std::optional<ReplayView> view;
  };
  auto remainder = std::make_shared<Remainder>(Remainder{std::move(ui_), std::move(shown)});
  try {
    disposal_.run([remainder = std::move(remainder)] {});
  } catch (const Error&) {
    // No thread can be had: then it is freed here.
  }
}

std::string ReplayDesk::opening() const {
  if (!active() || shown_) return "";
  return without_slash(folder_).filename().string();
}

void ReplayDesk::set_paused(bool paused) {
  if (shown_) session_->set_paused(paused);
}

void ReplayDesk::seek(double position) {
  if (shown_) session_->seek(position);
}

ReplaySession::Moment ReplayDesk::poll() {
  if (!active()) return {};
  auto moment = session_->moment();
  if (!moment.problem.empty()) return moment;
  if (!moment.view || !moment.analysis) return {};
  shown_ = true;
  return moment;
}

}  // namespace mien
