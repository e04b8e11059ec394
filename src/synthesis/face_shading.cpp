#include <cmath>
#include <numbers>

#include "face_scene.hpp"

namespace mien {
namespace {

constexpr std::size_t kSkyDirections = 10;
constexpr int kSkyShadowSide = 60;
constexpr float kSkyStrength = 2.6f;  ///< of the light from all directions together
constexpr float kUnseen =
    -0.45f;  // a vertex whose normal points so far back is not in the picture

/// Directions all around except far behind, evenly spread.
std::array<Vec3, kSkyDirections> sky_directions() {
  std::array<Vec3, kSkyDirections> all;
  const float golden = std::numbers::pi_v<float> * (3 - std::sqrt(5.f));
  for (std::size_t i = 0; i < all.size(); ++i) {
    const float z = 1 - 1.55f * (static_cast<float>(i) + 0.5f) / static_cast<float>(all.size());
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

LampLight lamp_light(const FaceScene& scene, const Point& at, float wrap, int sharpness) {
  LampLight sum;
  const auto& lamps = scene.parameters.lights.lamps;
  for (std::size_t i = 0; i < lamps.size(); ++i) {
    const float facing = dot(at.normal, lamps[i].direction);
    if (facing < -wrap) continue;
    const float lit = scene.shadows[i].softly_lit(at.position + at.normal * 0.012f,
                                                  shadow_radius(lamps[i].softness), 0.03f);
    if (lit <= 0) continue;
    const auto soft = [&](float w) { return std::max(0.f, (facing + w) / (1 + w)); };
    const Colour shape(soft(wrap), soft(wrap * 0.5f), soft(wrap * 0.35f));
    sum.diffuse += times(lamps[i].colour, shape) * lit;
    const Vec3 half = normalized(lamps[i].direction + at.view);
    const float gloss = power(clamp01(dot(half, at.normal)), sharpness) *
                        static_cast<float>(sharpness + 8) / 25 * std::max(0.f, facing);
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
  return sky * (0.24f * kSkyStrength * (0.55f + 0.45f * clamp01(normal.z + 0.3f)));
}

Colour shade_eye(const FaceScene& scene, const Point& at, std::size_t which) {
  const auto& look = scene.parameters.look;
  Point eye = at;
  eye.normal = normalized(at.position - scene.eyes[which]);
  const Vec3 gaze = scene.gaze[which];
  const float angle = std::acos(clamp01(dot(eye.normal, gaze)));
  constexpr float kIris = 0.43f;
  const float rim = 0.03f;
  // Around the iris, for its rays.
  const Vec3 side = normalized(cross({0, 1, 0}, gaze));
  const float around = std::atan2(dot(eye.normal, side), dot(eye.normal, cross(gaze, side)));
  Colour white(0.56f, 0.52f, 0.49f);
  const float corner = clamp01((angle - kIris) * 1.4f);
  white = mix(white, Colour(0.45f, 0.29f, 0.26f), 0.6f * corner);
  Colour iris = look.iris * (0.7f + 0.6f * scene.charts.grain(around * 2.5f, angle * 1.5f));
  iris = mix(iris, look.iris * 1.7f,
             smooth_step(0.35f * kIris, 0.6f * kIris, angle) *
                 (1 - smooth_step(0.6f * kIris, 0.85f * kIris, angle)));
  iris *= 1 - 0.65f * smooth_step(kIris * 0.78f, kIris, angle);
  const float pupil = kIris * look.pupil;
  iris =
      mix(Colour(0.004f, 0.004f, 0.004f), iris, smooth_step(pupil - rim, pupil + rim, angle));
  const Colour albedo = mix(iris, white, smooth_step(kIris - rim, kIris + rim, angle));
  // The upper lid and its lashes shade the ball.
  const float height = dot(at.position - scene.eyes[which], scene.axes[1]);
  const float lid = 0.5f + 0.5f * (1 - smooth_step(-0.02f, 0.055f, height));
  const auto lamps = lamp_light(scene, eye, 0.25f, 220);
  const Colour ambient = mix(eye.light, open_light(scene, eye.normal), 0.3f);
  Colour colour = times(albedo, (ambient + lamps.diffuse) * lid) + lamps.gloss * 0.10f;
  // The reflection of a room: a pale window high up.
  const Vec3 mirrored = eye.normal * (2 * dot(eye.normal, eye.view)) - eye.view;
  if (mirrored.y > 0.45f && mirrored.y < 0.8f && std::abs(mirrored.x - 0.15f) < 0.3f) {
    colour += scene.parameters.lights.sky * 0.12f;
  }
  return colour;
}

Colour shade_teeth(const FaceScene& scene, const Point& at) {
  const float tooth = std::abs(at.place.x) / 0.078f;
  const float gap = std::abs(tooth - std::floor(tooth) - 0.5f);
  Colour albedo(0.74f, 0.69f, 0.60f);
  albedo *= 1 - 0.30f * smooth_step(0.40f, 0.5f, gap);
  albedo *= 1 - 0.5f * smooth_step(0.16f, 0.32f, std::abs(at.place.x));
  const auto lamps = lamp_light(scene, at, 0.3f, 60);
  // Enamel is lit from within by what reaches it between the lips.
  const Colour around = mix(at.light, open_light(scene, at.normal), 0.5f);
  return times(albedo, around + lamps.diffuse) + lamps.gloss * 0.03f;
}

Colour shade_tongue(const FaceScene& scene, const Point& at) {
  Colour albedo(0.42f, 0.14f, 0.13f);
  albedo *= 0.85f + 0.3f * scene.charts.grain(at.place.x * 2, at.place.z * 2);
  albedo *= 1 - 0.3f * (1 - smooth_step(0.f, 0.02f, std::abs(at.place.x)));
  const auto lamps = lamp_light(scene, at, 0.3f, 30);
  return times(albedo, at.light + lamps.diffuse) + lamps.gloss * 0.04f;
}

Colour hair_colour(const FaceScene& scene, const Vec3& place, float angle, const Colour& base) {
  const float strand = scene.charts.grain(angle * 1.7f, place.y * 0.12f + place.z * 0.1f);
  const float lock = scene.charts.cloud(angle * 0.9f, place.y * 0.25f);
  return base * (0.45f + 0.7f * strand + 0.6f * (lock - 0.5f));
}

/// A smooth cap of light over hair, across its strands.
Colour shade_hair(const FaceScene& scene, const Point& at, float angle, const Colour& base,
                  int layer) {
  const Colour albedo = hair_colour(scene, at.place, angle, base);
  // The lower layers lie in the shadow of the upper ones.
  const float deep = scene.hair_layers > 1
                         ? 0.45f + 0.55f * static_cast<float>(layer) /
                                       static_cast<float>(scene.hair_layers - 1)
                         : 0.85f;
  const auto lamps = lamp_light(scene, at, 0.35f, 14);
  const float strand = scene.charts.grain(angle * 3.1f, at.place.y * 0.1f);
  const Colour sheen = lamps.gloss * (0.10f * strand * strand);
  return times(albedo, at.light + lamps.diffuse) * deep +
         times(sheen, base * 1.5f + Colour(0.05f, 0.05f, 0.05f));
}

}  // namespace

bool casts_shadow(const FaceScene& scene, const Surface& surface) {
  switch (surface.material) {
    case Material::head:
    case Material::hat:
      return true;
    case Material::hair:  // one of its layers is enough
      return surface.both_sides || surface.layer == scene.hair_layers / 2;
    case Material::frame:
    case Material::lens:
      return false;
  }
  return false;
}

bool has_hair(const FaceScene& scene, const Vec3& place, const VertexTraits& traits,
              int layer) {
  if (traits.scalp < -0.16f) return false;
  const auto& look = scene.parameters.look;
  const float angle = traits.angle;
  float above = traits.scalp + 0.07f * look.hairline;
  if (look.hair_style == HairStyle::receding) {
    const float temple = smooth_step(0.35f, 0.f, std::abs(std::abs(angle) - 0.55f));
    above -= 0.30f * temple + (place.z > -0.9f ? 0.16f : 0.f);
  }
  // The noise is looked up only where it decides.
  if (above < -0.09f) return false;
  if (above < 0.15f) {
    above += 0.10f * (scene.charts.cloud(angle * 0.7f, place.y * 0.4f + 0.3f) - 0.5f);
  }
  const float edge = smooth_step(-0.03f, 0.09f, above);
  if (edge <= 0) return false;
  const float level =
      (static_cast<float>(layer) + 0.35f) / static_cast<float>(std::max(1, scene.hair_layers));
  const float needed = 0.22f + 0.62f * level + 0.45f * (1 - edge) - 0.45f * edge;
  if (needed < 0) return true;
  if (needed >= 0.75f) return false;
  const float strand = scene.charts.grain(angle * 5.3f, place.y * 0.55f) * 0.6f +
                       scene.charts.grain(angle * 2.1f + 0.4f, place.y * 0.2f) * 0.4f;
  return strand * 0.75f > needed;
}

void light_vertices(FaceScene& scene, const ShadowCasters& casters) {
  static const auto directions = sky_directions();
  const auto& lights = scene.parameters.lights;
  for (auto& surface : scene.surfaces) {
    surface.light.assign(surface.positions.size(), Colour(0, 0, 0));
  }
  struct LitPoint {
    Vec3 normal, outside;
    std::size_t index;
  };
  auto& head = scene.surfaces.front();
  std::vector<LitPoint> points;
  points.reserve(head.positions.size());
  for (std::size_t i = 0; i < head.positions.size(); ++i) {
    if (head.normals[i].z < kUnseen) continue;
    points.push_back({head.normals[i], head.positions[i] + head.normals[i] * 0.03f, i});
  }
  const float share = kSkyStrength / static_cast<float>(kSkyDirections);
  for (const auto& direction : directions) {
    const ShadowMap map(direction, kSkyShadowSide, casters);
    const float up = direction.y;
    Colour sky =
        up > 0 ? mix(lights.front, lights.sky, up) : mix(lights.front, lights.ground, -up);
    sky *= share;
    for (const auto& [normal, outside, index] : points) {
      const float facing = dot(normal, direction);
      if (facing <= -0.15f) continue;
      const float soft = (facing + 0.15f) / 1.15f;
      head.light[index] += sky * (soft * (0.06f + 0.94f * map.lit(outside, 0.05f)));
    }
  }
  // Surfaces around the head are not occluded by it.
  for (auto& surface : scene.surfaces) {
    if (surface.material == Material::head) continue;
    for (std::size_t i = 0; i < surface.light.size(); ++i) {
      surface.light[i] = open_light(scene, surface.normals[i]);
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
  const float cloud = charts.cloud(p.x * 0.45f + shift, p.y * 0.45f + p.z * 0.3f);
  const float fine = charts.grain(p.x * 0.9f + shift, p.y * 0.9f + p.z * 0.7f);
  const float finer = charts.grain(p.x * 2.3f, p.y * 2.3f + p.z * 1.9f + shift);
  float red = look.blotches * 1.6f * (cloud - 0.5f);
  float depth = 0;
  float lips = 0;
  FaceCharts::Masks masks;
  Colour albedo = look.skin;
  albedo *= 1 + 0.10f * (fine - 0.5f) + 0.10f * (finer - 0.5f) +
            0.5f * look.blotches * (cloud - 0.5f);
  if (scene.skin != nullptr) {
    // The photographs' cropped hair stays out where somebody has other hair.
    const float bare = 1 - smooth_step(-0.25f, -0.05f, traits.scalp);
    albedo = times(albedo, mix(Colour(1, 1, 1), photo_detail(*scene.skin, at.uv), bare));
  }
  const float front = traits.facing;
  float gloss = 0.5f + 0.8f * look.oil;
  if (front > 0) {
    masks = charts.masks(p.x, p.y);
    red += 0.55f * look.redness * masks.flush;
    const float under = masks.under_eyes * front;
    albedo = mix(albedo, times(albedo, Colour(0.72f, 0.62f, 0.66f)),
                 under * (0.25f + 0.5f * smooth_step(35, 75, look.age)));
    const auto folds = FaceCharts::folds_at(scene.folds, p.x, p.y);
    depth = folds.depth * front;
    if (depth > 0.003f) {
      const Vec3 bend =
          scene.axes[0] * (folds.bend_x * front) + scene.axes[1] * (folds.bend_y * front);
      at.normal = normalized(at.normal + bend);
    }
    lips = masks.lips * smooth_step(0.f, 0.2f, front);
  }
  albedo = times(albedo, Colour(1 + 0.22f * red, 1 - 0.28f * red, 1 - 0.30f * red));
  if (look.freckles > 0 && p.z > -0.6f) {
    const float spot = charts.grain(p.x * 1.35f + shift, p.y * 1.35f);
    const float where = smooth_step(0.35f, 0.65f, charts.cloud(p.x * 0.3f, p.y * 0.3f + shift));
    albedo = mix(albedo, times(albedo, Colour(0.62f, 0.47f, 0.38f)),
                 look.freckles * where * smooth_step(0.72f, 0.85f, spot));
  }
  if (depth > 0)
    albedo =
        times(albedo, Colour(1, 1, 1) - Colour(0.36f, 0.46f, 0.48f) * std::min(1.f, depth));
  if (lips > 0) {
    const Colour lip = look.lips * (0.9f + 0.25f * (finer - 0.5f));
    albedo = mix(albedo, lip, lips * (0.85f + 0.15f * look.lipstick));
    gloss += lips * (0.5f + 1.5f * look.lipstick);
  }
  if (front > 0 && look.eye_shadow > 0) {
    albedo =
        mix(albedo, times(albedo, Colour(0.45f, 0.32f, 0.38f)), look.eye_shadow * masks.lids);
  }
  if (masks.lid_edges > 0) {
    albedo = mix(albedo, Colour(0.02f, 0.015f, 0.015f),
                 masks.lid_edges * (0.35f + 0.6f * look.eye_liner));
  }
  const float beard_share = traits.beard * (1 - lips);
  if (look.beard != Beard::none && beard_share > 0) {
    const float x = std::abs(p.x);
    float grows = 0;
    if (look.beard == Beard::stubble || look.beard == Beard::full) grows = 1;
    const bool moustache = p.y > -0.66f && x < 0.30f;
    const bool chin = x < 0.30f && p.y < -0.62f;
    if (look.beard == Beard::moustache && moustache) grows = smooth_step(0.32f, 0.22f, x);
    if (look.beard == Beard::goatee && (moustache || chin))
      grows = smooth_step(0.32f, 0.22f, x);
    const float hairs = charts.grain(p.x * 2.9f + shift, p.y * 1.2f + p.z * 1.2f);
    const float cover = look.beard == Beard::stubble
                            ? look.beard_density * (0.25f + 0.35f * hairs)
                            : look.beard_density * (0.65f + 0.45f * hairs);
    albedo = mix(albedo, look.hair * (0.7f + 0.7f * hairs),
                 std::min(1.f, grows * beard_share * cover));
    gloss *= 1 - 0.7f * grows * beard_share * cover;
  }
  if (p.z > -0.45f && p.y > -0.1f && p.y < 0.4f) {
    const float brow =
        charts.brow(look.brow_style, look.brow_thickness, p.x, p.y, scene.pixel) *
        smooth_step(-0.2f, 0.1f, at.normal.z);
    albedo = mix(albedo, look.brow, std::min(1.f, brow * look.brow_density * 1.25f));
    gloss *= 1 - 0.8f * brow;
  }
  if (look.hair_style != HairStyle::bald && has_hair(scene, p, traits, 0)) {
    albedo = mix(albedo, hair_colour(scene, p, traits.angle, look.hair), 0.85f);
    gloss *= 0.3f;
  }
  if (traits.cavity > 0) {
    albedo = mix(albedo, Colour(0.13f, 0.03f, 0.028f), traits.cavity);
    at.light *= 1 - 0.55f * traits.cavity;
  }
  // Clothes, below a neckline that differs from person to person.
  const float neckline = -1.80f + 0.28f * shift + 0.22f * std::min(0.9f, std::abs(p.x));
  if (p.y < neckline) {
    albedo = mix(albedo, look.cloth * (0.8f + 0.4f * cloud),
                 smooth_step(neckline, neckline - 0.03f, p.y));
    gloss *= 0.15f;
  }
  const auto lamps = lamp_light(scene, at, 0.28f, lips > 0.5f ? 40 : 18);
  const float open = 1 - 0.35f * std::min(1.f, depth);
  const float edge = 1 - clamp01(dot(at.normal, at.view));
  const float fresnel = 0.028f + 0.30f * power(edge, 4);
  Colour colour = times(albedo, (at.light + lamps.diffuse) * open);
  colour +=
      lamps.gloss * (fresnel * gloss * (1 - traits.cavity * 0.6f) * (0.75f + 0.5f * fine));
  colour += at.light * (fresnel * 0.5f * gloss * (1 - traits.cavity));
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
  if (surface.both_sides && dot(at.normal, at.view) < 0) at.normal = at.normal * -1.f;
  const auto& look = scene.parameters.look;
  switch (surface.material) {
    case Material::hair:
      return shade_hair(scene, at, traits.angle, look.hair, surface.layer);
    case Material::hat: {
      const auto lamps = lamp_light(scene, at, 0.3f, 10);
      const float knit = 0.8f + 0.4f * scene.charts.grain(at.place.x * 1.5f, at.place.y * 1.5f);
      return times(look.cloth, at.light + lamps.diffuse) * knit;
    }
    case Material::frame: {
      const auto lamps = lamp_light(scene, at, 0.2f, 50);
      return times(look.frame, at.light + lamps.diffuse) + lamps.gloss * 0.15f;
    }
    case Material::lens: {
      const Vec3 mirrored = at.normal * (2 * dot(at.normal, at.view)) - at.view;
      const auto lamps = lamp_light(scene, at, 0.1f, 120);
      return Colour(0.008f, 0.008f, 0.009f) +
             scene.parameters.lights.sky * (0.10f * smooth_step(-0.1f, 0.6f, mirrored.y)) +
             lamps.gloss * 0.12f;
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
      return times(Colour(0.02f, 0.016f, 0.014f), at.light);
    case HeadPart::skin:
      break;
  }
  return shade_skin(scene, at, traits);
}

}  // namespace mien
