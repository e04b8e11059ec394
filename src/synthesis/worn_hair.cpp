// Hair of the package's meshes: who wears which, and where it lies on a head.

#include <algorithm>
#include <cmath>

#include "mien/synthesis/hair_meshes.hpp"
#include "mien/synthesis/rng.hpp"

#include "face_scene.hpp"

namespace mien::synthesis {
namespace {

/// Of those that could wear a mesh of a kind, so many do; the others keep what is drawn. There
/// are more shapes of drawn brows than of the package's.
constexpr std::array<double, kHairKinds> kWearing = {0.5, 0.5, 0.5, 0.25, 0.5};

/// Whether hair so long is of the style that somebody has.
bool fits(const FaceLook& look, float lowest) {
  constexpr float kNape = -0.8F, kShoulders = -1.45F;
  switch (look.hair_style) {
    case HairStyle::short_hair:
      return lowest > kNape;
    case HairStyle::full:
      return lowest > (look.sex > 0.5F ? kNape : kShoulders);
    case HairStyle::long_hair:
      return lowest <= kNape;
    default:
      return false;
  }
}

/// How often it is worn, compared with others: hair that stands up high is rare.
float frequency(const HairMesh& mesh) {
  constexpr float kFlat = 0.1F;  // as far off as a skull's own triangles are wide
  return 1 / std::max(0.05F, mesh.stands_off - kFlat);
}

/// How much larger along x, y and z a head is than the undeformed one, by pairs of the body's
/// vertices that MakeHuman's meshes of hair are made to be measured by.
Vec3 skull_size(const std::vector<Vec3>& head, const HeadData& data) {
  constexpr std::array<std::array<std::uint16_t, 2>, 3> kPairs = {
      {{5399, 11998}, {791, 881}, {962, 5320}}};
  std::array<float, 3> size{1, 1, 1};
  const auto find = [&](std::uint16_t origin) {
    return static_cast<std::size_t>(std::ranges::find(data.origins, origin) -
                                    data.origins.begin());
  };
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const auto from = find(kPairs[axis][0]), to = find(kPairs[axis][1]);
    if (from >= head.size() || to >= head.size()) continue;
    const auto along = [&](const Vec3& v) {
      return std::abs(axis == 0 ? v.x : axis == 1 ? v.y : v.z);
    };
    const float plain = along(data.positions[to] - data.positions[from]);
    size[axis] = std::clamp(along(head[to] - head[from]) / std::max(0.1F, plain), 0.5F, 1.6F);
  }
  return {size[0], size[1], size[2]};
}

}  // namespace

std::array<const HairMesh*, kHairKinds> worn_hair(const std::vector<HairMesh>& meshes,
                                                  const FaceLook& look) {
  std::array<const HairMesh*, kHairKinds> worn{};
  Rng rng(look.seed ^ 0x4A17ULL);
  rng.next();
  for (std::size_t kind = 0; kind < kHairKinds; ++kind) {
    const bool wears = rng.chance(kWearing[kind]);
    const auto drawn = static_cast<float>(rng.uniform(0, 1));
    const auto may = [&](const HairMesh& mesh) {
      if (mesh.kind != static_cast<HairKind>(kind)) return false;
      switch (mesh.kind) {
        case HairKind::hair:  // none under hats
          return look.hat == Hat::none && fits(look, mesh.lowest);
        case HairKind::beard:
          return look.beard == Beard::full;
        case HairKind::moustache:
          return look.beard == Beard::moustache;
        case HairKind::brows:
        case HairKind::lashes:
          return true;
      }
      return false;
    };
    if (!wears) continue;
    float whole = 0;
    for (const auto& mesh : meshes) whole += may(mesh) ? frequency(mesh) : 0.F;
    const float place = drawn * whole;
    float passed = 0;
    for (const auto& mesh : meshes) {
      if (!may(mesh)) continue;
      worn[kind] = &mesh;
      passed += frequency(mesh);
      if (passed > place) break;
    }
  }
  return worn;
}

Surface hair_surface(const HairMesh& mesh, const std::vector<Vec3>& head,
                     const HeadData& data) {
  const Vec3 size = skull_size(head, data);
  Surface surface;
  surface.material = Material::strands;
  surface.mesh = &mesh;
  surface.both_sides = true;
  surface.triangles = mesh.triangles;
  surface.positions.reserve(mesh.vertices.size());
  for (const auto& vertex : mesh.vertices) {
    Vec3 at{vertex.offset.x * size.x, vertex.offset.y * size.y, vertex.offset.z * size.z};
    for (std::size_t k = 0; k < 3; ++k) at += head[vertex.head[k]] * vertex.shares[k];
    surface.positions.push_back(at);
  }
  return surface;
}

std::vector<Vec3> hair_normals(const Surface& surface, const Vec3& middle, const Vec3& up) {
  auto normals = triangle_normals(surface.triangles, surface.positions);
  for (std::size_t i = 0; i < normals.size(); ++i) {
    // Away from the skull's middle, and further down from the neck's axis.
    Vec3 out = surface.positions[i] - middle;
    const float height = dot(out, up);
    if (height < 0) out -= up * height;
    out = normalized(out);
    if (dot(normals[i], out) < 0) normals[i] = normals[i] * -1.F;
    normals[i] = normalized(normals[i] * 0.45F + out * 0.55F);
  }
  return normals;
}

HairPoint strands_at(const FaceScene& scene, const HairMesh& mesh, std::size_t triangle,
                     const cv::Point2f& uv) {
  return hair_at(mesh, uv, std::ilogb(std::max(1.F, mesh.texels[triangle] * scene.sample)));
}

float strand_cover(const FaceScene& scene, const HairMesh& mesh, std::size_t triangle,
                   const std::array<float, 3>& shares) {
  cv::Point2f uv;
  for (std::size_t i = 0; i < 3; ++i) uv += mesh.uvs[mesh.triangles[triangle][i]] * shares[i];
  const float cover = strands_at(scene, mesh, triangle, uv).cover;
  const auto& look = scene.parameters.look;
  if (mesh.kind == HairKind::lashes) return cover * (1 - 0.5F * look.sex);
  if (mesh.kind != HairKind::brows) return cover;
  // As much as two or three of the package's brows one on the other: one hardly shows in a
  // small picture.
  const float open = 1 - cover;
  return 1 - open * open * mix(1, open, look.brow_density);
}

}  // namespace mien::synthesis
