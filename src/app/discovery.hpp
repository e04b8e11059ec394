#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mien/base/background_queue.hpp"
#include "mien/base/channel.hpp"
#include "mien/outputs/output.hpp"
#include "mien/sources/cameras.hpp"
#include "mien/system/camera_device.hpp"
#include "mien/ui/actions.hpp"
#include "mien/ui/view_model.hpp"

namespace mien::app {

/// Finds the cameras, models, detectors and places to send to that there are, in a thread of
/// its own: a device that answers slowly, or never, must not block the window, and is abandoned
/// in the end. Members are for the UI thread.
class Discovery {
 public:
  using Clock = std::chrono::steady_clock;
  struct Found {
    std::vector<sources::CameraInfo> cameras;
    std::vector<ui::Choice> models;
    std::vector<ui::Choice> taught;  ///< models that the user trained and saved
    std::vector<ui::Choice> detectors;
    std::vector<ui::Choice> landmarks;
    std::map<std::string, std::vector<outputs::Place>> places;  ///< to send to, by protocol
    std::vector<std::string> problems;  ///< cards that cannot be used, a sentence each
  };
  /// Asks the system. Throws nothing.
  static Found probe();

  /// Starts a search at once. `wake` is called from any thread when one is through. `probe` is
  /// called there, too; tests put a fake here. `devices`: a folder for CameraWatcher in tests.
  /// Throws Error when no thread can be had.
  explicit Discovery(std::function<void()> wake,
                     std::function<Found()> probe = &Discovery::probe,
                     const std::string& devices = "");

  void handle(const ui::action::RefreshLists& /*action*/) { search(); }
  /// Searches again soon; requests while a search runs are joined into one.
  void search();
  /// What was found since the last call, if anything. Searches again when cameras come or go.
  /// Once a redraw.
  std::optional<Found> poll(Clock::time_point now = Clock::now());

 private:
  void begin();
  void begin_if_requested();

  const std::function<void()> wake_;
  const std::function<Found()> probe_;
  system::CameraWatcher watcher_;
  std::optional<Clock::time_point> search_again_at_;
  std::shared_ptr<base::Channel<Found>> found_ = std::make_shared<base::Channel<Found>>(1);
  bool searching_ = false;
  bool requested_ = false;  ///< once more, when it is through
  base::BackgroundQueue queue_{std::chrono::milliseconds{0}};
};

}  // namespace mien::app
