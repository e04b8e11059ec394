#pragma once

#include <condition_variable>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "mien/base/thread_annotations.hpp"
#include "mien/sources/cameras.hpp"
#include "mien/ui/view_model.hpp"

namespace mien {

/// Looks in a thread of its own what there is to choose: a device that answers slowly must not
/// hold up the window. Members are for the UI thread.
class Scout {
 public:
  struct Found {
    std::vector<CameraInfo> cameras;
    std::vector<Choice> models;
    std::vector<Choice> taught;  ///< those of the models that the user taught and kept
    std::vector<Choice> detectors;
    std::vector<std::string> problems;  ///< cards that cannot be used, a sentence each
  };

  /// Looks at once. `wake` is called from the thread when something was found.
  explicit Scout(std::function<void()> wake);
  ~Scout();
  Scout(const Scout&) = delete;
  Scout& operator=(const Scout&) = delete;

  /// Look again soon.
  void look();
  /// What was found since the last call, if anything.
  std::optional<Found> take();

 private:
  void run();

  std::function<void()> wake_;
  Mutex mutex_;
  std::condition_variable_any changed_;
  bool wanted_ MIEN_GUARDED_BY(mutex_) = true;
  bool stopping_ MIEN_GUARDED_BY(mutex_) = false;
  std::optional<Found> found_ MIEN_GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace mien
