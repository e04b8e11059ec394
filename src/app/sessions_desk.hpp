#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "mien/base/channel.hpp"
#include "mien/base/notice.hpp"
#include "mien/recording/session_store.hpp"

namespace mien {

/// Lists past sessions and works on them beside the window: nothing here waits for a disk. The
/// UI thread's; its destructor waits a few seconds for what it has begun.
class SessionsDesk {
 public:
  /// `wake` is called from any thread when something is done.
  explicit SessionsDesk(std::function<void()> wake);
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

  /// Something for the user is still being done.
  bool busy() const { return shared_->working > 0; }
  /// What has been done since the last call; what was changed is listed anew by itself.
  std::vector<Notice> take_notices();
  /// A new list, if there is one.
  std::optional<std::vector<SessionEntry>> take_list();

 private:
  /// Does it in a thread of its own; what it returns is said, unless that is empty.
  void run(std::function<std::string()> work);

  /// What the threads share with it, and keep when it has gone.
  struct Shared {
    explicit Shared(std::function<void()> w) : wake(std::move(w)) {}
    const std::function<void()> wake;
    Channel<Notice> notices{1000};
    Channel<std::vector<SessionEntry>> lists{1};
    std::atomic<int> working{0};  ///< threads that do something for the user
  };

  std::shared_ptr<Shared> shared_;
  std::filesystem::path root_;
  bool listing_ = false;
  bool look_again_ = false;
};

}  // namespace mien
