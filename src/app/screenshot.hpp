#pragma once

#include <filesystem>

#include <opencv2/core.hpp>

namespace mien {

/// Writes a picture of the window as PNG, making the folder. Throws Error.
void write_screenshot(const cv::Mat& picture, const std::filesystem::path& file);

/// A name in `folder` that is not taken: mien_2026-11-22_07-15-00.png.
std::filesystem::path new_screenshot_file(const std::filesystem::path& folder);

}  // namespace mien
