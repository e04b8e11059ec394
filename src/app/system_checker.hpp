#pragma once

#include <atomic>
#include <functional>
#include <memory>

#include "mien/analysis/system_check.hpp"
#include "mien/base/background_queue.hpp"
#include "mien/base/channel.hpp"
#include "mien/ui/actions.hpp"
#include "mien/ui/view_model.hpp"

namespace mien::app {

/// The system check of the window: it runs in a thread of its own, and the view shows each
/// section as it comes. Nothing here waits, neither for a camera that hangs nor at the end. The
/// UI thread's.
class SystemChecker {
 public:
  using Check = std::function<analysis::SystemReport(const analysis::SystemCheckRequest&,
                                                     const analysis::SystemCheckFollower&)>;

  /// `request` says what is to be checked at that moment; `view` outlives the checker. `wake`
  /// is called from any thread when there is something new. Tests put a fake in place of
  /// `check`, which throws nothing.
  SystemChecker(ui::ViewModel& view, std::function<analysis::SystemCheckRequest()> request,
                std::function<void()> wake, Check check = &analysis::check_system);
  ~SystemChecker();
  SystemChecker(const SystemChecker&) = delete;
  SystemChecker& operator=(const SystemChecker&) = delete;

  /// Begins anew; one that runs is stopped. Throws Error when no thread can be had.
  void handle(const ui::action::CheckSystem& action);
  void handle(const ui::action::StopSystemCheck& action);

  /// Takes into the view what has been found since the last call; true when that is something.
  /// Once a redraw.
  bool poll();

 private:
  /// What the thread of one check shares with the checker.
  struct Run {
    std::atomic<bool> stopped{false};
    std::atomic<bool> finished{false};
    base::Channel<analysis::SystemSection> sections{100};
  };
  void stop();

  ui::ViewModel& view_;
  const std::function<analysis::SystemCheckRequest()> request_;
  const std::function<void()> wake_;
  const Check check_;
  std::shared_ptr<Run> run_;  ///< the newest; null before the first and after it was stopped
  base::BackgroundQueue queue_{std::chrono::milliseconds{0}};
};

}  // namespace mien::app
