#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "mien/base/channel.hpp"
#include "mien/base/notice.hpp"
#include "mien/sessions/session_store.hpp"
#include "mien/ui/actions.hpp"
#include "mien/ui/view_model.hpp"

#include "choices.hpp"

namespace mien::app {

/// Lists past sessions, works on them beside the window, and asks about those that a crash left
/// open: nothing here waits for a disk. The UI thread's; its destructor waits a few seconds for
/// what it has begun.
class SessionsController {
 public:
  /// `wake` is called from any thread when something is done. `asks`: the user is to be asked
  /// about broken sessions.
  SessionsController(Choices& choices, ui::ViewModel& view, std::function<void()> wake,
                     bool asks);
  ~SessionsController();
  SessionsController(const SessionsController&) = delete;
  SessionsController& operator=(const SessionsController&) = delete;

  void handle(const ui::action::ListSessions& /*action*/) { list(); }
  void handle(const ui::action::AnswerRecovery& action);
  void handle(const ui::action::ExportSession& action);
  void handle(const ui::action::OpenReport& action);
  void handle(const ui::action::OpenFolder& action);
  void handle(const ui::action::DeleteSession& action);

  /// Makes the list anew.
  void list();
  /// Something for the user is still being done.
  bool busy() const { return shared_->working > 0; }
  /// Takes what has been done since the last call into the view; what was changed is listed
  /// anew by itself. True when there is something new to draw. Once a redraw.
  bool poll();

 private:
  /// Does it in a thread of its own; what it returns is said, unless that is empty.
  void run(std::function<std::string()> work);
  void ask_about_broken();

  /// What the threads share with it, and keep when it has gone.
  struct Shared {
    explicit Shared(std::function<void()> w) : wake(std::move(w)) {}
    const std::function<void()> wake;
    base::Channel<base::Notice> notices{1000};
    base::Channel<std::vector<sessions::SessionEntry>> lists{1};
    std::atomic<int> working{0};  ///< threads that do something for the user
  };

  Choices& choices_;
  ui::ViewModel& view_;
  std::shared_ptr<Shared> shared_;
  bool ask_about_broken_;                       ///< sessions, once the first list is there
  std::vector<sessions::SessionEntry> broken_;  ///< still to be asked about
  bool listed_ = false;                         ///< list() was called
  bool listing_ = false;
  bool list_again_ = false;
};

}  // namespace mien::app
