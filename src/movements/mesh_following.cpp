#include "mien/movements/mesh_following.hpp"

#include "mesh_square.hpp"

namespace mien::movements {
namespace {

constexpr float kLeastMeshSide = 1;  // pixels

}  // namespace

std::optional<base::Face> moved_with_mesh(const base::Face& face, const base::FaceMesh& from,
                                          const base::FaceMesh& to) {
  if (from.points.size() != base::kMeshPoints || to.points.size() != base::kMeshPoints) {
    return std::nullopt;
  }
  const MeshSquare was = square_around(from);
  const MeshSquare is = square_around(to);
  if (!(was.side >= kLeastMeshSide && is.side >= kLeastMeshSide)) return std::nullopt;
  const float growth = is.side / was.side;
  const float cosine = was.across.dot(is.across);
  const float sine = was.across.x * is.across.y - was.across.y * is.across.x;
  const auto place = [&](const cv::Point2f& point) {
    const cv::Point2f off = (point - was.center) * growth;
    return is.center +
           cv::Point2f(cosine * off.x - sine * off.y, sine * off.x + cosine * off.y);
  };
  base::Face moved = face;
  const cv::Point2f middle = place((face.box.tl() + face.box.br()) / 2);
  moved.box.width *= growth;
  moved.box.height *= growth;
  moved.box.x = middle.x - moved.box.width / 2;
  moved.box.y = middle.y - moved.box.height / 2;
  if (moved.landmarks) {
    for (auto* point : {&moved.landmarks->right_eye, &moved.landmarks->left_eye,
                        &moved.landmarks->nose, &moved.landmarks->mouth}) {
      *point = place(*point);
    }
  }
  return moved;
}

}  // namespace mien::movements
