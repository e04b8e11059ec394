#include "hair_texture.hpp"

#include <array>
#include <cmath>
#include <cstdint>

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "mien/base/error.hpp"

#include "package_picture.hpp"

namespace mien::synthesis {
namespace {

constexpr int kTextureSide = 512;  ///< of the texture; others are made so large
}  // namespace

std::vector<cv::Mat> read_hair_texture(const std::filesystem::path& file) {
  cv::Mat picture = read_package_picture(file, cv::IMREAD_UNCHANGED);
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
