#include "mien/base/face_mesh.hpp"

#include <array>

namespace mien::base {

const char* describe(MeshDoubt doubt) {
  switch (doubt) {
    case MeshDoubt::none:
      return "";
    case MeshDoubt::too_small:
      return "face too small for a mesh";
    case MeshDoubt::cut_off:
      return "cut off, no mesh";
    case MeshDoubt::no_face:
      return "no face for the mesh";
    case MeshDoubt::invalid:
      return "invalid mesh";
  }
  return "";
}

std::optional<MeshDoubt> mesh_doubt_from_text(std::string_view phrase) {
  for (const auto doubt : {MeshDoubt::none, MeshDoubt::too_small, MeshDoubt::cut_off,
                           MeshDoubt::no_face, MeshDoubt::invalid}) {
    if (phrase == describe(doubt)) return doubt;
  }
  return std::nullopt;
}

std::span<const int, 68> mesh_to_68() {
  static constexpr std::array<int, 68> kPoints = {
      // jaw
      127, 234, 93, 132, 58, 136, 150, 176, 152, 400, 379, 365, 288, 361, 323, 454, 356,
      // right brow, left brow
      70, 63, 105, 66, 107, 336, 296, 334, 293, 300,
      // bridge of the nose, its base
      168, 197, 5, 4, 98, 97, 2, 326, 327,
      // right eye, left eye
      33, 160, 158, 133, 153, 144, 362, 385, 387, 263, 373, 380,
      // lips outside, inside
      61, 39, 37, 0, 267, 269, 291, 405, 314, 17, 84, 181, 78, 82, 13, 312, 308, 317, 14, 87};
  return kPoints;
}

Landmarks landmarks_of(const FaceMesh& mesh) {
  const auto at = [&](std::size_t of_68) {
    const auto& point = mesh.points[static_cast<std::size_t>(mesh_to_68()[of_68])];
    return cv::Point2f(point.x, point.y);
  };
  const auto between = [&](std::size_t a, std::size_t b) { return (at(a) + at(b)) / 2; };
  return {.right_eye = between(36, 39),
          .left_eye = between(42, 45),
          .nose = at(30),
          .mouth = between(62, 66)};
}

bool in_picture(const FaceMesh& mesh, int point) {
  if (mesh.picture.empty()) return true;
  const auto& at = mesh.points[static_cast<std::size_t>(point)];
  return cv::Rect2f({0, 0}, cv::Size2f(mesh.picture)).contains({at.x, at.y});
}

}  // namespace mien::base
