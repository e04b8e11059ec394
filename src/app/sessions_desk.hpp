#pragma once

#include <filesystem>
#include <functional>
#include <future>
#include <optional>
#include <string>
#include <vector>

#include "mien/base/notice.hpp"
#include "mien/recording/session_store.hpp"

namespace mien {

/// Lists past sessions and works on them beside the window: nothing here waits for a disk. The
/// UI thread's; its destructor waits for what it has begun.
class SessionsDesk {
 public:
  /// `wake` is called from any thread when something is done.
  explicit SessionsDesk(std::function<void()> wake) : wake_(std::move(wake)) {}
  ~SessionsDesk();
  SessionsDesk(const SessionsDesk&) = delete;
  SessionsDesk& operator=(const SessionsDesk&) = delete;

  /// Makes the list anew.
  void look(std::filesystem::path root);

  void recover(std::filesystem::path folder);
  void write_export(std::filesystem::path folder, std::string format);
  void open_report(std::filesystem::path folder);
  void reveal(std::filesystem::path folder);
  void remove(std::filesystem::path folder);

  /// What has been done since the last call; what was changed is listed anew by itself.
  std::vector<Notice> take_notices();
  /// A new list, if there is one.
  std::optional<std::vector<SessionEntry>> take_list();

 private:
  /// Does it in a thread of its own; what it returns is said, unless that is empty.
  void run(std::function<std::string()> work);

  std::function<void()> wake_;
  std::filesystem::path root_;
  bool look_again_ = false;
  std::future<std::vector<SessionEntry>> list_;
  std::vector<std::future<Notice>> works_;
};

}  // namespace mien
