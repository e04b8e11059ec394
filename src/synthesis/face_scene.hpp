#pragma once

#include <vector>

#include "face_charts.hpp"
#include "face_geometry.hpp"
#include "rasterizer.hpp"

namespace mien {

enum class Material { head, hair, hat, frame, lens };

/// Triangles in front of the camera.
struct Surface {
  Material material = Material::head;
  const std::vector<Triangle>* triangles = nullptr;
  std::vector<Vec3> positions, normals, screen;
  std::vector<Colour> light;  ///< from all around, at each vertex
  int layer = 0;              ///< of the hair, from the skin outwards
};

/// One face in front of the camera, ready to be drawn.
struct FaceScene {
  const HeadData& head;
  const FaceCharts& charts;
  const std::vector<VertexTraits>& traits;
  const RenderParameters& parameters;
  std::vector<Surface> surfaces;  ///< the head first
  std::vector<ShadowMap> shadows; ///< one for each lamp
  cv::Mat fold_depth, fold_x, fold_y;  ///< depth of the folds and its slopes over the chart
  std::array<Vec3, 2> eyes, gaze;      ///< [0] right, [1] left
  std::array<float, 2> eye_radius{};
  std::array<Vec3, 3> axes;            ///< the head's x, y and z
  int hair_layers = 0;
};

/// Whether hair (of `layer`) is at a place of the head.
bool hair_is_there(const FaceScene& scene, const Vec3& place, float scalp, int layer);

/// Light from the sky, the ground and the front, as far as the head itself does not cover it.
void light_vertices(FaceScene& scene, std::size_t skin_triangles);

/// The linear colour of a point of a surface; `shares` of its triangle's corners in space.
Colour shade(const FaceScene& scene, const Surface& surface, std::size_t triangle,
             const std::array<float, 3>& shares);

/// The picture behind, linear.
cv::Mat paint_backdrop(const Backdrop& backdrop, int size, std::uint64_t seed);

/// Lens, sensor and file: linear light to the finished picture.
cv::Mat photograph(cv::Mat linear, const CameraEffects& effects, std::uint64_t seed);

}  // namespace mien
