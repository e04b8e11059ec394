#pragma once

#include <algorithm>
#include <filesystem>
#include <vector>

#include "mien/synthesis/hair_meshes.hpp"

namespace mien::synthesis {

/// The picture of a mesh as HairMesh has it. Throws Error "it ...", for the end of a sentence,
/// for one that is missing, damaged, too large, or has no strands.
std::vector<cv::Mat> read_hair_texture(const std::filesystem::path& file);

struct HairPoint {
  float cover = 0;  ///< how much of it is hair, 0..1
  float light = 1;  ///< how light it is compared with the whole
};

/// A point of a mesh's picture, of which the picture halved `level` times is read.
inline HairPoint hair_at(const HairMesh& mesh, const cv::Point2f& uv, int level) {
  const auto& picture = mesh.textures[static_cast<std::size_t>(
      std::clamp(level, 0, static_cast<int>(mesh.textures.size()) - 1))];
  const float x = std::clamp(uv.x, 0.F, 1.F) * static_cast<float>(picture.cols) - 0.5F;
  const float y = std::clamp(uv.y, 0.F, 1.F) * static_cast<float>(picture.rows) - 0.5F;
  const int left = std::clamp(static_cast<int>(x), 0, std::max(0, picture.cols - 2));
  const int top = std::clamp(static_cast<int>(y), 0, std::max(0, picture.rows - 2));
  const int right = std::min(left + 1, picture.cols - 1);
  const int bottom = std::min(top + 1, picture.rows - 1);
  const float fx = std::clamp(x - static_cast<float>(left), 0.F, 1.F);
  const float fy = std::clamp(y - static_cast<float>(top), 0.F, 1.F);
  const auto *above = picture.ptr<cv::Vec2b>(top), *below = picture.ptr<cv::Vec2b>(bottom);
  const auto mean = [&](int channel) {
    const auto at = [&](const cv::Vec2b* row, int column) {
      return static_cast<float>(row[column][channel]);
    };
    const float upper = at(above, left) * (1 - fx) + at(above, right) * fx;
    const float lower = at(below, left) * (1 - fx) + at(below, right) * fx;
    return upper * (1 - fy) + lower * fy;
  };
  return {mean(0) / 255, mean(1) / 128};
}

}  // namespace mien::synthesis
