#include "sessions_desk.hpp"

#include <chrono>
#include <utility>

#include "mien/base/error.hpp"
#include "mien/recording/exports.hpp"
#include "mien/recording/report.hpp"
#include "mien/recording/session_files.hpp"

#include "desktop.hpp"

namespace mien {

using namespace std::chrono_literals;

namespace fs = std::filesystem;

SessionsDesk::~SessionsDesk() {
  if (list_.valid()) list_.wait();
  for (auto& work : works_) work.wait();
}

void SessionsDesk::look(fs::path root) {
  root_ = std::move(root);
  if (list_.valid()) {  // what it finds may be old already
    look_again_ = true;
    return;
  }
  list_ = std::async(std::launch::async, [root = root_, wake = wake_] {
    auto sessions = list_sessions(root);
    wake();
    return sessions;
  });
}

void SessionsDesk::run(std::function<std::string()> work) {
  works_.push_back(std::async(std::launch::async, [work = std::move(work), wake = wake_] {
    Notice notice;
    try {
      notice.text = work();
    } catch (...) {
      notice = {Notice::Level::error, describe_current_exception()};
    }
    wake();
    return notice;
  }));
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
  for (auto it = works_.begin(); it != works_.end();) {
    if (it->wait_for(0s) != std::future_status::ready) {
      ++it;
      continue;
    }
    auto notice = it->get();
    if (!notice.text.empty()) notices.push_back(std::move(notice));
    it = works_.erase(it);
    if (!root_.empty()) look(root_);
  }
  return notices;
}

std::optional<std::vector<SessionEntry>> SessionsDesk::take_list() {
  if (!list_.valid() || list_.wait_for(0s) != std::future_status::ready) return std::nullopt;
  auto list = list_.get();
  if (std::exchange(look_again_, false)) look(root_);
  return list;
}

}  // namespace mien
