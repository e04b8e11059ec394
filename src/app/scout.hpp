#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mien/base/background_queue.hpp"
#include "mien/base/channel.hpp"
#include "mien/sources/cameras.hpp"
#include "mien/ui/view_model.hpp"

namespace mien {

/// Looks beside the window what there is to choose: a device that answers slowly, or never,
/// must not hold it up, and is left behind in the end. Members are for the UI thread.
class Scout {
 public:
  struct Found {
    std::vector<CameraInfo> cameras;
    std::vector<Choice> models;
    std::vector<Choice> taught;  ///< those of the models that the user taught and kept
    std::vector<Choice> detectors;
    std::vector<std::string> problems;  ///< cards that cannot be used, a sentence each
  };
  /// Asks the system. Throws nothing.
  static Found look_around();

  /// Looks at once. `wake` is called from any thread when something was found. `look` is called
  /// there, too; tests put a fake here. Throws Error when no thread can be had.
  explicit Scout(std::function<void()> wake, std::function<Found()> look = &look_around);

  /// Looks again soon; once more is enough for all that asked meanwhile. Without a thread, when
  /// there is one.
  void look();
  /// What was found since the last call, if anything.
  std::optional<Found> take();

 private:
  void begin();
  void begin_if_wanted();

  const std::function<void()> wake_;
  const std::function<Found()> look_;
  std::shared_ptr<Channel<Found>> found_ = std::make_shared<Channel<Found>>(1);
  bool looking_ = false;
  bool wanted_ = false;  ///< again, when it is through
  BackgroundQueue queue_{std::chrono::milliseconds{0}};
};

}  // namespace mien
