#include <cmath>
#include <numbers>

#include "face_scene.hpp"

namespace mien::synthesis {
namespace {

constexpr std::size_t kSkyDirections = 10;
constexpr int kSkyShadowSide = 60;
constexpr float kSkyStrength = 2.6F;  ///< of the light from all directions together
constexpr float kUnseen =
    -0.45F;  // a vertex whose normal points so far back is not in the picture

/// Directions all around except far behind, evenly spread.
std::array<Vec3, kSkyDirections> sky_directions() {
  std::array<Vec3, kSkyDirections> all;
  const float golden = std::numbers::pi_v<float> * (3 - std::sqrt(5.F));
  for (std::size_t i = 0; i < all.size(); ++i) {
    const float z = 1 - 1.55F * (static_cast<float>(i) + 0.5F) / static_cast<float>(all.size());
    const float radius = std::sqrt(1 - z * z), angle = golden * static_cast<float>(i);
    all[i] = {radius * std::cos(angle), radius * std::sin(angle), z};
  }
  return all;
}

float power(float base, int exponent) {
  float result = 1;
  for (; exponent > 0; exponent >>= 1, base *= base) {
    if (exponent & 1) result *= base;
  }
  return result;
}

struct Point {
  Vec3 position, normal, place;  ///< in front of the camera; `place` on the undeformed head
  Colour light;
  Vec3 view;
  cv::Point2f uv;
};

/// What the lamps add: diffuse light with the soft red edge that skin has, and highlights.
struct LampLight {
  Colour diffuse{0, 0, 0}, gloss{0, 0, 0};
};

LampLight lamp_light(const FaceScene& scene, const Point& at, float wrap, int sharpness,
                     float bias = 0.03F) {
  LampLight sum;
  const auto& lamps = scene.parameters.lights.lamps;
  for (std::size_t i = 0; i < lamps.size(); ++i) {
    const float facing = dot(at.normal, lamps[i].direction);
    if (facing < -wrap) continue;
    const float lit = scene.shadows[i].softly_lit(at.position + at.normal * 0.012F,
                                                  shadow_radius(lamps[i].softness), bias);
    if (lit <= 0) continue;
    const auto soft = [&](float w) { return std::max(0.F, (facing + w) / (1 + w)); };
    const Colour shape(soft(wrap), soft(wrap * 0.5F), soft(wrap * 0.35F));
    sum.diffuse += times(lamps[i].colour, shape) * lit;
    const Vec3 half = normalized(lamps[i].direction + at.view);
    const float gloss = power(clamp01(dot(half, at.normal)), sharpness) *
                        static_cast<float>(sharpness + 8) / 25 * std::max(0.F, facing);
    sum.gloss += lamps[i].colour * (gloss * lit);
  }
  return sum;
}

/// What reaches a surface from all around with nothing in between.
Colour open_light(const FaceScene& scene, const Vec3& normal) {
  const auto& lights = scene.parameters.lights;
  const float up = normal.y;
  const Colour sky =
      up > 0 ? mix(lights.front, lights.sky, up) : mix(lights.front, lights.ground, -up);
  return sky * (0.24F * kSkyStrength * (0.55F + 0.45F * clamp01(normal.z + 0.3F)));
}

Colour shade_eye(const FaceScene& scene, const Point& at, std::size_t which) {
  const auto& look = scene.parameters.look;
  Point eye = at;
  eye.normal = normalized(at.position - scene.eyes[which]);
  const Vec3 gaze = scene.gaze[which];
  const float angle = std::acos(clamp01(dot(eye.normal, gaze)));
  constexpr float kIris = 0.43F;
  const float rim = 0.03F;
  // Around the iris, for its rays.
  const Vec3 side = normalized(cross({0, 1, 0}, gaze));
  const float around = std::atan2(dot(eye.normal, side), dot(eye.normal, cross(gaze, side)));
  Colour white(0.56F, 0.52F, 0.49F);
  const float corner = clamp01((angle - kIris) * 1.4F);
  white = mix(white, Colour(0.45F, 0.29F, 0.26F), 0.6F * corner);
  Colour iris = look.iris * (0.7F + 0.6F * scene.charts.grain(around * 2.5F, angle * 1.5F));
  iris = mix(iris, look.iris * 1.7F,
             smooth_step(0.35F * kIris, 0.6F * kIris, angle) *
                 (1 - smooth_step(0.6F * kIris, 0.85F * kIris, angle)));
  iris *= 1 - 0.65F * smooth_step(kIris * 0.78F, kIris, angle);
  const float pupil = kIris * look.pupil;
  iris =
      mix(Colour(0.004F, 0.004F, 0.004F), iris, smooth_step(pupil - rim, pupil + rim, angle));
  const Colour albedo = mix(iris, white, smooth_step(kIris - rim, kIris + rim, angle));
  // The upper lid and its lashes shade the ball.
  const float height = dot(at.position - scene.eyes[which], scene.axes[1]);
  const float lid = 0.5F + 0.5F * (1 - smooth_step(-0.02F, 0.055F, height));
  const auto lamps = lamp_light(scene, eye, 0.25F, 220);
  const Colour ambient = mix(eye.light, open_light(scene, eye.normal), 0.3F);
  Colour colour = times(albedo, (ambient + lamps.diffuse) * lid) + lamps.gloss * 0.10F;
  // The reflection of a room: a pale window high up.
  const Vec3 mirrored = eye.normal * (2 * dot(eye.normal, eye.view)) - eye.view;
  if (mirrored.y > 0.45F && mirrored.y < 0.8F && std::abs(mirrored.x - 0.15F) < 0.3F) {
    colour += scene.parameters.lights.sky * 0.12F;
  }
  return colour;
}

Colour shade_teeth(const FaceScene& scene, const Point& at) {
  const float tooth = std::abs(at.place.x) / 0.078F;
  const float gap = std::abs(tooth - std::floor(tooth) - 0.5F);
  Colour albedo(0.74F, 0.69F, 0.60F);
  albedo *= 1 - 0.30F * smooth_step(0.40F, 0.5F, gap);
  albedo *= 1 - 0.5F * smooth_step(0.16F, 0.32F, std::abs(at.place.x));
  const auto lamps = lamp_light(scene, at, 0.3F, 60);
  // Enamel is lit from within by what reaches it between the lips.
  const Colour around = mix(at.light, open_light(scene, at.normal), 0.5F);
  return times(albedo, around + lamps.diffuse) + lamps.gloss * 0.03F;
}

Colour shade_tongue(const FaceScene& scene, const Point& at) {
  Colour albedo(0.42F, 0.14F, 0.13F);
  albedo *= 0.85F + 0.3F * scene.charts.grain(at.place.x * 2, at.place.z * 2);
  albedo *= 1 - 0.3F * (1 - smooth_step(0.F, 0.02F, std::abs(at.place.x)));
  const auto lamps = lamp_light(scene, at, 0.3F, 30);
  return times(albedo, at.light + lamps.diffuse) + lamps.gloss * 0.04F;
}

Colour hair_colour(const FaceScene& scene, const Vec3& place, float angle, const Colour& base) {
  const float strand = scene.charts.grain(angle * 1.7F, place.y * 0.12F + place.z * 0.1F);
  const float lock = scene.charts.cloud(angle * 0.9F, place.y * 0.25F);
  return base * (0.45F + 0.7F * strand + 0.6F * (lock - 0.5F));
}

/// A smooth cap of light over hair, across its strands.
Colour shade_hair(const FaceScene& scene, const Point& at, float angle, const Colour& base,
                  int layer) {
  const Colour albedo = hair_colour(scene, at.place, angle, base);
  // The lower layers lie in the shadow of the upper ones.
  const float deep = scene.hair_layers > 1
                         ? 0.45F + 0.55F * static_cast<float>(layer) /
                                       static_cast<float>(scene.hair_layers - 1)
                         : 0.85F;
  const auto lamps = lamp_light(scene, at, 0.35F, 14);
  const float strand = scene.charts.grain(angle * 3.1F, at.place.y * 0.1F);
  const Colour sheen = lamps.gloss * (0.10F * strand * strand);
  return times(albedo, at.light + lamps.diffuse) * deep +
         times(sheen, base * 1.5F + Colour(0.05F, 0.05F, 0.05F));
}

/// Hair of a mesh.
Colour shade_strands(const FaceScene& scene, const Point& at, const HairMesh& mesh,
                     std::size_t triangle) {
  const auto& look = scene.parameters.look;
  static const Colour dark(0.02F, 0.016F, 0.014F);
  const Colour& base = mesh.kind == HairKind::brows    ? look.brow
                       : mesh.kind == HairKind::lashes ? dark
                                                       : look.hair;
  const float light = strands_at(scene, mesh, triangle, at.uv).light;
  // Its sheets lie so close on each other that the lamps' maps cannot tell them apart.
  const auto lamps = lamp_light(scene, at, 0.35F, 14, 0.09F);
  return times(base * light, at.light + lamps.diffuse) +
         times(lamps.gloss * (0.07F * light), base * 1.5F + Colour(0.05F, 0.05F, 0.05F));
}

}  // namespace

bool casts_shadow(const FaceScene& scene, const Surface& surface) {
  switch (surface.material) {
    case Material::head:
    case Material::hat:
      return true;
    case Material::hair:  // one of its layers is enough
      return surface.both_sides || surface.layer == scene.hair_layers / 2;
    case Material::strands:
      return surface.mesh->kind == HairKind::hair;
    case Material::frame:
    case Material::lens:
      return false;
  }
  return false;
}

bool has_hair(const FaceScene& scene, const Vec3& place, const VertexTraits& traits,
              int layer) {
  if (traits.scalp < -0.16F) return false;
  const auto& look = scene.parameters.look;
  const float angle = traits.angle;
  float above = traits.scalp + 0.07F * look.hairline;
  if (look.hair_style == HairStyle::receding) {
    const float temple = smooth_step(0.35F, 0.F, std::abs(std::abs(angle) - 0.55F));
    above -= 0.30F * temple + (place.z > -0.9F ? 0.16F : 0.F);
  }
  // Noise is looked up only where it decides, here and below.
  if (above < -0.09F) return false;
  if (above < 0.15F) {
    above += 0.10F * (scene.charts.cloud(angle * 0.7F, place.y * 0.4F + 0.3F) - 0.5F);
  }
  const float edge = smooth_step(-0.03F, 0.09F, above);
  if (edge <= 0) return false;
  const float level =
      (static_cast<float>(layer) + 0.35F) / static_cast<float>(std::max(1, scene.hair_layers));
  const float needed = 0.22F + 0.62F * level + 0.45F * (1 - edge) - 0.45F * edge;
  if (needed < 0) return true;
  if (needed >= 0.75F) return false;
  const float fine = scene.charts.grain(angle * 5.3F, place.y * 0.55F) * 0.6F;
  if (fine * 0.75F > needed) return true;
  if ((fine + 0.401F) * 0.75F <= needed) return false;
  const float strand = fine + scene.charts.grain(angle * 2.1F + 0.4F, place.y * 0.2F) * 0.4F;
  return strand * 0.75F > needed;
}

namespace {

/// Whether light from all around is kept off by what lies around it.
bool is_occluded(const Surface& surface) {
  return surface.material == Material::head || surface.material == Material::strands;
}

}  // namespace

void light_vertices(FaceScene& scene, const ShadowCasters& casters,
                    const std::vector<std::vector<char>>& seen) {
  static const auto directions = sky_directions();
  const auto& lights = scene.parameters.lights;
  for (auto& surface : scene.surfaces) {
    surface.light.assign(surface.positions.size(), Colour(0, 0, 0));
  }
  struct LitPoint {
    Vec3 normal, outside;
    Colour* light;
  };
  std::vector<LitPoint> points;
  points.reserve(scene.surfaces.front().positions.size());
  for (std::size_t s = 0; s < scene.surfaces.size(); ++s) {
    auto& surface = scene.surfaces[s];
    if (!is_occluded(surface)) continue;
    for (std::size_t i = 0; i < surface.positions.size(); ++i) {
      const Vec3& normal = surface.normals[i];
      if (!seen[s][i] || (normal.z < kUnseen && surface.mesh == nullptr)) continue;
      points.push_back({normal, surface.positions[i] + normal * 0.03F, &surface.light[i]});
    }
  }
  const float share = kSkyStrength / static_cast<float>(kSkyDirections);
  for (const auto& direction : directions) {
    const ShadowMap map(direction, kSkyShadowSide, casters);
    const float up = direction.y;
    Colour sky =
        up > 0 ? mix(lights.front, lights.sky, up) : mix(lights.front, lights.ground, -up);
    sky *= share;
    for (const auto& [normal, outside, light] : points) {
      const float facing = dot(normal, direction);
      if (facing <= -0.15F) continue;
      const float soft = (facing + 0.15F) / 1.15F;
      *light += sky * (soft * (0.06F + 0.94F * map.lit(outside, 0.05F)));
    }
  }
  // The other surfaces around the head are not occluded by it.
  for (std::size_t s = 0; s < scene.surfaces.size(); ++s) {
    auto& surface = scene.surfaces[s];
    if (is_occluded(surface)) continue;
    for (std::size_t i = 0; i < surface.light.size(); ++i) {
      if (seen[s][i]) surface.light[i] = open_light(scene, surface.normals[i]);
    }
  }
}

namespace {

Colour photo_detail(const SkinPhoto& skin, const cv::Point2f& uv) {
  const float x = clamp01(uv.x) * static_cast<float>(skin.detail.cols - 1);
  const float y = clamp01(1 - uv.y) * static_cast<float>(skin.detail.rows - 1);
  const int x0 = std::min(static_cast<int>(x), skin.detail.cols - 2);
  const int y0 = std::min(static_cast<int>(y), skin.detail.rows - 2);
  const float fx = x - static_cast<float>(x0), fy = y - static_cast<float>(y0);
  const auto *a = skin.detail.ptr<Colour>(y0) + x0, *b = skin.detail.ptr<Colour>(y0 + 1) + x0;
  return mix(mix(a[0], a[1], fx), mix(b[0], b[1], fx), fy);
}

Colour shade_skin(const FaceScene& scene, Point at, const VertexTraits& traits) {
  const auto& look = scene.parameters.look;
  const auto& charts = scene.charts;
  const Vec3& p = at.place;
  // Everybody's noise is another part of the same clouds.
  const auto shift = static_cast<float>(look.seed % 977) / 977;
  const float cloud = charts.cloud(p.x * 0.45F + shift, p.y * 0.45F + p.z * 0.3F);
  const float fine = charts.grain(p.x * 0.9F + shift, p.y * 0.9F + p.z * 0.7F);
  const float finer = charts.grain(p.x * 2.3F, p.y * 2.3F + p.z * 1.9F + shift);
  float red = look.blotches * 1.6F * (cloud - 0.5F);
  float depth = 0;
  float lips = 0;
  FaceCharts::Masks masks;
  Colour albedo = look.skin;
  albedo *= 1 + 0.10F * (fine - 0.5F) + 0.10F * (finer - 0.5F) +
            0.5F * look.blotches * (cloud - 0.5F);
  if (scene.skin != nullptr) {
    // The photographs' cropped hair stays out where somebody has other hair.
    const float bare = 1 - smooth_step(-0.25F, -0.05F, traits.scalp);
    albedo = times(albedo, mix(Colour(1, 1, 1), photo_detail(*scene.skin, at.uv), bare));
  }
  const float front = traits.facing;
  float gloss = 0.5F + 0.8F * look.oil;
  if (front > 0) {
    masks = charts.masks(p.x, p.y);
    red += 0.55F * look.redness * masks.flush;
    const float under = masks.under_eyes * front;
    albedo = mix(albedo, times(albedo, Colour(0.72F, 0.62F, 0.66F)),
                 under * (0.25F + 0.5F * smooth_step(35, 75, look.age)));
    const auto folds = FaceCharts::folds_at(scene.folds, p.x, p.y);
    depth = folds.depth * front;
    if (depth > 0.003F) {
      const Vec3 bend =
          scene.axes[0] * (folds.bend_x * front) + scene.axes[1] * (folds.bend_y * front);
      at.normal = normalized(at.normal + bend);
    }
    lips = masks.lips * smooth_step(0.F, 0.2F, front);
  }
  albedo = times(albedo, Colour(1 + 0.22F * red, 1 - 0.28F * red, 1 - 0.30F * red));
  if (look.freckles > 0 && p.z > -0.6F) {
    const float spot = charts.grain(p.x * 1.35F + shift, p.y * 1.35F);
    const float where = smooth_step(0.35F, 0.65F, charts.cloud(p.x * 0.3F, p.y * 0.3F + shift));
    albedo = mix(albedo, times(albedo, Colour(0.62F, 0.47F, 0.38F)),
                 look.freckles * where * smooth_step(0.72F, 0.85F, spot));
  }
  if (depth > 0)
    albedo =
        times(albedo, Colour(1, 1, 1) - Colour(0.36F, 0.46F, 0.48F) * std::min(1.F, depth));
  if (lips > 0) {
    const Colour lip = look.lips * (0.9F + 0.25F * (finer - 0.5F));
    albedo = mix(albedo, lip, lips * (0.85F + 0.15F * look.lipstick));
    gloss += lips * (0.5F + 1.5F * look.lipstick);
  }
  if (front > 0 && look.eye_shadow > 0) {
    albedo =
        mix(albedo, times(albedo, Colour(0.45F, 0.32F, 0.38F)), look.eye_shadow * masks.lids);
  }
  if (masks.lid_edges > 0) {
    albedo = mix(albedo, Colour(0.02F, 0.015F, 0.015F),
                 masks.lid_edges * (0.35F + 0.6F * look.eye_liner));
  }
  const float beard_share = traits.beard * (1 - lips);
  if (look.beard != Beard::none && beard_share > 0) {
    const float x = std::abs(p.x);
    float grows = 0;
    if (look.beard == Beard::stubble || look.beard == Beard::full) grows = 1;
    const bool moustache = p.y > -0.66F && x < 0.30F;
    const bool chin = x < 0.30F && p.y < -0.62F;
    if (look.beard == Beard::moustache && moustache) grows = smooth_step(0.32F, 0.22F, x);
    if (look.beard == Beard::goatee && (moustache || chin))
      grows = smooth_step(0.32F, 0.22F, x);
    const float hairs = charts.grain(p.x * 2.9F + shift, p.y * 1.2F + p.z * 1.2F);
    const float cover = look.beard == Beard::stubble
                            ? look.beard_density * (0.25F + 0.35F * hairs)
                            : look.beard_density * (0.65F + 0.45F * hairs);
    albedo = mix(albedo, look.hair * (0.7F + 0.7F * hairs),
                 std::min(1.F, grows * beard_share * cover));
    gloss *= 1 - 0.7F * grows * beard_share * cover;
  }
  if (scene.worn(HairKind::brows) == nullptr && p.z > -0.45F && p.y > -0.1F && p.y < 0.4F) {
    const float brow =
        charts.brow(look.brow_style, look.brow_thickness, p.x, p.y, scene.pixel) *
        smooth_step(-0.2F, 0.1F, at.normal.z);
    albedo = mix(albedo, look.brow, std::min(1.F, brow * look.brow_density * 1.25F));
    gloss *= 1 - 0.8F * brow;
  }
  if (look.hair_style != HairStyle::bald && has_hair(scene, p, traits, 0)) {
    albedo = mix(albedo, hair_colour(scene, p, traits.angle, look.hair), 0.85F);
    gloss *= 0.3F;
  }
  if (traits.cavity > 0) {
    albedo = mix(albedo, Colour(0.13F, 0.03F, 0.028F), traits.cavity);
    at.light *= 1 - 0.55F * traits.cavity;
  }
  // Clothes, below a neckline that differs from person to person.
  const float neckline = -1.80F + 0.28F * shift + 0.22F * std::min(0.9F, std::abs(p.x));
  if (p.y < neckline) {
    albedo = mix(albedo, look.cloth * (0.8F + 0.4F * cloud),
                 smooth_step(neckline, neckline - 0.03F, p.y));
    gloss *= 0.15F;
  }
  const auto lamps = lamp_light(scene, at, 0.28F, lips > 0.5F ? 40 : 18);
  const float open = 1 - 0.35F * std::min(1.F, depth);
  const float edge = 1 - clamp01(dot(at.normal, at.view));
  const float fresnel = 0.028F + 0.30F * power(edge, 4);
  Colour colour = times(albedo, (at.light + lamps.diffuse) * open);
  colour +=
      lamps.gloss * (fresnel * gloss * (1 - traits.cavity * 0.6F) * (0.75F + 0.5F * fine));
  colour += at.light * (fresnel * 0.5F * gloss * (1 - traits.cavity));
  return colour;
}

}  // namespace

SurfacePoint point_of(const Surface& surface, std::size_t triangle,
                      const std::array<float, 3>& shares) {
  const auto& corners = surface.triangles[triangle];
  SurfacePoint point{};
  for (std::size_t i = 0; i < 3; ++i) {
    const float s = shares[i];
    const auto v = corners[i];
    point.position += surface.positions[v] * s;
    point.normal += surface.normals[v] * s;
    point.light += surface.light[v] * s;
    if (!surface.places.empty()) {
      point.place += surface.places[v] * s;
      const auto& t = surface.traits[v];
      point.traits.facing += t.facing * s;
      point.traits.cavity += t.cavity * s;
      point.traits.scalp += t.scalp * s;
      point.traits.beard += t.beard * s;
      point.traits.angle += t.angle * s;
    }
  }
  return point;
}

Colour shade(const FaceScene& scene, const Surface& surface, std::size_t triangle,
             const SurfacePoint& point) {
  Point at{point.position, normalized(point.normal), point.place, point.light, {}, point.uv};
  const auto& traits = point.traits;
  at.view = normalized(Vec3{0, 0, scene.parameters.camera.distance} - at.position);
  if (surface.both_sides && surface.mesh == nullptr && dot(at.normal, at.view) < 0) {
    at.normal = at.normal * -1.F;
  }
  const auto& look = scene.parameters.look;
  switch (surface.material) {
    case Material::hair:
      return shade_hair(scene, at, traits.angle, look.hair, surface.layer);
    case Material::hat: {
      const auto lamps = lamp_light(scene, at, 0.3F, 10);
      const float knit = 0.8F + 0.4F * scene.charts.grain(at.place.x * 1.5F, at.place.y * 1.5F);
      return times(look.cloth, at.light + lamps.diffuse) * knit;
    }
    case Material::strands:
      return shade_strands(scene, at, *surface.mesh, triangle);
    case Material::frame: {
      const auto lamps = lamp_light(scene, at, 0.2F, 50);
      return times(look.frame, at.light + lamps.diffuse) + lamps.gloss * 0.15F;
    }
    case Material::lens: {
      const Vec3 mirrored = at.normal * (2 * dot(at.normal, at.view)) - at.view;
      const auto lamps = lamp_light(scene, at, 0.1F, 120);
      return Colour(0.008F, 0.008F, 0.009F) +
             scene.parameters.lights.sky * (0.10F * smooth_step(-0.1F, 0.6F, mirrored.y)) +
             lamps.gloss * 0.12F;
    }
    case Material::head:
      break;
  }
  switch (scene.head.parts[triangle]) {
    case HeadPart::right_eye:
      return shade_eye(scene, at, 0);
    case HeadPart::left_eye:
      return shade_eye(scene, at, 1);
    case HeadPart::upper_teeth:
    case HeadPart::lower_teeth:
      return shade_teeth(scene, at);
    case HeadPart::tongue:
      return shade_tongue(scene, at);
    case HeadPart::right_lower_lashes:
    case HeadPart::left_lower_lashes:
    case HeadPart::right_upper_lashes:
    case HeadPart::left_upper_lashes:
      return times(Colour(0.02F, 0.016F, 0.014F), at.light);
    case HeadPart::skin:
      break;
  }
  return shade_skin(scene, at, traits);
}

}  // namespace mien::synthesis
