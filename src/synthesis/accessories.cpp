// What a head wears, and long hair: sheets of triangles in the head's space.

#include <algorithm>
#include <cmath>
#include <numbers>

#include "face_scene.hpp"

namespace mien::synthesis {
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
  return std::clamp((head[left].x - head[right].x) / std::max(0.1F, plain), 0.7F, 1.4F);
}

}  // namespace

Surface hair_curtain(const FaceLook& look, const std::vector<Vec3>& head,
                     const HeadData& data) {
  constexpr int kColumns = 48, kRows = 14;
  const float ratio = width_ratio(head, data);
  const auto own = static_cast<float>(look.seed % 631) / 631;
  const float start = 0.88F + 0.45F * own;  // where it begins beside the face, radians
  const float bottom = -0.75F - 1.2F * std::abs(2 * own - 1) - 0.3F * look.hair_volume;
  Surface surface;
  surface.material = Material::hair;
  surface.layer = 1;
  surface.both_sides = true;
  for (int row = 0; row < kRows; ++row) {
    const float down = static_cast<float>(row) / (kRows - 1);
    for (int column = 0; column < kColumns; ++column) {
      const float along = static_cast<float>(column) / (kColumns - 1);
      const float angle = start + along * 2 * (kPi - start);
      const float y = 0.80F + down * (bottom - 0.80F);
      const float round = 0.72F + 0.28F * smooth_step(0, 0.25F, down);
      const float wide = (0.84F + 0.16F * look.hair_volume + 0.12F * down) * round;
      const float deep = (0.92F + 0.14F * look.hair_volume) * round;
      const float wave =
          1 + 0.03F * std::sin(angle * 9 + own * 20) + 0.02F * std::sin(down * 11 + angle * 4);
      surface.own_places.emplace_back(wide * wave * std::sin(angle), y,
                                      -0.78F + deep * wave * std::cos(angle));
      VertexTraits traits;
      traits.angle = angle > kPi ? angle - 2 * kPi : angle;
      const float edge = std::min({along, 1 - along, 0.2F});
      traits.scalp = -0.02F + std::min(0.9F * edge, 0.6F * (1 - down));
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
  const float half_width = std::min(apart - 0.04F, (0.215F + 0.05F * own) * ratio);
  const float half_height = half_width * (0.62F + 0.34F * std::abs(2 * own - 1));
  const float thick = look.glasses == Glasses::thin ? 0.014F : 0.034F;
  const float power = 2 + 2.5F * (1 - own);  // from round to square
  float front = std::max(eyes[0].z, eyes[1].z) + 0.25F;
  // Brows that are drawn down and together come forward; the rims stay in front of them.
  for (std::size_t i = 0; i < head.size(); ++i) {
    const Vec3& p = data.positions[i];
    if (p.y > -0.02F && p.y < 0.24F && std::abs(p.x) > 0.12F && std::abs(p.x) < 0.5F) {
      front = std::max(front, head[i].z + 0.03F);
    }
  }
  std::array<Vec3, 2> inner, outer;
  for (std::size_t e = 0; e < 2; ++e) {
    const float side = e == 0 ? -1.F : 1.F;
    const Vec3 middle{eyes[e].x + side * 0.015F, eyes[e].y - 0.02F, front};
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
      const Vec3 bent{0, 0, -0.35F * std::max(0.F, side * out.x) * std::max(0.F, side * out.x)};
      ring.push_back(middle + out + bent);
      rim.push_back(middle + out * (1 - thick / half_height) + bent);
      disc.push_back(middle);
    }
    inner[e] = middle + Vec3{-side * half_width, 0.25F * half_height, 0};
    outer[e] =
        middle + Vec3{side * half_width, 0.35F * half_height, -0.35F * half_width * half_width};
    all.push_back(strip(Material::frame, ring, rim));
    if (look.glasses == Glasses::sunglasses) all.push_back(strip(Material::lens, rim, disc));
    const Vec3 ear{side * 0.86F * ratio, eyes[e].y + 0.03F, -0.80F};
    const Vec3 up{0, 0.6F * thick + 0.006F, 0};
    all.push_back(strip(Material::frame, {outer[e] + up, ear + up}, {outer[e] - up, ear - up}));
  }
  const Vec3 up{0, 0.5F * thick + 0.004F, 0};
  const Vec3 arch = (inner[0] + inner[1]) * 0.5F + Vec3{0, 0.02F, 0.02F};
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
    if (p.y > 0.48F && p.y < 0.66F && std::abs(p.x) < 0.2F) front = std::max(front, head[i].z);
  }
  Surface surface;
  surface.material = Material::hat;
  surface.both_sides = true;
  for (int row = 0; row < kRows; ++row) {
    const float out = static_cast<float>(row) / (kRows - 1);
    for (int column = 0; column < kColumns; ++column) {
      const float across = 2 * static_cast<float>(column) / (kColumns - 1) - 1;
      const float angle = across * 0.95F;
      const float reach = (front + 0.78F + 0.06F) + 0.50F * out * std::cos(across * 1.2F);
      surface.positions.emplace_back(reach * std::sin(angle) * 0.86F * ratio,
                                     0.60F - 0.10F * out - 0.10F * across * across,
                                     -0.78F + reach * std::cos(angle));
    }
  }
  set_triangles(surface, sheet_triangles(kColumns, kRows));
  return surface;
}

bool is_under_hat(const FaceLook& look, const Vec3& place, float angle) {
  const float back = (1 - std::cos(angle)) / 2;
  return place.y > (look.hat == Hat::cap ? mix(0.58F, 0.15F, back) : mix(0.52F, -0.15F, back));
}

}  // namespace mien::synthesis
