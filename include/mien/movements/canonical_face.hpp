#pragma once

#include <array>
#include <filesystem>
#include <utility>
#include <vector>

#include <opencv2/core.hpp>

#include "mien/models/model_card.hpp"

namespace mien::movements {

/// A face at rest, as MediaPipe's canonical face has it: what a mesh is compared with.
/// Millimetres, in the axes of base::HeadPose: x to the person's left, which is the picture's
/// right, y down, z to the back of the head; the origin lies within the head.
struct CanonicalFace {
  std::vector<cv::Point3f> points;  ///< base::kMeshPoints of them
  /// Points that tell how a head is held and hardly move with an expression, and how much each
  /// of them counts; positive.
  std::vector<std::pair<int, float>> weights;
  std::vector<std::array<int, 3>> triangles;  ///< the skin between the points
};

/// The name of its file in a model's folder.
inline constexpr const char* kCanonicalFaceFile = "canonical_face.json";

/// From the folder of a landmarks model, where its card lists the file with size and SHA-256.
/// Throws Error with one sentence for a file that is not listed, missing, changed or damaged.
CanonicalFace read_canonical_face(const models::ModelCard& card);

}  // namespace mien::movements
