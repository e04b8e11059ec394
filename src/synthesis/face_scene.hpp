#pragma once

#include <span>
#include <vector>

#include "face_charts.hpp"
#include "face_geometry.hpp"
#include "hair_texture.hpp"
#include "rasterizer.hpp"

namespace mien::synthesis {

/// `strands` are those of the package's meshes of hair.
enum class Material { head, hair, hat, frame, lens, strands };

/// Triangles in front of the camera.
struct Surface {
  Material material = Material::head;
  std::span<const Triangle> triangles;
  std::vector<Triangle> own_triangles;  ///< what the span shows when no table outside has it
  /// Where each vertex is on the undeformed head, and what is known of it. Frames have none.
  std::span<const Vec3> places;
  std::span<const VertexTraits> traits;
  std::vector<Vec3> own_places;  ///< the same for these
  std::vector<VertexTraits> own_traits;
  bool both_sides = false;  ///< a sheet that is seen from behind, too
  std::vector<Vec3> positions, normals, screen;
  std::vector<Colour> light;       ///< from all around, at each vertex
  int layer = 0;                   ///< of the hair, from the skin outwards
  const HairMesh* mesh = nullptr;  ///< of strands
};

/// One face in front of the camera, ready to be drawn.
struct FaceScene {
  const HeadData& head;
  const FaceCharts& charts;
  const std::vector<VertexTraits>& traits;
  const RenderParameters& parameters;
  std::vector<Surface> surfaces{};   ///< the head first
  std::vector<ShadowMap> shadows{};  ///< one for each lamp
  FaceCharts::FoldSheet folds{};
  std::array<Vec3, 2> eyes{}, gaze{};  ///< [0] right, [1] left
  std::array<float, 2> eye_radius{};
  std::array<Vec3, 3> axes{};  ///< the head's x, y and z
  int hair_layers = 0;
  float pixel = 0;   ///< how wide a pixel is at the face, decimetres
  float sample = 0;  ///< and the part of it that a sample stands for
  const SkinPhoto* skin = nullptr;
  std::array<const HairMesh*, kHairKinds> meshes{};  ///< that are worn, by HairKind

  const HairMesh* worn(HairKind kind) const { return meshes[static_cast<std::size_t>(kind)]; }
};

/// Over how many decimetres a lamp's shadows fade.
inline float shadow_radius(float softness) { return 0.015F + 0.10F * softness; }

/// Whether it casts shadows on the rest.
bool casts_shadow(const FaceScene& scene, const Surface& surface);

/// Whether hair (of `layer`) is at a place of the head.
bool has_hair(const FaceScene& scene, const Vec3& place, const VertexTraits& traits, int layer);

/// Long hair beside and behind the face, in the head's space.
Surface hair_curtain(const FaceLook& look, const std::vector<Vec3>& head, const HeadData& data);

/// Glasses in front of these eyes, in the head's space: the frame, and dark lenses if it has
/// any.
std::vector<Surface> glasses(const FaceLook& look, const std::array<Vec3, 2>& eyes,
                             const std::vector<Vec3>& head, const HeadData& data);

/// The peak of a cap, in the head's space.
Surface cap_peak(const std::vector<Vec3>& head, const HeadData& data);

/// A mesh of hair on this head, in the head's space; without normals.
Surface hair_surface(const HairMesh& mesh, const std::vector<Vec3>& head, const HeadData& data);

/// Normals of a mesh's strands in front of the camera, around the skull's middle: those of
/// their sheets, which lie crosswise, would look like scales.
std::vector<Vec3> hair_normals(const Surface& surface, const Vec3& middle, const Vec3& up);

/// The point of a mesh's picture, as fine as the scene's picture shows it.
HairPoint strands_at(const FaceScene& scene, const HairMesh& mesh, std::size_t triangle,
                     const cv::Point2f& uv);

/// How much of a point is a mesh's hair, 0..1; shares of the triangle's corners as seen.
float strand_cover(const FaceScene& scene, const HairMesh& mesh, std::size_t triangle,
                   const std::array<float, 3>& shares);

/// Whether a hat covers a place of the scalp.
bool is_under_hat(const FaceLook& look, const Vec3& place, float angle);

/// Light from the sky, the ground and the front, as far as the head itself does not cover it,
/// for the vertices that are `seen`, by surface.
void light_vertices(FaceScene& scene, const ShadowCasters& casters,
                    const std::vector<std::vector<char>>& seen);

/// What is seen at a place of the picture.
struct SurfacePoint {
  Vec3 position, normal, place;  ///< in front of the camera; `place` on the undeformed head
  Colour light;                  ///< from all around
  VertexTraits traits;
  cv::Point2f uv;  ///< of strands, and of the head when it has a photographic skin
};

/// A point of a triangle; `shares` of its corners in space. The normal is not of length 1.
SurfacePoint point_of(const Surface& surface, std::size_t triangle,
                      const std::array<float, 3>& shares);

/// The linear colour of a point of a surface.
Colour shade(const FaceScene& scene, const Surface& surface, std::size_t triangle,
             const SurfacePoint& point);

/// The picture behind, linear.
cv::Mat render_backdrop(const Backdrop& backdrop, int size, std::uint64_t seed);

/// Lens, sensor and file: linear light to the finished picture.
cv::Mat apply_camera_effects(cv::Mat linear, const CameraEffects& effects, std::uint64_t seed);

}  // namespace mien::synthesis
