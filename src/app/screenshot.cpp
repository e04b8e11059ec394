#include "screenshot.hpp"

#include <string_view>
#include <utility>
#include <vector>

#include <opencv2/imgcodecs.hpp>

#include "mien/base/error.hpp"
#include "mien/base/files.hpp"
#include "mien/base/paths.hpp"

namespace mien::app {

void write_screenshot(const cv::Mat& picture, const std::filesystem::path& file) {
  base::translate_errors("The screenshot " + file.string() + " cannot be written", [&] {
    if (const auto failed = base::make_private_folders(file.parent_path())) {
      throw std::runtime_error(failed.message());
    }
    std::vector<unsigned char> png;
    if (!cv::imencode(".png", picture, png)) throw std::runtime_error("no PNG encoder");
    base::write_file_atomically(file, {reinterpret_cast<const char*>(png.data()), png.size()});
  });
}

std::filesystem::path new_screenshot_file(const std::filesystem::path& folder) {
  return base::free_name(folder / ("mien_" + base::time_stamp_for_names() + ".png"));
}

Screenshots::Screenshots(base::BackgroundQueue& disk, std::function<void()> wake,
                         std::filesystem::path folder)
    : disk_(disk), wake_(std::move(wake)), folder_(std::move(folder)) {}

void Screenshots::write(const cv::Mat& picture) {
  requested_ = false;
  // Compressing takes longer than a redraw may.
  try {
    disk_.run([picture, notices = notices_, wake = wake_, folder = folder_] {
      base::Notice notice;
      try {
        const auto file =
            new_screenshot_file(folder.empty() ? base::default_screenshots_dir() : folder);
        write_screenshot(picture, file);
        notice.text = "Screenshot: " + file.string();
      } catch (...) {
        notice = {base::Notice::Level::error, base::describe_current_exception()};
      }
      notices->push_latest(std::move(notice));
      wake();
    });
  } catch (const base::Error& error) {  // no thread
    notices_->push_latest({base::Notice::Level::error, error.what()});
  }
}

std::vector<base::Notice> Screenshots::take_notices() {
  std::vector<base::Notice> notices;
  while (auto notice = notices_->try_pop()) notices.push_back(std::move(*notice));
  return notices;
}

}  // namespace mien::app
