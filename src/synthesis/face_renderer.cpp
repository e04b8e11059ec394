#include <algorithm>
#include <cmath>
#include <numbers>

#include <opencv2/imgproc.hpp>

#include "mien/base/error.hpp"

#include "face_scene.hpp"

namespace mien {
namespace {

constexpr int kSamples = 2;         // per pixel and direction
constexpr int kShadowSide = 176;
constexpr float kEyeDepth = 0.012f;  // the eyeballs lie a little deeper, so that lids cover them

int hair_layers(const FaceLook& look) {
  switch (look.hair_style) {
    case HairStyle::bald:
      return 0;
    case HairStyle::cropped:
      return 2;
    default:
      return 5;
  }
}

/// How far the hair stands off the skin.
float hair_height(const FaceLook& look) {
  switch (look.hair_style) {
    case HairStyle::cropped:
      return 0.02f + 0.02f * look.hair_volume;
    case HairStyle::short_hair:
    case HairStyle::receding:
      return 0.05f + 0.10f * look.hair_volume;
    case HairStyle::full:
    case HairStyle::long_hair:
      return 0.14f + 0.20f * look.hair_volume;
    default:
      return 0;
  }
}

}  // namespace

struct FaceRenderer::Parts {
  explicit Parts(HeadData data) : head(std::move(data)), shaper(head) {
    for (const auto& triangle : head.triangles) all.push_back(triangle);
    const auto& traits = shaper.traits();
    std::array<std::vector<char>, 2> in_eye;
    for (auto& each : in_eye) each.assign(head.positions.size(), 0);
    std::vector<char> skin(head.positions.size(), 0);
    for (std::size_t i = 0; i < head.triangles.size(); ++i) {
      const auto& corners = head.triangles[i];
      if (head.parts[i] == HeadPart::skin) {
        skin_triangles = i + 1;
        bool scalp = false;
        for (const auto v : corners) {
          skin[v] = 1;
          scalp = scalp || traits[v].scalp > -0.12f;
        }
        if (scalp) scalp_triangles.push_back(corners);
      }
      if (head.parts[i] == HeadPart::tongue) opaque_triangles = i + 1;
      for (const auto v : corners) {
        if (head.parts[i] == HeadPart::right_eye) in_eye[0][v] = 1;
        if (head.parts[i] == HeadPart::left_eye) in_eye[1][v] = 1;
      }
    }
    opaque.assign(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(opaque_triangles));
    for (std::size_t v = 0; v < head.positions.size(); ++v) {
      for (std::size_t e = 0; e < 2; ++e) {
        if (in_eye[e][v]) eye_vertices[e].push_back(v);
      }
      const Vec3& p = head.positions[v];
      if (skin[v] && p.y > -1.15f && p.y < 0.55f && p.z > -0.75f && std::abs(p.x) < 0.76f) {
        face_vertices.push_back(v);
      }
    }
    if (eye_vertices[0].empty() || eye_vertices[1].empty() || face_vertices.empty()) {
      throw Error("The head file has no face; install the program again.");
    }
  }

  std::vector<Surface> surfaces(const FaceLook& look, std::vector<Vec3> positions) const;
  Colour shade_at(const FaceScene& scene, const Visibility& seen, std::size_t at, float x,
                  float y) const;

  HeadData head;
  FaceCharts charts;
  HeadShaper shaper;
  std::vector<Triangle> all, opaque, scalp_triangles;
  std::size_t skin_triangles = 0, opaque_triangles = 0;
  std::array<std::vector<std::size_t>, 2> eye_vertices;
  std::vector<std::size_t> face_vertices;
};

std::vector<Surface> FaceRenderer::Parts::surfaces(const FaceLook& look,
                                                   std::vector<Vec3> positions) const {
  std::vector<Surface> all_surfaces;
  Surface body;
  body.triangles = &opaque;
  body.positions = std::move(positions);
  body.normals = vertex_normals(head, body.positions);
  const int layers = hair_layers(look);
  const float height = hair_height(look);
  const auto& traits = shaper.traits();
  const auto shift = static_cast<float>(look.seed % 491) / 491;
  std::vector<Surface> hair;
  for (int layer = 0; layer < layers; ++layer) {
    Surface shell;
    shell.material = Material::hair;
    shell.layer = layer;
    shell.triangles = &scalp_triangles;
    shell.positions = body.positions;
    shell.normals = body.normals;
    const float share = static_cast<float>(layer + 1) / static_cast<float>(layers);
    for (std::size_t v = 0; v < shell.positions.size(); ++v) {
      if (traits[v].scalp < -0.15f) continue;
      const Vec3& p = head.positions[v];
      const float thick = smooth_step(-0.10f, 0.30f, traits[v].scalp);
      const float wave = 0.65f + 0.7f * charts.cloud(std::atan2(p.x, p.z + 1) * 0.5f + shift,
                                                     p.y * 0.5f + p.z * 0.4f);
      shell.positions[v] += body.normals[v] * (height * share * thick * wave);
    }
    shell.normals = body.normals;
    hair.push_back(std::move(shell));
  }
  all_surfaces.push_back(std::move(body));
  for (auto& shell : hair) all_surfaces.push_back(std::move(shell));
  return all_surfaces;
}

FaceRenderer::FaceRenderer(HeadData head) : parts_(std::make_unique<Parts>(std::move(head))) {}
FaceRenderer::~FaceRenderer() = default;

const HeadData& FaceRenderer::head() const { return parts_->head; }

std::vector<cv::Point3f> FaceRenderer::shape(const FaceLook& look,
                                             const Expression& expression) const {
  return parts_->shaper.shape(look, expression);
}

Colour FaceRenderer::Parts::shade_at(const FaceScene& scene, const Visibility& seen,
                                     std::size_t at, float x, float y) const {
  const auto& surface = scene.surfaces[seen.what[at] >> 24];
  const std::size_t triangle = seen.what[at] & 0xFFFFFF;
  const auto& corners = (*surface.triangles)[triangle];
  const Vec3 &a = surface.screen[corners[0]], &b = surface.screen[corners[1]],
             &c = surface.screen[corners[2]];
  const float area = (b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y);
  const float s = ((b.x - x) * (c.y - y) - (c.x - x) * (b.y - y)) / area;
  const float t = ((c.x - x) * (a.y - y) - (a.x - x) * (c.y - y)) / area;
  // Shares of the picture become shares of the surface behind it.
  std::array<float, 3> shares = {s * a.z, t * b.z, (1 - s - t) * c.z};
  const float sum = shares[0] + shares[1] + shares[2];
  for (auto& share : shares) share /= sum;
  return shade(scene, surface, triangle, shares);
}

RenderedFace FaceRenderer::render(const RenderParameters& parameters) const {
  if (parameters.size < kLeastRender || parameters.size > kMostRender) {
    throw Error("The size of a rendered face must be from " + std::to_string(kLeastRender) +
                " to " + std::to_string(kMostRender) + " pixels, not " +
                std::to_string(parameters.size) + ".");
  }
  const auto& parts = *parts_;
  const auto& look = parameters.look;
  CameraView view(parameters.camera, parameters.size);
  auto positions = parts.shaper.shape(look, parameters.expression);
  std::array<Vec3, 2> eyes;
  std::array<float, 2> radius{};
  for (std::size_t e = 0; e < 2; ++e) {
    Vec3 sum{0, 0, 0};
    for (const auto v : parts.eye_vertices[e]) {
      positions[v].z -= kEyeDepth;
      sum += positions[v];
    }
    eyes[e] = sum * (1 / static_cast<float>(parts.eye_vertices[e].size()));
    for (const auto v : parts.eye_vertices[e]) {
      const Vec3 out = positions[v] - eyes[e];
      radius[e] += std::sqrt(dot(out, out)) / static_cast<float>(parts.eye_vertices[e].size());
    }
  }
  // The eyes' middles are turned with the rest.
  const std::size_t count = positions.size();
  auto turned = view.turn(parts.head, positions);

  FaceScene scene{parts.head, parts.charts, parts.shaper.traits(), parameters, {}, {}, {}, {},
                  {},         {},           {},                    {},         {}, 0};
  scene.hair_layers = hair_layers(look);
  scene.axes = {view.turn_direction({1, 0, 0}), view.turn_direction({0, 1, 0}),
                view.turn_direction({0, 0, 1})};
  constexpr float kDegree = std::numbers::pi_v<float> / 180;
  for (std::size_t e = 0; e < 2; ++e) {
    Vec3 sum{0, 0, 0};
    for (const auto v : parts.eye_vertices[e]) sum += turned[v];
    scene.eyes[e] = sum * (1 / static_cast<float>(parts.eye_vertices[e].size()));
    scene.eye_radius[e] = radius[e];
    // Eyes that look at something near turn inwards a little.
    const float inwards = e == 0 ? 1.2f : -1.2f;
    const float right = (parameters.expression.gaze_x * 30 + inwards) * kDegree;
    const float up = parameters.expression.gaze_y * 25 * kDegree;
    scene.gaze[e] = view.turn_direction(
        {std::sin(right) * std::cos(up), std::sin(up), std::cos(right) * std::cos(up)});
  }
  std::vector<Vec3> face;
  for (const auto v : parts.face_vertices) face.push_back(turned[v]);
  view.frame(face);

  scene.surfaces = parts.surfaces(look, std::move(turned));
  for (auto& surface : scene.surfaces) {
    surface.screen.resize(surface.positions.size());
    for (std::size_t i = 0; i < surface.positions.size(); ++i) {
      Vec3 at = view.project(surface.positions[i]);
      at.x = (at.x + 0.5f) * kSamples - 0.5f;
      at.y = (at.y + 0.5f) * kSamples - 0.5f;
      surface.screen[i] = at;
    }
  }
  const auto folds = fold_weights(look, parameters.expression);
  scene.fold_depth = parts.charts.folded(folds);
  // Slopes as bends of the normal: a fold's flanks face each other.
  constexpr float kBend = 1.5f;
  cv::Mat soft;
  cv::GaussianBlur(scene.fold_depth, soft, {3, 3}, 0.8);
  cv::Scharr(soft, scene.fold_x, CV_32F, 1, 0, -static_cast<double>(kBend) / 16);
  cv::Scharr(soft, scene.fold_y, CV_32F, 0, 1, static_cast<double>(kBend) / 16);
  scene.fold_x *= -1;
  scene.fold_y *= -1;

  for (const auto& lamp : parameters.lights.lamps) {
    ShadowMap map(lamp.direction, kShadowSide);
    for (const auto& surface : scene.surfaces) {
      map.add(*surface.triangles, surface.positions, 0,
              surface.material == Material::head ? parts.skin_triangles
                                                 : surface.triangles->size());
    }
    scene.shadows.push_back(std::move(map));
  }
  light_vertices(scene, parts.skin_triangles);

  const int side = parameters.size * kSamples;
  Visibility seen(side, side);
  for (std::size_t i = 0; i < scene.surfaces.size(); ++i) {
    const auto& surface = scene.surfaces[i];
    if (surface.material == Material::hair) {
      seen.add(static_cast<std::uint32_t>(i), *surface.triangles, surface.screen, false,
               [&](std::size_t triangle, float b0, float b1, float b2) {
                 const auto& [a, b, c] = (*surface.triangles)[triangle];
                 const auto& base = parts.head.positions;
                 const float scalp = scene.traits[a].scalp * b0 + scene.traits[b].scalp * b1 +
                                     scene.traits[c].scalp * b2;
                 return hair_is_there(scene, base[a] * b0 + base[b] * b1 + base[c] * b2, scalp,
                                      surface.layer);
               });
    } else {
      seen.add(static_cast<std::uint32_t>(i), *surface.triangles, surface.screen, false,
               [](std::size_t, float, float, float) { return true; });
    }
  }

  cv::Mat picture = paint_backdrop(parameters.backdrop, parameters.size, parameters.seed);
  double brightness = 0;
  int face_pixels = 0;
  for (int y = 0; y < parameters.size; ++y) {
    auto* row = picture.ptr<Colour>(y);
    for (int x = 0; x < parameters.size; ++x) {
      Colour sum(0, 0, 0);
      int covered = 0;
      for (int sy = 0; sy < kSamples; ++sy) {
        for (int sx = 0; sx < kSamples; ++sx) {
          const int px = x * kSamples + sx, py = y * kSamples + sy;
          const std::size_t at = static_cast<std::size_t>(py) * static_cast<std::size_t>(side) +
                                 static_cast<std::size_t>(px);
          if (seen.near[at] <= 0) {
            sum += row[x];
            continue;
          }
          ++covered;
          sum += parts.shade_at(scene, seen, at, static_cast<float>(px), static_cast<float>(py));
        }
      }
      row[x] = sum * (1.f / (kSamples * kSamples));
      if (covered == kSamples * kSamples) {
        brightness += static_cast<double>(0.21f * row[x][0] + 0.72f * row[x][1] + 0.07f * row[x][2]);
        ++face_pixels;
      }
    }
  }
  // The camera sets its exposure by the picture, though not fully.
  if (face_pixels > 0) {
    const double mean = std::max(0.004, brightness / face_pixels);
    picture *= std::pow(0.20 / mean, 0.75);
  }

  RenderedFace out;
  out.picture = photograph(picture, parameters.effects, parameters.seed);
  const auto& body = scene.surfaces.front();
  const auto pixel = [&](const Vec3& point) {
    const Vec3 at = view.project(point);
    return cv::Point2f(at.x, at.y);
  };
  for (const auto& [name, vertex] : parts.head.landmarks) {
    out.landmarks.emplace_back(name, pixel(body.positions[vertex]));
  }
  constexpr std::array<const char*, 2> sides = {"right", "left"};
  for (std::size_t e = 0; e < 2; ++e) {
    out.landmarks.emplace_back(std::string(sides[e]) + "-eye", pixel(scene.eyes[e]));
    out.landmarks.emplace_back(std::string(sides[e]) + "-pupil",
                               pixel(scene.eyes[e] + scene.gaze[e] * scene.eye_radius[e]));
  }
  float left = 1e9f, right = -1e9f, top = 1e9f, bottom = -1e9f;
  for (const auto v : parts.face_vertices) {
    const auto at = pixel(body.positions[v]);
    left = std::min(left, at.x);
    right = std::max(right, at.x);
    top = std::min(top, at.y);
    bottom = std::max(bottom, at.y);
  }
  out.box = cv::Rect2f(left, top, right - left, bottom - top);
  (void)count;
  return out;
}

}  // namespace mien
