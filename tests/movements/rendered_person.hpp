#pragma once

#include <cstdint>
#include <filesystem>

#include "mien/movements/head_pose.hpp"
#include "mien/synthesis/movements.hpp"
#include "mien/synthesis/rendered_face.hpp"

namespace mien::movements {

inline const synthesis::FaceRenderer& renderer() {
  static const synthesis::FaceRenderer the_one(
      synthesis::read_head(std::filesystem::path(MIEN_SOURCE_DIR) / "assets/head/head.bin"));
  return the_one;
}

/// Somebody at rest, without glasses and hat, as a webcam at 60 cm sees them: with the focal
/// length that assumed_focal_length() gives for the picture.
inline synthesis::RenderParameters at_rest(std::uint64_t person) {
  synthesis::RenderParameters parameters;
  parameters.look = synthesis::random_look(renderer().head(), person);
  parameters.look.hat = synthesis::Hat::none;
  parameters.look.glasses = synthesis::Glasses::none;
  parameters.expression.label[0] = 1;
  parameters.expression.weights.assign(synthesis::movements().size(), 0.F);
  parameters.size = 480;
  parameters.camera.distance = 6;
  const cv::Size picture(parameters.size, parameters.size);
  parameters.camera.focal = assumed_focal_length(picture) / static_cast<float>(parameters.size);
  parameters.lights.lamps.push_back(synthesis::Lamp{{0, 0.6F, 0.8F}, {0.7F, 0.7F, 0.7F}, 0.5F});
  return parameters;
}

}  // namespace mien::movements
