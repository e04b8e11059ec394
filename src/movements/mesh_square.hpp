#pragma once

#include <opencv2/core.hpp>

#include "mien/base/face_mesh.hpp"

namespace mien::movements {

/// Where a mesh lies in the picture.
struct MeshSquare {
  cv::Point2f center;
  cv::Point2f across;  ///< from the person's right to their left, length 1
  float side = 0;
};

/// The box of the points along the line of the eyes, as a square of its longer side. `mesh` has
/// its points.
MeshSquare square_around(const base::FaceMesh& mesh);

}  // namespace mien::movements
