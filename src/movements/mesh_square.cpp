#include "mesh_square.hpp"

#include <algorithm>
#include <cmath>

#include "mesh_points.hpp"

namespace mien::movements {

MeshSquare square_around(const base::FaceMesh& mesh) {
  const auto flat = [](const cv::Point3f& point) { return cv::Point2f(point.x, point.y); };
  const auto at = [&](int point) { return flat(mesh.points[static_cast<std::size_t>(point)]); };
  cv::Point2f across = at(mesh_point::kLeftEyeOuter) - at(mesh_point::kRightEyeOuter);
  const float apart = std::hypot(across.x, across.y);
  across = apart > 1e-3F ? across / apart : cv::Point2f(1, 0);
  const cv::Point2f down(-across.y, across.x);
  float left = 1e9F, right = -1e9F, top = 1e9F, bottom = -1e9F;
  for (const auto& point : mesh.points) {
    const float x = flat(point).dot(across);
    const float y = flat(point).dot(down);
    left = std::min(left, x);
    right = std::max(right, x);
    top = std::min(top, y);
    bottom = std::max(bottom, y);
  }
  return {across * ((left + right) / 2) + down * ((top + bottom) / 2), across,
          std::max(right - left, bottom - top)};
}

}  // namespace mien::movements
