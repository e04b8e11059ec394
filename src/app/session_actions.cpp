// What the panels ask for about recorded sessions.

#include <algorithm>
#include <utility>

#include "window_app.hpp"

namespace mien {

namespace {

constexpr std::size_t kMostDeclined = 100;  // remembered; older ones are asked about again

}  // namespace

void WindowApp::on(const action::ChoosePrivacy& wish) { choices_.choose_privacy(wish.privacy); }
void WindowApp::on(const action::ChooseEncoder& wish) { choices_.choose_encoder(wish.encoder); }
void WindowApp::on(const action::Marker& wish) { recording_.mark(wish.text, wish.at); }

void WindowApp::on(const action::NamePerson& wish) {
  if (!replay_.active()) recording_.name(wish.person, wish.name);  // else of a past session
}

// ---- the list and what can be done with one of it -------------------------------------------

void WindowApp::collect_sessions() {
  for (auto& notice : desk_.take_notices()) view_.notices.push_back(std::move(notice));
  auto list = desk_.take_list();
  if (!list) return;
  news_ = true;
  view_.sessions = std::move(*list);
  view_.sessions_known = true;
  if (recovery_asked_ || automated()) return;
  recovery_asked_ = true;
  const auto& declined = choices_.settings().recovery_declined;
  for (const auto& session : view_.sessions) {
    if (session.state == SessionEntry::State::broken &&
        std::find(declined.begin(), declined.end(), session.folder) == declined.end()) {
      broken_.push_back(session);
    }
  }
  if (!broken_.empty()) view_.broken_session = broken_.front();
}

void WindowApp::on(const action::AnswerRecovery& wish) {
  using Answer = action::AnswerRecovery::Answer;
  if (wish.answer == Answer::recover) {
    say(Notice::Level::info, "Recovering " + wish.folder.string() + "…");
    desk_.recover(wish.folder);
  } else if (wish.answer == Answer::never) {
    choices_.change([&](Settings& settings) {
      auto& declined = settings.recovery_declined;
      declined.push_back(wish.folder.string());
      if (declined.size() > kMostDeclined) declined.erase(declined.begin());
    });
  }
  std::erase_if(broken_, [&](const auto& one) { return one.folder == wish.folder; });
  view_.broken_session.reset();
  if (!broken_.empty()) view_.broken_session = broken_.front();
}

void WindowApp::on(const action::ListSessions&) { desk_.look(choices_.sessions_folder()); }

void WindowApp::on(const action::ExportSession& wish) {
  desk_.write_export(wish.folder, wish.format);
}
void WindowApp::on(const action::OpenReport& wish) { desk_.open_report(wish.folder); }
void WindowApp::on(const action::RevealSession& wish) { desk_.reveal(wish.folder); }

void WindowApp::on(const action::DeleteSession& wish) {
  if (replay_.is(wish.folder)) leave_session();
  desk_.remove(wish.folder);
}

// ---- replay ---------------------------------------------------------------------------------

void WindowApp::on(const action::OpenSession& wish) {
  replay_.open(wish.folder, *session_, recording_.recording(), take_shown_replay());
  news_ = true;
}

void WindowApp::on(const action::LeaveSession&) { leave_session(); }
void WindowApp::on(const action::Seek& wish) { replay_.seek(wish.position); }

void WindowApp::leave_session() {
  if (!replay_.active()) return;
  replay_.leave(*session_, take_shown_replay());
  news_ = true;
}

/// What is shown of a past session makes room for another picture.
std::optional<ReplayView> WindowApp::take_shown_replay() {
  view_.replay_opening.clear();
  if (!view_.replay) return std::nullopt;
  presenter_->clear();
  view_.status = session_->snapshot().status;
  return std::exchange(view_.replay, std::nullopt);
}

bool WindowApp::collect_replay() {
  auto moment = replay_.poll();
  if (!moment.problem.empty()) {
    leave_session();
    say(Notice::Level::error, std::move(moment.problem));
    return false;
  }
  // The live picture until it is read.
  if (auto opening = replay_.opening(); opening != view_.replay_opening) {
    view_.replay_opening = std::move(opening);
    news_ = true;
  }
  if (!moment.view) return false;
  const bool moved = !view_.replay || moment.view->position != view_.replay->position;
  view_.status = std::move(moment.status);
  view_.replay = std::move(moment.view);
  if (presenter_->take_replayed(std::move(moment.analysis)) || moved) news_ = true;
  return true;
}

}  // namespace mien
