#include "screenshot.hpp"

#include <array>
#include <ctime>
#include <string_view>
#include <vector>

#include <opencv2/imgcodecs.hpp>

#include "mien/base/error.hpp"
#include "mien/base/files.hpp"

namespace mien {

void write_screenshot(const cv::Mat& picture, const std::filesystem::path& file) {
  translate_errors("The screenshot " + file.string() + " cannot be written", [&] {
    if (const auto failed = make_private_folders(file.parent_path())) {
      throw std::runtime_error(failed.message());
    }
    std::vector<unsigned char> png;
    if (!cv::imencode(".png", picture, png)) throw std::runtime_error("no PNG encoder");
    write_file_atomically(file, {reinterpret_cast<const char*>(png.data()), png.size()});
  });
}

std::filesystem::path new_screenshot_file(const std::filesystem::path& folder) {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  localtime_r(&now, &local);
  std::array<char, 40> stamp{};
  std::strftime(stamp.data(), stamp.size(), "mien_%Y-%m-%d_%H-%M-%S", &local);
  auto file = folder / (std::string(stamp.data()) + ".png");
  for (int i = 2; std::filesystem::exists(file); ++i) {
    file = folder / (std::string(stamp.data()) + "_" + std::to_string(i) + ".png");
  }
  return file;
}

}  // namespace mien
