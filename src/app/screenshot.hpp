#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include <opencv2/core.hpp>

#include "mien/base/background_queue.hpp"
#include "mien/base/channel.hpp"
#include "mien/base/notice.hpp"
#include "mien/ui/actions.hpp"

namespace mien::app {

/// Writes a picture of the window as PNG, making the folder. Throws Error.
void write_screenshot(const cv::Mat& picture, const std::filesystem::path& file);

/// A name in `folder` that is not taken: mien_2026-11-22_07-15-00.png.
std::filesystem::path new_screenshot_file(const std::filesystem::path& folder);

/// Screenshots that the user asks for, written in the background. The UI thread's.
class Screenshots {
 public:
  /// `wake` is called from any thread when one is written. `folder`: where they go; empty:
  /// default_screenshots_dir().
  Screenshots(base::BackgroundQueue& disk, std::function<void()> wake,
              std::filesystem::path folder = {});

  void handle(const ui::action::TakeScreenshot& /*action*/) { requested_ = true; }
  /// write() is to be called with the next picture of the window.
  bool requested() const { return requested_; }
  void write(const cv::Mat& picture);
  /// Notices of written screenshots and of errors.
  std::vector<base::Notice> take_notices();

 private:
  base::BackgroundQueue& disk_;
  const std::function<void()> wake_;
  const std::filesystem::path folder_;
  bool requested_ = false;
  std::shared_ptr<base::Channel<base::Notice>> notices_ =
      std::make_shared<base::Channel<base::Notice>>(100);
};

}  // namespace mien::app
