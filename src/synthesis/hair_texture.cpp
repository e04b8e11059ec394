#include "hair_texture.hpp"

#include <array>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "mien/base/error.hpp"

namespace mien::synthesis {
namespace {

constexpr int kTextureSide = 512;  ///< of the texture; others are made so large
constexpr std::uint32_t kMostPictureSide = 4096;
constexpr std::uintmax_t kMostPictureBytes = 32u << 20;

using PictureBytes = std::vector<unsigned char>;

std::uint32_t number_at(const PictureBytes& bytes, std::size_t at) {
  return std::uint32_t{bytes[at]} << 24 | std::uint32_t{bytes[at + 1]} << 16 |
         std::uint32_t{bytes[at + 2]} << 8 | std::uint32_t{bytes[at + 3]};
}

/// A PNG file without what does not belong to its picture: the package's colour profiles are
/// broken, and libpng says so on stderr. Empty when it is no PNG of a sensible size: one that
/// says it is huge would take all memory before it is found to be damaged.
PictureBytes plain_png(const std::filesystem::path& file) {
  constexpr std::size_t kStart = 8, kAround = 12;  // of the file; of a chunk: length, kind, sum
  constexpr std::array<std::string_view, 5> kKept = {"IHDR", "PLTE", "tRNS", "IDAT", "IEND"};
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  if (error || size > kMostPictureBytes) return {};
  PictureBytes bytes(static_cast<std::size_t>(size)), plain;
  std::ifstream stream(file, std::ios::binary);
  stream.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size));
  bytes.resize(static_cast<std::size_t>(std::max<std::streamsize>(0, stream.gcount())));
  if (bytes.size() < kStart + kAround + 8) return {};
  const auto side = [&](std::size_t at) {
    return number_at(bytes, at) >= 1 && number_at(bytes, at) <= kMostPictureSide;
  };
  if (!side(kStart + 8) || !side(kStart + 12)) return {};
  plain.assign(bytes.begin(), bytes.begin() + kStart);
  for (std::size_t at = kStart; bytes.size() - at >= kAround;) {
    const std::size_t length = number_at(bytes, at);
    if (length > bytes.size() - at - kAround) break;
    const auto first = bytes.begin() + static_cast<std::ptrdiff_t>(at);
    const std::string kind(first + 4, first + 8);
    if (std::ranges::find(kKept, kind) != kKept.end()) {
      plain.insert(plain.end(), first, first + static_cast<std::ptrdiff_t>(length + kAround));
    }
    at += length + kAround;
  }
  return plain;
}

cv::Mat read_strands(const std::filesystem::path& file) {
  const auto bytes = plain_png(file);
  if (bytes.empty()) return {};
  try {
    return cv::imdecode(bytes, cv::IMREAD_UNCHANGED);
  } catch (const cv::Exception&) {
    return {};
  }
}

}  // namespace

std::vector<cv::Mat> read_hair_texture(const std::filesystem::path& file) {
  cv::Mat picture = read_strands(file);
  if (picture.empty() || picture.type() != CV_8UC4) {
    throw base::Error("its picture cannot be read");
  }
  cv::resize(picture, picture, {kTextureSide, kTextureSide}, 0, 0, cv::INTER_AREA);
  // Half way to linear light: the pictures' own lamps made hair shinier than it is.
  std::array<float, 256> lights;
  for (std::size_t i = 0; i < lights.size(); ++i) {
    lights[i] = std::pow(static_cast<float>(i) / 255, 1.3F) + 0.01F;
  }
  cv::Mat cover(kTextureSide, kTextureSide, CV_32F), light(kTextureSide, kTextureSide, CV_32F);
  double sum = 0, weight = 0;
  for (int y = 0; y < kTextureSide; ++y) {
    for (int x = 0; x < kTextureSide; ++x) {
      const auto& p = picture.at<cv::Vec4b>(y, x);
      const int gray = (18 * p[0] + 184 * p[1] + 54 * p[2]) / 256;
      cover.at<float>(y, x) = static_cast<float>(p[3]) / 255;
      light.at<float>(y, x) = lights[static_cast<std::size_t>(gray)];
      // The black around the strands is not hair's.
      const float there = gray > 5 ? cover.at<float>(y, x) : 0.F;
      sum += static_cast<double>(there * light.at<float>(y, x));
      weight += static_cast<double>(there);
    }
  }
  const auto mean = static_cast<float>(weight > 0 ? sum / weight : 1.0);
  light = cv::min(cv::max(light / mean, 0.25), 1.9);
  std::vector<cv::Mat> levels;
  for (int side = kTextureSide;; side /= 2) {
    cv::Mat level(side, side, CV_8UC2);
    for (int y = 0; y < side; ++y) {
      for (int x = 0; x < side; ++x) {
        level.at<cv::Vec2b>(y, x) =
            cv::Vec2b(cv::saturate_cast<uchar>(cover.at<float>(y, x) * 255),
                      cv::saturate_cast<uchar>(light.at<float>(y, x) * 128));
      }
    }
    levels.push_back(level);
    if (side == 1) break;
    // Light counts as far as there is hair.
    cv::Mat weighed = light.mul(cover + 0.001F), half, total;
    cv::resize(weighed, half, {side / 2, side / 2}, 0, 0, cv::INTER_AREA);
    cv::resize(cover, total, {side / 2, side / 2}, 0, 0, cv::INTER_AREA);
    light = half / (total + 0.001F);
    cover = total;
  }
  return levels;
}

}  // namespace mien::synthesis
