// What a head wears, and long hair: sheets of triangles in the head's space.

#include <algorithm>
#include <cmath>
#include <numbers>

#include "face_scene.hpp"

namespace mien {
namespace {

constexpr float kPi = std::numbers::pi_v<float>;

void set_triangles(Surface& surface, std::vector<Triangle> triangles) {
  surface.own_triangles = std::move(triangles);
  surface.triangles = surface.own_triangles;
}

/// Triangles of a sheet of `columns` x `rows` points, row by row.
std::vector<Triangle> sheet_triangles(int columns, int rows) {
  std::vector<Triangle> all;
  for (int y = 0; y + 1 < rows; ++y) {
    for (int x = 0; x + 1 < columns; ++x) {
      const auto a = static_cast<std::uint16_t>(y * columns + x);
      const auto b = static_cast<std::uint16_t>(a + 1);
      const auto c = static_cast<std::uint16_t>(a + columns);
      const auto d = static_cast<std::uint16_t>(c + 1);
      all.push_back({a, c, b});
      all.push_back({b, c, d});
    }
  }
  return all;
}

/// A flat strip between two lines of equally many points.
Surface strip(Material material, const std::vector<Vec3>& first,
              const std::vector<Vec3>& second) {
  Surface surface;
  surface.material = material;
  surface.both_sides = true;
  surface.positions = first;
  surface.positions.insert(surface.positions.end(), second.begin(), second.end());
  set_triangles(surface, sheet_triangles(static_cast<int>(first.size()), 2));
  return surface;
}

/// How wide this head is compared with the undeformed one, by its cheeks.
float width_ratio(const std::vector<Vec3>& head, const HeadData& data) {
  const auto left = data.landmark("left-cheek"), right = data.landmark("right-cheek");
  const float plain = data.positions[left].x - data.positions[right].x;
  return std::clamp((head[left].x - head[right].x) / std::max(0.1f, plain), 0.7f, 1.4f);
}

}  // namespace

Surface hair_curtain(const FaceLook& look, const std::vector<Vec3>& head,
                     const HeadData& data) {
  constexpr int kColumns = 48, kRows = 14;
  const float ratio = width_ratio(head, data);
  const auto own = static_cast<float>(look.seed % 631) / 631;
  const float start = 0.88f + 0.45f * own;  // where it begins beside the face, radians
  const float bottom = -0.75f - 1.2f * std::abs(2 * own - 1) - 0.3f * look.hair_volume;
  Surface surface;
  surface.material = Material::hair;
  surface.layer = 1;
  surface.both_sides = true;
  for (int row = 0; row < kRows; ++row) {
    const float down = static_cast<float>(row) / (kRows - 1);
    for (int column = 0; column < kColumns; ++column) {
      const float along = static_cast<float>(column) / (kColumns - 1);
      const float angle = start + along * 2 * (kPi - start);
      const float y = 0.80f + down * (bottom - 0.80f);
      const float round = 0.72f + 0.28f * smooth_step(0, 0.25f, down);
      const float wide = (0.84f + 0.16f * look.hair_volume + 0.12f * down) * round;
      const float deep = (0.92f + 0.14f * look.hair_volume) * round;
      const float wave =
          1 + 0.03f * std::sin(angle * 9 + own * 20) + 0.02f * std::sin(down * 11 + angle * 4);
      surface.own_places.emplace_back(wide * wave * std::sin(angle), y,
                                      -0.78f + deep * wave * std::cos(angle));
      VertexTraits traits;
      traits.angle = angle > kPi ? angle - 2 * kPi : angle;
      const float edge = std::min({along, 1 - along, 0.2f});
      traits.scalp = -0.02f + std::min(0.9f * edge, 0.6f * (1 - down));
      surface.own_traits.push_back(traits);
    }
  }
  surface.positions = surface.own_places;
  for (auto& p : surface.positions) p = p * ratio;
  set_triangles(surface, sheet_triangles(kColumns, kRows));
  surface.places = surface.own_places;
  surface.traits = surface.own_traits;
  return surface;
}

std::vector<Surface> glasses(const FaceLook& look, const std::array<Vec3, 2>& eyes,
                             const std::vector<Vec3>& head, const HeadData& data) {
  std::vector<Surface> all;
  const auto own = static_cast<float>(look.seed % 353) / 353;
  const float ratio = width_ratio(head, data);
  const float apart = std::abs(eyes[1].x - eyes[0].x) / 2;
  const float half_width = std::min(apart - 0.04f, (0.215f + 0.05f * own) * ratio);
  const float half_height = half_width * (0.62f + 0.34f * std::abs(2 * own - 1));
  const float thick = look.glasses == Glasses::thin ? 0.014f : 0.034f;
  const float power = 2 + 2.5f * (1 - own);  // from round to square
  float front = std::max(eyes[0].z, eyes[1].z) + 0.25f;
  // Brows that are drawn down and together come forward; the rims stay in front of them.
  for (std::size_t i = 0; i < head.size(); ++i) {
    const Vec3& p = data.positions[i];
    if (p.y > -0.02f && p.y < 0.24f && std::abs(p.x) > 0.12f && std::abs(p.x) < 0.5f) {
      front = std::max(front, head[i].z + 0.03f);
    }
  }
  std::array<Vec3, 2> inner, outer;
  for (std::size_t e = 0; e < 2; ++e) {
    const float side = e == 0 ? -1.f : 1.f;
    const Vec3 middle{eyes[e].x + side * 0.015f, eyes[e].y - 0.02f, front};
    std::vector<Vec3> ring, rim, disc;
    constexpr int kCorners = 32;
    for (int i = 0; i <= kCorners; ++i) {
      const float angle = 2 * kPi * static_cast<float>(i) / kCorners;
      const auto bulge = [&](float v) {
        return std::copysign(std::pow(std::abs(v), 2 / power), v);
      };
      const Vec3 out{half_width * bulge(std::cos(angle)), half_height * bulge(std::sin(angle)),
                     0};
      // Lenses bend backwards to the side.
      const Vec3 bent{0, 0, -0.35f * std::max(0.f, side * out.x) * std::max(0.f, side * out.x)};
      ring.push_back(middle + out + bent);
      rim.push_back(middle + out * (1 - thick / half_height) + bent);
      disc.push_back(middle);
    }
    inner[e] = middle + Vec3{-side * half_width, 0.25f * half_height, 0};
    outer[e] =
        middle + Vec3{side * half_width, 0.35f * half_height, -0.35f * half_width * half_width};
    all.push_back(strip(Material::frame, ring, rim));
    if (look.glasses == Glasses::sunglasses) all.push_back(strip(Material::lens, rim, disc));
    const Vec3 ear{side * 0.86f * ratio, eyes[e].y + 0.03f, -0.80f};
    const Vec3 up{0, 0.6f * thick + 0.006f, 0};
    all.push_back(strip(Material::frame, {outer[e] + up, ear + up}, {outer[e] - up, ear - up}));
  }
  const Vec3 up{0, 0.5f * thick + 0.004f, 0};
  const Vec3 arch = (inner[0] + inner[1]) * 0.5f + Vec3{0, 0.02f, 0.02f};
  all.push_back(strip(Material::frame, {inner[0] + up, arch + up, inner[1] + up},
                      {inner[0] - up, arch - up, inner[1] - up}));
  return all;
}

Surface cap_peak(const std::vector<Vec3>& head, const HeadData& data) {
  constexpr int kColumns = 15, kRows = 5;
  const float ratio = width_ratio(head, data);
  float front = -1;
  for (std::size_t i = 0; i < head.size(); ++i) {
    const Vec3& p = data.positions[i];
    if (p.y > 0.48f && p.y < 0.66f && std::abs(p.x) < 0.2f) front = std::max(front, head[i].z);
  }
  Surface surface;
  surface.material = Material::hat;
  surface.both_sides = true;
  for (int row = 0; row < kRows; ++row) {
    const float out = static_cast<float>(row) / (kRows - 1);
    for (int column = 0; column < kColumns; ++column) {
      const float across = 2 * static_cast<float>(column) / (kColumns - 1) - 1;
      const float angle = across * 0.95f;
      const float reach = (front + 0.78f + 0.06f) + 0.50f * out * std::cos(across * 1.2f);
      surface.positions.emplace_back(reach * std::sin(angle) * 0.86f * ratio,
                                     0.60f - 0.10f * out - 0.10f * across * across,
                                     -0.78f + reach * std::cos(angle));
    }
  }
  set_triangles(surface, sheet_triangles(kColumns, kRows));
  return surface;
}

bool is_under_hat(const FaceLook& look, const Vec3& place, float angle) {
  const float back = (1 - std::cos(angle)) / 2;
  return place.y > (look.hat == Hat::cap ? mix(0.58f, 0.15f, back) : mix(0.52f, -0.15f, back));
}

}  // namespace mien
