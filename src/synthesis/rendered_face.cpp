#include <algorithm>
#include <cmath>
#include <numbers>

#include <opencv2/imgproc.hpp>

#include "mien/base/error.hpp"

#include "face_scene.hpp"

namespace mien::synthesis {
namespace {

/// Per pixel and direction. In large pictures one does, and leaves memory for the picture.
int samples_for(int size) { return size > 1024 ? 1 : 2; }

const Vec3 kSkullMiddle{0, 0.2F, -0.8F};
constexpr int kShadowSide = 176;
constexpr float kEyeDepth =
    0.012F;  // the eyeballs lie a little deeper, so that lids cover them

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

constexpr float kUnderHat = 0.05F;  // how far hair stands off under a hat

/// How far the hair stands off the skin.
float hair_height(const FaceLook& look) {
  if (look.hat != Hat::none) return kUnderHat;
  switch (look.hair_style) {
    case HairStyle::cropped:
      return 0.02F + 0.02F * look.hair_volume;
    case HairStyle::short_hair:
    case HairStyle::receding:
      return 0.05F + 0.10F * look.hair_volume;
    case HairStyle::full:
    case HairStyle::long_hair:
      return 0.14F + 0.20F * look.hair_volume;
    default:
      return 0;
  }
}

}  // namespace

struct FaceRenderer::Parts {
  Parts(HeadData data, std::vector<SkinPhoto> photos, std::vector<HairMesh> hair)
      : head(std::move(data)), skins(std::move(photos)), meshes(std::move(hair)), shaper(head) {
    const auto& traits = shaper.traits();
    std::array<std::vector<char>, 2> in_eye;
    for (auto& each : in_eye) each.assign(head.positions.size(), 0);
    std::vector<char> skin(head.positions.size(), 0);
    for (std::size_t i = 0; i < head.triangles.size(); ++i) {
      const auto& corners = head.triangles[i];
      if (head.parts[i] == HeadPart::skin) {
        bool scalp = false;
        for (const auto v : corners) {
          skin[v] = 1;
          scalp = scalp || traits[v].scalp > -0.12F;
        }
        if (scalp) scalp_triangles.push_back(corners);
        const bool inside = std::ranges::all_of(
            corners, [&](std::uint16_t v) { return traits[v].cavity > 0.9F; });
        const bool covered = std::ranges::all_of(
            corners, [&](std::uint16_t v) { return traits[v].scalp > 0.3F; });
        if (inside) continue;
        casting_triangles.push_back(corners);
        if (!covered) casting_under_hair.push_back(corners);
      }
      if (head.parts[i] == HeadPart::tongue) opaque_triangles = i + 1;
      for (const auto v : corners) {
        if (head.parts[i] == HeadPart::right_eye) in_eye[0][v] = 1;
        if (head.parts[i] == HeadPart::left_eye) in_eye[1][v] = 1;
      }
    }
    std::vector<int> place(head.positions.size(), -1);
    for (auto& triangle : scalp_triangles) {
      for (auto& v : triangle) {
        if (place[v] < 0) {
          place[v] = static_cast<int>(scalp_vertices.size());
          scalp_vertices.push_back(v);
        }
        v = static_cast<std::uint16_t>(place[v]);
      }
    }
    for (const auto v : scalp_vertices) {
      scalp_places.push_back(head.positions[v]);
      scalp_traits.push_back(traits[v]);
    }
    opaque.assign(head.triangles.begin(),
                  head.triangles.begin() + static_cast<std::ptrdiff_t>(opaque_triangles));
    for (std::size_t v = 0; v < head.positions.size(); ++v) {
      for (std::size_t e = 0; e < 2; ++e) {
        if (in_eye[e][v]) eye_vertices[e].push_back(v);
      }
      const Vec3& p = head.positions[v];
      if (skin[v] && p.y > -1.15F && p.y < 0.55F && p.z > -0.75F && std::abs(p.x) < 0.76F) {
        face_vertices.push_back(v);
      }
    }
    if (eye_vertices[0].empty() || eye_vertices[1].empty() || face_vertices.empty()) {
      throw base::Error("The head file has no face; install the program again.");
    }
  }

  /// The head, its drawn hair unless a mesh is worn in its place, and a hat.
  std::vector<Surface> surfaces(const FaceLook& look, std::vector<Vec3> positions,
                                bool drawn_hair) const;

  HeadData head;
  std::vector<SkinPhoto> skins;
  std::vector<HairMesh> meshes;
  FaceCharts charts;
  HeadShaper shaper;
  std::vector<Triangle> opaque;           ///< all but the lashes
  std::vector<Triangle> scalp_triangles;  ///< of scalp_vertices
  std::vector<std::uint16_t> scalp_vertices;
  std::vector<Vec3> scalp_places;
  std::vector<VertexTraits> scalp_traits;
  /// The skin that casts shadows: the mouth's and the nostrils' inside lies behind it anyway.
  std::vector<Triangle> casting_triangles;
  std::vector<Triangle> casting_under_hair;  ///< the same without what hair or hat covers
  std::size_t opaque_triangles = 0;
  std::array<std::vector<std::size_t>, 2> eye_vertices;
  std::vector<std::size_t> face_vertices;
};

std::vector<Surface> FaceRenderer::Parts::surfaces(const FaceLook& look,
                                                   std::vector<Vec3> positions,
                                                   bool drawn_hair) const {
  std::vector<Surface> all_surfaces;
  Surface body;
  body.triangles = opaque;
  body.places = head.positions;
  body.traits = shaper.traits();
  body.positions = std::move(positions);
  body.normals = triangle_normals(head.triangles, body.positions);
  const int layers = drawn_hair ? hair_layers(look) : 0;
  const float height = hair_height(look);
  const auto& traits = shaper.traits();
  const auto shift = static_cast<float>(look.seed % 491) / 491;
  std::vector<Surface> hair;
  for (int layer = 0; layer < layers; ++layer) {
    Surface shell;
    shell.material = Material::hair;
    shell.layer = layer;
    shell.triangles = scalp_triangles;
    shell.places = scalp_places;
    shell.traits = scalp_traits;
    const float share = static_cast<float>(layer + 1) / static_cast<float>(layers);
    for (const auto v : scalp_vertices) {
      const Vec3& p = head.positions[v];
      const float thick = smooth_step(-0.10F, 0.30F, traits[v].scalp);
      const float wave =
          0.65F + 0.7F * charts.cloud(traits[v].angle * 0.5F + shift, p.y * 0.5F + p.z * 0.4F);
      shell.positions.push_back(body.positions[v] +
                                body.normals[v] * (height * share * thick * wave));
      shell.normals.push_back(body.normals[v]);
    }
    hair.push_back(std::move(shell));
  }
  all_surfaces.push_back(std::move(body));
  for (auto& shell : hair) all_surfaces.push_back(std::move(shell));
  if (look.hat != Hat::none) {
    Surface hat;
    hat.material = Material::hat;
    hat.triangles = scalp_triangles;
    hat.places = scalp_places;
    hat.traits = scalp_traits;
    for (const auto v : scalp_vertices) {
      hat.positions.push_back(all_surfaces[0].positions[v] +
                              all_surfaces[0].normals[v] * (kUnderHat + 0.04F));
      hat.normals.push_back(all_surfaces[0].normals[v]);
    }
    all_surfaces.push_back(std::move(hat));
  }
  return all_surfaces;
}

FaceRenderer::FaceRenderer(HeadData head, std::vector<SkinPhoto> skins,
                           std::vector<HairMesh> meshes)
    : parts_(std::make_unique<Parts>(std::move(head), std::move(skins), std::move(meshes))) {}
FaceRenderer::~FaceRenderer() = default;

const HeadData& FaceRenderer::head() const { return parts_->head; }
bool FaceRenderer::has_meshes() const { return !parts_->meshes.empty(); }

std::vector<cv::Point3f> FaceRenderer::shape(const FaceLook& look,
                                             const Expression& expression) const {
  return parts_->shaper.shape(look, expression);
}

namespace {

constexpr int kNoSurface = -1;
constexpr int kVeiled = 1000;  // added to the kind of what is behind thin strands

// Strands that cover so much hide what is behind them; those that cover less are not seen.
constexpr float kDense = 0.92F, kThinnest = 0.03F;

/// What a sample of the picture shows.
struct Sample {
  const Surface& surface;
  std::size_t triangle;
  SurfacePoint point;
};

/// Of a triangle (surface << 24 | triangle) the point at (x, y) of the picture, or one near by
/// on its edge.
Sample sample_at(const FaceScene& scene, std::uint32_t what, float x, float y) {
  const auto& surface = scene.surfaces[what >> 24];
  const std::size_t triangle = what & 0xFFFFFF;
  const auto& corners = surface.triangles[triangle];
  const Vec3 &a = surface.screen[corners[0]], &b = surface.screen[corners[1]],
             &c = surface.screen[corners[2]];
  const float scale = 1 / signed_area(a, b, c);
  const float s = ((b.x - x) * (c.y - y) - (c.x - x) * (b.y - y)) * scale;
  const float t = ((c.x - x) * (a.y - y) - (a.x - x) * (c.y - y)) * scale;
  // Shares of the picture become shares of the surface behind it.
  std::array<float, 3> shares = {std::max(0.F, s) * a.z, std::max(0.F, t) * b.z,
                                 std::max(0.F, 1 - s - t) * c.z};
  const float sum = shares[0] + shares[1] + shares[2];
  for (auto& share : shares) share /= sum;
  Sample sample{surface, triangle, point_of(surface, triangle, shares)};
  if (surface.mesh != nullptr) {
    for (std::size_t i = 0; i < 3; ++i) {
      sample.point.uv += surface.mesh->uvs[corners[i]] * shares[i];
    }
  } else if (scene.skin != nullptr && surface.material == Material::head) {
    const auto& uvs = scene.head.triangle_uvs[triangle];
    for (std::size_t i = 0; i < 3; ++i) sample.point.uv += scene.head.uvs[uvs[i]] * shares[i];
  }
  return sample;
}

/// The place on the undeformed head, with scalp and angle alone of what is known of it.
std::pair<Vec3, VertexTraits> on_head(const Surface& surface, std::size_t triangle, float b0,
                                      float b1, float b2) {
  const auto& [a, b, c] = surface.triangles[triangle];
  const auto& t = surface.traits;
  VertexTraits traits;
  traits.scalp = t[a].scalp * b0 + t[b].scalp * b1 + t[c].scalp * b2;
  traits.angle = t[a].angle * b0 + t[b].angle * b1 + t[c].angle * b2;
  return {surface.places[a] * b0 + surface.places[b] * b1 + surface.places[c] * b2, traits};
}

/// What a sample shows as one number: part of the head, or material of what is on it.
int kind_at(const FaceScene& scene, const Visibility& seen, std::size_t at) {
  if (seen.near[at] <= 0) return kNoSurface;
  const std::uint32_t surface = seen.what[at] >> 24;
  if (surface > 0) return 100 + static_cast<int>(scene.surfaces[surface].material);
  return static_cast<int>(scene.head.parts[seen.what[at] & 0xFFFFFF]);
}

/// The vertices of each surface that the picture shows a triangle of.
std::vector<std::vector<char>> corners_seen(const FaceScene& scene, const Visibility& seen,
                                            const Veil& veil) {
  std::vector<std::vector<char>> triangles, corners;
  for (const auto& surface : scene.surfaces) {
    triangles.emplace_back(surface.triangles.size(), 0);
    corners.emplace_back(surface.positions.size(), 0);
  }
  const auto mark = [&](const std::vector<float>& near,
                        const std::vector<std::uint32_t>& what) {
    std::uint32_t last = ~0U;  // neighbours mostly show the same
    for (std::size_t i = 0; i < near.size(); ++i) {
      if (what[i] == last || near[i] <= 0) continue;
      last = what[i];
      triangles[last >> 24][last & 0xFFFFFF] = 1;
    }
  };
  mark(seen.near, seen.what);
  mark(veil.near, veil.what);
  for (std::size_t s = 0; s < triangles.size(); ++s) {
    for (std::size_t i = 0; i < triangles[s].size(); ++i) {
      if (!triangles[s][i]) continue;
      for (const auto v : scene.surfaces[s].triangles[i]) corners[s][v] = 1;
    }
  }
  return corners;
}

constexpr int kSkinKind = static_cast<int>(HeadPart::skin);
constexpr int kStrandsKind = 100 + static_cast<int>(Material::strands);

}  // namespace

RenderedFace FaceRenderer::render(const RenderParameters& parameters) const {
  if (parameters.size < kMinRender || parameters.size > kMaxRender) {
    throw base::Error("The size of a rendered face must be from " + std::to_string(kMinRender) +
                      " to " + std::to_string(kMaxRender) + " pixels, not " +
                      std::to_string(parameters.size) + ".");
  }
  const auto& parts = *parts_;
  const auto& look = parameters.look;
  const int samples = samples_for(parameters.size);
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
  auto turned = view.turn(parts.head.positions, positions);
  std::vector<Surface> worn;
  const auto meshes = worn_hair(parts.meshes, look);
  const bool drawn_hair = meshes[static_cast<std::size_t>(HairKind::hair)] == nullptr;
  for (const auto* mesh : meshes) {
    if (mesh != nullptr) worn.push_back(hair_surface(*mesh, positions, parts.head));
  }
  if (look.hair_style == HairStyle::long_hair && drawn_hair) {
    worn.push_back(hair_curtain(look, positions, parts.head));
  }
  if (look.hat == Hat::cap) worn.push_back(cap_peak(positions, parts.head));
  if (look.glasses != Glasses::none) {
    for (auto& each : glasses(look, eyes, positions, parts.head))
      worn.push_back(std::move(each));
  }
  const std::vector<Vec3> skull = view.turn({}, {kSkullMiddle});
  for (auto& surface : worn) {
    if (surface.mesh != nullptr) {
      surface.positions = view.turn(surface.mesh->places, surface.positions);
      surface.normals =
          hair_normals(surface, skull.front(), view.turn_direction(Vec3{0, 1, 0}));
      continue;
    }
    surface.positions = view.turn(surface.places, surface.positions);
    surface.normals = triangle_normals(surface.triangles, surface.positions);
  }

  FaceScene scene{parts.head, parts.charts, parts.shaper.traits(), parameters};
  scene.skin = fitting_skin(parts.skins, look);
  scene.meshes = meshes;
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
    const float inwards = e == 0 ? 1.2F : -1.2F;
    const float right = (parameters.expression.gaze_x * 30 + inwards) * kDegree;
    const float up = parameters.expression.gaze_y * 25 * kDegree;
    scene.gaze[e] = view.turn_direction(
        {std::sin(right) * std::cos(up), std::sin(up), std::cos(right) * std::cos(up)});
  }
  std::vector<Vec3> face;
  for (const auto v : parts.face_vertices) face.push_back(turned[v]);
  view.frame(face);

  scene.pixel = parameters.camera.distance / view.focal();
  scene.sample = scene.pixel / static_cast<float>(samples);
  scene.surfaces = parts.surfaces(look, std::move(turned), drawn_hair);
  for (auto& surface : worn) scene.surfaces.push_back(std::move(surface));
  for (auto& surface : scene.surfaces) {
    surface.screen.resize(surface.positions.size());
    for (std::size_t i = 0; i < surface.positions.size(); ++i) {
      Vec3 at = view.project(surface.positions[i]);
      at.x = (at.x + 0.5F) * static_cast<float>(samples) - 0.5F;
      at.y = (at.y + 0.5F) * static_cast<float>(samples) - 0.5F;
      surface.screen[i] = at;
    }
  }
  scene.folds = parts.charts.folded(fold_weights(look, parameters.expression));

  ShadowCasters casters;
  const bool covered = look.hat != Hat::none || (scene.hair_layers > 0 && drawn_hair);
  for (const auto& surface : scene.surfaces) {
    if (!casts_shadow(scene, surface)) continue;
    if (surface.mesh != nullptr) {
      casters.add(surface.mesh->solid, surface.positions);
      continue;
    }
    casters.add(surface.material == Material::head
                    ? std::span<const Triangle>(covered ? parts.casting_under_hair
                                                        : parts.casting_triangles)
                    : surface.triangles,
                surface.positions);
  }
  for (const auto& lamp : parameters.lights.lamps) {
    scene.shadows.emplace_back(lamp.direction, kShadowSide, casters,
                               shadow_radius(lamp.softness));
  }

  const int side = parameters.size * samples;
  Visibility seen(side, side);
  // From the outside inwards, so that hidden triangles skip the test for coverage.
  for (std::size_t i = scene.surfaces.size(); i-- > 0;) {
    const auto& surface = scene.surfaces[i];
    if (surface.mesh != nullptr) {
      seen.add(static_cast<std::uint32_t>(i), surface.triangles, surface.screen, true,
               [&](std::size_t triangle, float b0, float b1, float b2) {
                 return strand_cover(scene, *surface.mesh, triangle, {b0, b1, b2}) >= kDense;
               });
    } else if (surface.material == Material::hair) {
      seen.add(static_cast<std::uint32_t>(i), surface.triangles, surface.screen,
               surface.both_sides, [&](std::size_t triangle, float b0, float b1, float b2) {
                 const auto [place, traits] = on_head(surface, triangle, b0, b1, b2);
                 return has_hair(scene, place, traits, surface.layer);
               });
    } else if (surface.material == Material::hat && !surface.places.empty()) {
      seen.add(static_cast<std::uint32_t>(i), surface.triangles, surface.screen, false,
               [&](std::size_t triangle, float b0, float b1, float b2) {
                 const auto [place, traits] = on_head(surface, triangle, b0, b1, b2);
                 return is_under_hat(look, place, traits.angle);
               });
    } else {
      seen.add(static_cast<std::uint32_t>(i), surface.triangles, surface.screen,
               surface.both_sides);
    }
  }

  // What is behind thin strands is known now.
  Veil veil;
  for (std::size_t i = 0; i < scene.surfaces.size(); ++i) {
    const auto& surface = scene.surfaces[i];
    if (surface.mesh == nullptr) continue;
    seen.veil(veil, static_cast<std::uint32_t>(i), surface.triangles, surface.screen,
              [&](std::size_t triangle, float b0, float b1, float b2) {
                const float cover = strand_cover(scene, *surface.mesh, triangle, {b0, b1, b2});
                return cover < kThinnest || cover >= kDense ? 0.F : cover;
              });
  }

  light_vertices(scene, casters, corners_seen(scene, seen, veil));

  cv::Mat picture = render_backdrop(parameters.backdrop, parameters.size, parameters.seed);
  double brightness = 0;
  int face_pixels = 0;
  for (int y = 0; y < parameters.size; ++y) {
    auto* row = picture.ptr<Colour>(y);
    for (int x = 0; x < parameters.size; ++x) {
      Colour sum(0, 0, 0);
      const auto index = [&](int sx, int sy) {
        return seen.index(x * samples + sx, y * samples + sy);
      };
      const auto light_at = [&](int sx, int sy, float shift = 0) {
        const std::size_t at = index(sx, sy);
        const float px = static_cast<float>(x * samples + sx) + shift;
        const float py = static_cast<float>(y * samples + sy) + shift;
        const auto light_of = [&](std::uint32_t what) {
          const Sample sample = sample_at(scene, what, px, py);
          return shade(scene, sample.surface, sample.triangle, sample.point);
        };
        const Colour behind = seen.near[at] <= 0 ? row[x] : light_of(seen.what[at]);
        if (!veil.there(at)) return behind;
        return mix(light_of(veil.what[at]), behind, veil.open[at]);
      };
      const auto kind_of = [&](int sx, int sy) {
        const std::size_t at = index(sx, sy);
        return kind_at(scene, seen, at) + (veil.there(at) ? kVeiled : 0);
      };
      // Where a pixel is all of one part, two samples across it are enough; skin is so smooth
      // that its middle will do.
      const auto kind = kind_of(0, 0);
      if (samples == 1) {
        if (kind == kNoSurface) continue;
        row[x] = light_at(0, 0);
      } else if (kind == kind_of(1, 0) && kind == kind_of(0, 1) && kind == kind_of(1, 1)) {
        if (kind == kNoSurface) continue;
        row[x] =
            kind == kSkinKind ? light_at(0, 0, 0.5F) : (light_at(0, 0) + light_at(1, 1)) * 0.5F;
      } else {
        for (int sy = 0; sy < samples; ++sy) {
          for (int sx = 0; sx < samples; ++sx) {
            sum += light_at(sx, sy);
          }
        }
        row[x] = sum * (1 / static_cast<float>(samples * samples));
        continue;
      }
      // The camera looks at the face, not at how dark a mane is around it.
      if (kind >= kStrandsKind) continue;
      brightness +=
          static_cast<double>(0.21F * row[x][0] + 0.72F * row[x][1] + 0.07F * row[x][2]);
      ++face_pixels;
    }
  }
  // Automatic exposure, which does not compensate fully.
  if (face_pixels > 0) {
    const double mean = std::max(0.004, brightness / face_pixels);
    picture *= std::pow(0.20 / mean, 0.75);
  }

  RenderedFace out;
  if (scene.skin != nullptr) out.skin = scene.skin->name;
  if (has_meshes()) {
    auto& names = out.meshes.emplace();
    for (std::size_t kind = 0; kind < kHairKinds; ++kind) {
      if (meshes[kind] != nullptr) names[kind] = meshes[kind]->name;
    }
  }
  out.picture = apply_camera_effects(picture, parameters.effects, parameters.seed);
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
  float left = 1e9F, right = -1e9F, top = 1e9F, bottom = -1e9F;
  for (const auto v : parts.face_vertices) {
    const auto at = pixel(body.positions[v]);
    left = std::min(left, at.x);
    right = std::max(right, at.x);
    top = std::min(top, at.y);
    bottom = std::max(bottom, at.y);
  }
  out.box = cv::Rect2f(left, top, right - left, bottom - top);
  return out;
}

}  // namespace mien::synthesis
