#include "sessions_controller.hpp"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "mien/base/error.hpp"
#include "mien/base/threads.hpp"
#include "mien/reports/exports.hpp"
#include "mien/reports/report.hpp"
#include "mien/sessions/session_files.hpp"

#include "desktop.hpp"

namespace mien::app {

using namespace std::chrono_literals;

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMaxDeclined = 100;  // remembered; older ones are asked about again

}  // namespace

SessionsController::SessionsController(Choices& choices, ui::ViewModel& view,
                                       std::function<void()> wake, bool asks)
    : choices_(choices),
      view_(view),
      shared_(std::make_shared<Shared>(std::move(wake))),
      ask_about_broken_(asks) {}

SessionsController::~SessionsController() {
  // Work stuck on a disk is abandoned.
  const auto deadline = std::chrono::steady_clock::now() + 5s;
  while (busy() && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(10ms);
  }
}

void SessionsController::list() {
  listed_ = true;
  if (listing_) {  // what it finds may be old already
    list_again_ = true;
    return;
  }
  try {
    base::start_detached([root = choices_.sessions_folder(), shared = shared_] {
      std::vector<sessions::SessionEntry> sessions;
      try {
        sessions = sessions::list_sessions(root);
      } catch (...) {
        shared->notices.push_latest(
            {base::Notice::Level::error, base::describe_current_exception()});
      }
      shared->lists.push_latest(std::move(sessions));
      shared->wake();
    });
    listing_ = true;
  } catch (const base::Error&) {  // no thread: poll() tries again
    list_again_ = true;
  }
}

void SessionsController::run(std::function<std::string()> work) {
  ++shared_->working;
  try {
    base::start_detached([work = std::move(work), shared = shared_] {
      base::Notice notice;
      try {
        notice.text = work();
      } catch (...) {
        notice = {base::Notice::Level::error, base::describe_current_exception()};
      }
      shared->notices.push_latest(std::move(notice));
      --shared->working;
      shared->wake();
    });
  } catch (...) {
    --shared_->working;
    throw;
  }
}

void SessionsController::handle(const ui::action::ExportSession& action) {
  run([action] {
    const auto& format = reports::export_format(action.format);
    const auto file = reports::export_session(sessions::read_session(action.folder), format);
    return std::string(format.name) + ": " + file.string();
  });
}

void SessionsController::handle(const ui::action::OpenReport& action) {
  run([folder = action.folder] {
    fs::path report = folder / sessions::session_file::kReport;
    std::error_code error;
    if (!fs::exists(report, error))
      report = reports::write_report(sessions::read_session(folder));
    open_with_desktop(report);
    return std::string();
  });
}

void SessionsController::handle(const ui::action::OpenFolder& action) {
  run([folder = action.folder] {
    open_with_desktop(folder);
    return std::string();
  });
}

void SessionsController::handle(const ui::action::DeleteSession& action) {
  run([folder = action.folder] {
    sessions::delete_session(folder, reports::export_file_names());
    return "Deleted: " + folder.string();
  });
}

void SessionsController::handle(const ui::action::AnswerRecovery& action) {
  using Answer = ui::action::AnswerRecovery::Answer;
  std::erase_if(broken_, [&](const auto& one) { return one.folder == action.folder; });
  view_.broken_session.reset();
  if (!broken_.empty()) view_.broken_session = broken_.front();
  if (action.answer == Answer::never) {
    choices_.change([&](base::Settings& settings) {
      auto& declined = settings.recovery_declined;
      declined.push_back(action.folder.string());
      if (declined.size() > kMaxDeclined) declined.erase(declined.begin());
    });
  } else if (action.answer == Answer::recover) {
    run([folder = action.folder] {
      const auto recovery = sessions::recover_session(folder);
      if (recovery.frames > 0) reports::make_report(folder);
      return recovery.words;
    });
    view_.notices.push_back(
        {base::Notice::Level::info, "Recovering " + action.folder.string() + "…"});
  }
}

void SessionsController::ask_about_broken() {
  if (!std::exchange(ask_about_broken_, false)) return;
  const auto& declined = choices_.settings().recovery_declined;
  for (const auto& session : view_.sessions) {
    if (session.state == sessions::SessionEntry::State::broken &&
        std::find(declined.begin(), declined.end(), session.folder) == declined.end()) {
      broken_.push_back(session);
    }
  }
  if (!broken_.empty()) view_.broken_session = broken_.front();
}

bool SessionsController::poll() {
  bool done = false;
  while (auto notice = shared_->notices.try_pop()) {
    done = true;
    if (!notice->text.empty()) view_.notices.push_back(std::move(*notice));
  }
  if (done && listed_) list();
  auto found = shared_->lists.try_pop();
  if (found) listing_ = false;
  if (!listing_ && std::exchange(list_again_, false)) list();
  if (!found) return false;
  view_.sessions = std::move(*found);
  view_.sessions_known = true;
  ask_about_broken();
  return true;
}

}  // namespace mien::app
