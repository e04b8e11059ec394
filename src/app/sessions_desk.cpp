#include "sessions_desk.hpp"

#include <chrono>
#include <thread>
#include <utility>

#include "mien/base/error.hpp"
#include "mien/base/threads.hpp"
#include "mien/recording/exports.hpp"
#include "mien/recording/report.hpp"
#include "mien/recording/session_files.hpp"

#include "desktop.hpp"

namespace mien {

using namespace std::chrono_literals;

namespace fs = std::filesystem;

SessionsDesk::SessionsDesk(std::function<void()> wake)
    : shared_(std::make_shared<Shared>(std::move(wake))) {}

SessionsDesk::~SessionsDesk() {
  // What hangs on a disk is left behind.
  const auto deadline = std::chrono::steady_clock::now() + 5s;
  while (busy() && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(10ms);
  }
}

void SessionsDesk::look(fs::path root) {
  root_ = std::move(root);
  if (listing_) {  // what it finds may be old already
    look_again_ = true;
    return;
  }
  try {
    start_detached([root = root_, shared = shared_] {
      std::vector<SessionEntry> sessions;
      try {
        sessions = list_sessions(root);
      } catch (...) {
        shared->notices.push_latest({Notice::Level::error, describe_current_exception()});
      }
      shared->lists.push_latest(std::move(sessions));
      shared->wake();
    });
    listing_ = true;
  } catch (const Error&) {  // no thread: take_list() tries again
    look_again_ = true;
  }
}

void SessionsDesk::run(std::function<std::string()> work) {
  ++shared_->working;
  try {
    start_detached([work = std::move(work), shared = shared_] {
      Notice notice;
      try {
        notice.text = work();
      } catch (...) {
        notice = {Notice::Level::error, describe_current_exception()};
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

void SessionsDesk::recover(fs::path folder) {
  run([folder = std::move(folder)] { return recover_session(folder).words; });
}

void SessionsDesk::write_export(fs::path folder, std::string format) {
  run([folder = std::move(folder), format = std::move(format)] {
    const auto& one = export_format(format);
    const auto file = export_session(read_session(folder), one);
    return std::string(one.name) + ": " + file.string();
  });
}

void SessionsDesk::open_report(fs::path folder) {
  run([folder = std::move(folder)] {
    fs::path report = folder / session_file::kReport;
    std::error_code error;
    if (!fs::exists(report, error)) report = write_report(read_session(folder));
    open_with_desktop(report);
    return std::string();
  });
}

void SessionsDesk::reveal(fs::path folder) {
  run([folder = std::move(folder)] {
    open_with_desktop(folder);
    return std::string();
  });
}

void SessionsDesk::remove(fs::path folder) {
  run([folder = std::move(folder)] {
    delete_session(folder);
    return "Deleted: " + folder.string();
  });
}

std::vector<Notice> SessionsDesk::take_notices() {
  std::vector<Notice> notices;
  bool done = false;
  while (auto notice = shared_->notices.try_pop()) {
    done = true;
    if (!notice->text.empty()) notices.push_back(std::move(*notice));
  }
  if (done && !root_.empty()) look(root_);
  return notices;
}

std::optional<std::vector<SessionEntry>> SessionsDesk::take_list() {
  auto list = shared_->lists.try_pop();
  if (list) listing_ = false;
  if (!listing_ && std::exchange(look_again_, false)) look(root_);
  return list;
}

}  // namespace mien
