#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "face_geometry.hpp"

namespace mien {

using Triangle = std::array<std::uint16_t, 3>;

/// Walks over the points (whole x and y) inside a triangle: `visit(index of the point, b0, b1,
/// b2)` with the corners' shares of it on the picture. Nothing outside width x height.
template <typename Visit>
inline void walk_triangle(const Vec3& a, const Vec3& b, const Vec3& c, int width, int height,
                          bool both_sides, const Visit& visit) {
  const float area = (b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y);
  // y points down, so that a front has a negative area.
  if (!(both_sides ? area != 0 : area < 0)) return;
  const float left = std::min({a.x, b.x, c.x}), right = std::max({a.x, b.x, c.x});
  const float top = std::min({a.y, b.y, c.y}), bottom = std::max({a.y, b.y, c.y});
  if (!(right >= 0 && bottom >= 0 && left <= static_cast<float>(width - 1) &&
        top <= static_cast<float>(height - 1))) {
    return;
  }
  const int x0 = left <= 0 ? 0 : static_cast<int>(std::ceil(left));
  const int y0 = top <= 0 ? 0 : static_cast<int>(std::ceil(top));
  const int x1 = right >= static_cast<float>(width - 1) ? width - 1 : static_cast<int>(right);
  const int y1 =
      bottom >= static_cast<float>(height - 1) ? height - 1 : static_cast<int>(bottom);
  if (x0 > x1 || y0 > y1) return;
  const float scale = 1 / area;
  const float dx0 = (b.y - c.y) * scale, dy0 = (c.x - b.x) * scale;
  const float dx1 = (c.y - a.y) * scale, dy1 = (a.x - c.x) * scale;
  const float fx = static_cast<float>(x0), fy = static_cast<float>(y0);
  float row0 = (fx - c.x) * dx0 + (fy - c.y) * dy0;
  float row1 = (fx - c.x) * dx1 + (fy - c.y) * dy1;
  for (int y = y0; y <= y1; ++y, row0 += dy0, row1 += dy1) {
    float s = row0, t = row1;
    for (int x = x0; x <= x1; ++x, s += dx0, t += dx1) {
      const float u = 1 - s - t;
      if (s >= 0 && t >= 0 && u >= 0) {
        visit(static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                  static_cast<std::size_t>(x),
              s, t, u);
      }
    }
  }
}

/// What is nearest at each point of the picture.
struct Visibility {
  int width = 0, height = 0;
  std::vector<float> near;          ///< reciprocal of the distance; 0 where there is nothing
  std::vector<std::uint32_t> what;  ///< surface << 24 | triangle

  Visibility(int w, int h)
      : width(w),
        height(h),
        near(static_cast<std::size_t>(w) * static_cast<std::size_t>(h), 0.f),
        what(near.size(), 0) {}

  /// `keep(triangle, b0, b1, b2)` says whether the surface is there at all (shares as seen).
  template <typename Keep>
  void add(std::uint32_t surface, std::span<const Triangle> triangles,
           const std::vector<Vec3>& screen, bool both_sides, const Keep& keep) {
    for (std::size_t i = 0; i < triangles.size(); ++i) {
      const Vec3 &a = screen[triangles[i][0]], &b = screen[triangles[i][1]],
                 &c = screen[triangles[i][2]];
      walk_triangle(a, b, c, width, height, both_sides,
                    [&](std::size_t at, float b0, float b1, float b2) {
                      const float depth = b0 * a.z + b1 * b.z + b2 * c.z;
                      if (depth > near[at] && keep(i, b0, b1, b2)) {
                        near[at] = depth;
                        what[at] = surface << 24 | static_cast<std::uint32_t>(i);
                      }
                    });
    }
  }
};

/// How far towards a lamp the foremost surface reaches, seen from the lamp without perspective.
class ShadowMap {
 public:
  ShadowMap(const Vec3& direction, int side);

  void add(std::span<const Triangle> triangles, const std::vector<Vec3>& positions);
  /// 1 in full light .. 0 in shadow. `radius` in decimetres; `bias` keeps a surface from its
  /// own shadow.
  float lit(const Vec3& point, float bias) const;
  float softly_lit(const Vec3& point, float radius, float bias) const;

 private:
  Vec3 place(const Vec3& point) const;
  float lit_at(float x, float y, float limit) const;

  Vec3 right_, up_, towards_;
  int side_;
  std::vector<float> depth_;
};

}  // namespace mien
