#include "mien/media/file_kinds.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "mien/base/text.hpp"

namespace mien::media {
namespace {

// What OpenCV's imgcodecs reads in Debian 12.
constexpr std::array<std::string_view, 13> kImages = {".jpg", ".jpeg", ".jpe", ".png",  ".bmp",
                                                      ".dib", ".webp", ".tif", ".tiff", ".ppm",
                                                      ".pgm", ".pnm",  ".jp2"};
constexpr std::array<std::string_view, 17> kVideos = {
    ".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".mpg", ".mpeg", ".mjpeg",
    ".wmv", ".flv", ".ts",  ".mts", ".m2ts", ".3gp", ".ogv", ".mjpg"};

constexpr std::array<std::string_view, 8> kRareImages = {".gif", ".avif", ".heic", ".heif",
                                                         ".hif", ".jxl",  ".apng", ".tga"};

/// Looks at the path's own characters: no copy, so nothing to throw, and no locale.
template <std::size_t N>
bool ends_like(const std::filesystem::path& path,
               const std::array<std::string_view, N>& endings) {
  const std::string_view text = path.native();
  const auto name = text.substr(text.rfind('/') + 1);
  const auto dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return false;  // ".png" is a hidden file
  const auto ending = name.substr(dot);
  return std::any_of(endings.begin(), endings.end(), [&](std::string_view known) {
    return std::equal(ending.begin(), ending.end(), known.begin(), known.end(),
                      [](char a, char b) { return base::ascii_lower(a) == b; });
  });
}

}  // namespace

bool looks_like_image(const std::filesystem::path& path) noexcept {
  return ends_like(path, kImages);
}

bool looks_like_video(const std::filesystem::path& path) noexcept {
  return ends_like(path, kVideos);
}

bool looks_like_rare_image(const std::filesystem::path& path) noexcept {
  return ends_like(path, kRareImages);
}

}  // namespace mien::media
