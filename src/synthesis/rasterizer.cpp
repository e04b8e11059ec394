#include "rasterizer.hpp"

namespace mien {
namespace {

// What casts shadows lies around the head's middle; farther points are lit.
const Vec3 kMiddle{0, -0.35f, -0.6f};
constexpr float kReach = 1.9f;
constexpr float kNothing = -1e9f;

}  // namespace

ShadowMap::ShadowMap(const Vec3& direction, int side)
    : towards_(normalized(direction)),
      side_(side),
      depth_(static_cast<std::size_t>(side) * static_cast<std::size_t>(side), kNothing) {
  const Vec3 helper = std::abs(towards_.y) < 0.9f ? Vec3{0, 1, 0} : Vec3{1, 0, 0};
  right_ = normalized(cross(helper, towards_));
  up_ = cross(towards_, right_);
}

Vec3 ShadowMap::place(const Vec3& point) const {
  const Vec3 p = point - kMiddle;
  const float scale = static_cast<float>(side_ - 1) / (2 * kReach);
  return {(dot(p, right_) + kReach) * scale, (kReach - dot(p, up_)) * scale, dot(p, towards_)};
}

void ShadowMap::add(std::span<const Triangle> triangles, const std::vector<Vec3>& positions) {
  std::vector<Vec3> placed(positions.size());
  for (std::size_t i = 0; i < positions.size(); ++i) placed[i] = place(positions[i]);
  for (const auto& corners : triangles) {
    const Vec3 &a = placed[corners[0]], &b = placed[corners[1]], &c = placed[corners[2]];
    walk_triangle(a, b, c, side_, side_, false,
                  [&](std::size_t at, float b0, float b1, float b2) {
                    depth_[at] = std::max(depth_[at], b0 * a.z + b1 * b.z + b2 * c.z);
                  });
  }
}

float ShadowMap::lit(const Vec3& point, float bias) const {
  const Vec3 p = place(point);
  return lit_at(p.x, p.y, p.z + bias);
}

float ShadowMap::lit_at(float px, float py, float limit) const {
  if (!(px >= 0 && py >= 0 && px < static_cast<float>(side_ - 1) &&
        py < static_cast<float>(side_ - 1))) {
    return 1;
  }
  const int x = static_cast<int>(px), y = static_cast<int>(py);
  const float fx = px - static_cast<float>(x), fy = py - static_cast<float>(y);
  const float* row = &depth_[static_cast<std::size_t>(y) * static_cast<std::size_t>(side_) +
                             static_cast<std::size_t>(x)];
  const float a = row[0] <= limit ? 1.f : 0.f, b = row[1] <= limit ? 1.f : 0.f;
  const float c = row[side_] <= limit ? 1.f : 0.f, d = row[side_ + 1] <= limit ? 1.f : 0.f;
  return mix(mix(a, b, fx), mix(c, d, fx), fy);
}

float ShadowMap::softly_lit(const Vec3& point, float radius, float bias) const {
  const Vec3 p = place(point);
  const float limit = p.z + bias;
  const float reach = radius * static_cast<float>(side_ - 1) / (2 * kReach);
  float sum = lit_at(p.x, p.y, limit);
  static const std::array<cv::Point2f, 5> around = {
      {{1, 0}, {-0.5f, 0.87f}, {-0.5f, -0.87f}, {-0.68f, 0.18f}, {0.18f, -0.3f}}};
  for (const auto& at : around) {
    sum += lit_at(p.x + at.x * reach, p.y + at.y * reach, limit);
  }
  return sum / 6;
}

}  // namespace mien
