#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include <opencv2/core/hal/intrin.hpp>

#include "face_geometry.hpp"

namespace mien::synthesis {

using Triangle = std::array<std::uint16_t, 3>;

/// The points (whole x and y) of a picture that a triangle may cover, both ends included.
struct PointBox {
  int x0 = 0, y0 = 0, x1 = -1, y1 = -1;

  bool empty() const { return x0 > x1 || y0 > y1; }
};

/// Makes the boxes of triangles from what was rounded once for each corner: the least of three
/// rounded numbers is the least number rounded. In 16 bits: no side may be over 32,767.
class PointBoxes {
 public:
  PointBoxes(int width, int height, std::size_t corners)
      : beyond_(cv::v_setall_f32(static_cast<float>(std::max(width, height)))),
        inside_(0, 0, 0, 0, static_cast<short>(1 - width), static_cast<short>(1 - height), 0,
                0),
        corners_(std::make_unique_for_overwrite<std::array<short, 8>[]>(corners)) {}

  /// Of each corner: x, y, and two numbers that do not matter.
  void set(std::size_t corner, const cv::v_float32x4& place) {
    // Far outside is as good as beyond any number that an int holds.
    const auto at = cv::v_min(cv::v_max(place, cv::v_setall_f32(-1)), beyond_);
    const auto rounded =
        cv::v_max(cv::v_pack(cv::v_ceil(at), cv::v_ceil(cv::v_setzero_f32() - at)), inside_);
    cv::v_store(corners_[corner].data(), rounded);
  }

  PointBox around(std::size_t a, std::size_t b, std::size_t c) const {
    std::array<short, 8> least;
    cv::v_store(least.data(), cv::v_min(cv::v_load(corners_[a].data()),
                                        cv::v_min(cv::v_load(corners_[b].data()),
                                                  cv::v_load(corners_[c].data()))));
    return {least[0], least[1], -least[4], -least[5]};
  }

 private:
  cv::v_float32x4 beyond_;
  cv::v_int16x8 inside_;  ///< the least that each of a corner's numbers may be
  /// x, y, -, -, -x, -y, -, -, all rounded up.
  std::unique_ptr<std::array<short, 8>[]> corners_;
};

/// Walks over the points of a box, four at a time: `visit(index of the first, which of the four
/// are inside the triangle, b0, b1, b2)` with barycentric coordinates in the picture. Up to
/// three of them lie to the right of the box, so that rows of `stride` points need some room at
/// their ends. `area` is twice the triangle's on the picture, negative for a front.
template <typename Visit>
inline void walk_box(const Vec3& a, const Vec3& b, const Vec3& c, float area,
                     const PointBox& box, int stride, const Visit& visit) {
  const float scale = 1 / area;
  const float dx0 = (b.y - c.y) * scale, dy0 = (c.x - b.x) * scale;
  const float dx1 = (c.y - a.y) * scale, dy1 = (a.x - c.x) * scale;
  const auto fx = static_cast<float>(box.x0), fy = static_cast<float>(box.y0);
  const float row0 = (fx - c.x) * dx0 + (fy - c.y) * dy0;
  const float row1 = (fx - c.x) * dx1 + (fy - c.y) * dy1;
  const auto zero = cv::v_setzero_f32(), one = cv::v_setall_f32(1);
  const cv::v_float32x4 four(0, 1, 2, 3);
  const auto four0 = four * cv::v_setall_f32(dx0), four1 = four * cv::v_setall_f32(dx1);
  for (int y = box.y0; y <= box.y1; ++y) {
    const auto down = static_cast<float>(y - box.y0);
    const float start0 = row0 + down * dy0, start1 = row1 + down * dy1;
    for (int x = box.x0; x <= box.x1; x += 4) {
      const auto along = static_cast<float>(x - box.x0);
      const auto s = cv::v_setall_f32(start0 + along * dx0) + four0;
      const auto t = cv::v_setall_f32(start1 + along * dx1) + four1;
      const auto u = one - s - t;
      const auto inside = (s >= zero) & (t >= zero) & (u >= zero);
      visit(static_cast<std::size_t>(y) * static_cast<std::size_t>(stride) +
                static_cast<std::size_t>(x),
            inside, s, t, u);
    }
  }
}

/// Twice a triangle's area on the picture. y points down, so that a front has a negative one.
inline float signed_area(const Vec3& a, const Vec3& b, const Vec3& c) {
  return (b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y);
}

/// Room at the end of rows that walk_box() goes over.
inline int row_stride(int width) { return (width + 3) / 4 * 4 + 4; }

/// What is thin in front of a depth buffer: how much of what lies behind shows through, and the
/// nearest of it. Empty where nothing is worn that is thin.
struct Veil {
  std::vector<float> near;          ///< reciprocal of the distance; 0 where there is none
  std::vector<float> open;          ///< 1 where there is none .. 0 where it hides all
  std::vector<std::uint32_t> what;  ///< surface << 24 | triangle

  bool there(std::size_t at) const { return !near.empty() && near[at] > 0; }
};

/// Depth buffer: what is nearest at each pixel.
struct Visibility {
  int width = 0, height = 0, stride = 0;
  std::vector<float> near;          ///< reciprocal of the distance; 0 where there is nothing
  std::vector<std::uint32_t> what;  ///< surface << 24 | triangle

  Visibility(int w, int h)
      : width(w),
        height(h),
        stride(row_stride(w)),
        near(static_cast<std::size_t>(stride) * static_cast<std::size_t>(h), 0.F),
        what(near.size(), 0) {}

  std::size_t index(int x, int y) const {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(stride) +
           static_cast<std::size_t>(x);
  }

  /// `keep(triangle, b0, b1, b2)` says whether the surface is there at all (shares as seen).
  template <typename Keep>
  void add(std::uint32_t surface, std::span<const Triangle> triangles,
           const std::vector<Vec3>& screen, bool both_sides, const Keep& keep) {
    walk_points(
        triangles, screen, both_sides,
        [&](std::size_t triangle, std::size_t at, float depth, float b0, float b1, float b2) {
          if (!keep(triangle, b0, b1, b2)) return;
          near[at] = depth;
          what[at] = surface << 24 | static_cast<std::uint32_t>(triangle);
        });
  }

  /// A surface in front of all that was added: `cover(triangle, b0, b1, b2)` says how much it
  /// hides of what is behind it, 0 for nothing.
  template <typename Cover>
  void veil(Veil& veil, std::uint32_t surface, std::span<const Triangle> triangles,
            const std::vector<Vec3>& screen, const Cover& cover) {
    if (veil.near.empty()) {
      veil.near.assign(near.size(), 0.F);
      veil.open.assign(near.size(), 1.F);
      veil.what.assign(near.size(), 0);
    }
    walk_points(
        triangles, screen, true,
        [&](std::size_t triangle, std::size_t at, float depth, float b0, float b1, float b2) {
          const float hidden = cover(triangle, b0, b1, b2);
          if (!(hidden > 0)) return;
          veil.open[at] *= 1 - hidden;
          if (depth <= veil.near[at]) return;
          veil.near[at] = depth;
          veil.what[at] = surface << 24 | static_cast<std::uint32_t>(triangle);
        });
  }

  /// One that is there everywhere.
  void add(std::uint32_t surface, std::span<const Triangle> triangles,
           const std::vector<Vec3>& screen, bool both_sides) {
    walk(triangles, screen, both_sides,
         [&](std::size_t triangle, std::size_t at, const cv::v_float32x4& inside, int,
             const cv::v_float32x4& depth, const cv::v_float32x4&, const cv::v_float32x4&,
             const cv::v_float32x4&) {
           const auto own =
               cv::v_setall_u32(surface << 24 | static_cast<std::uint32_t>(triangle));
           cv::v_store(near.data() + at,
                       cv::v_select(inside, depth, cv::v_load(near.data() + at)));
           cv::v_store(what.data() + at, cv::v_select(cv::v_reinterpret_as_u32(inside), own,
                                                      cv::v_load(what.data() + at)));
         });
  }

 private:
  /// `visit(triangle, index, depth, b0, b1, b2)` at each point where a triangle is nearer than
  /// what was there.
  template <typename Visit>
  void walk_points(std::span<const Triangle> triangles, const std::vector<Vec3>& screen,
                   bool both_sides, const Visit& visit) {
    walk(triangles, screen, both_sides,
         [&](std::size_t triangle, std::size_t at, const cv::v_float32x4&, int inside,
             const cv::v_float32x4& depth, const cv::v_float32x4& b0, const cv::v_float32x4& b1,
             const cv::v_float32x4& b2) {
           std::array<float, 4> depths, s, t, u;
           cv::v_store(depths.data(), depth);
           cv::v_store(s.data(), b0);
           cv::v_store(t.data(), b1);
           cv::v_store(u.data(), b2);
           for (std::size_t i = 0; i < 4; ++i) {
             if ((inside >> i & 1) != 0) visit(triangle, at + i, depths[i], s[i], t[i], u[i]);
           }
         });
  }

  /// The same for four points at once: which of them are meant as a mask and as bits.
  template <typename Visit>
  void walk(std::span<const Triangle> triangles, const std::vector<Vec3>& screen,
            bool both_sides, const Visit& visit) {
    PointBoxes boxes(width, height, screen.size());
    for (std::size_t i = 0; i < screen.size(); ++i) {
      boxes.set(i, {screen[i].x, screen[i].y, 0, 0});
    }
    for (std::size_t i = 0; i < triangles.size(); ++i) {
      const Vec3 &a = screen[triangles[i][0]], &b = screen[triangles[i][1]],
                 &c = screen[triangles[i][2]];
      const float area = signed_area(a, b, c);
      if (!(both_sides ? area != 0 : area < 0)) continue;
      const PointBox box = boxes.around(triangles[i][0], triangles[i][1], triangles[i][2]);
      if (box.empty()) continue;
      const auto az = cv::v_setall_f32(a.z), bz = cv::v_setall_f32(b.z),
                 cz = cv::v_setall_f32(c.z);
      walk_box(a, b, c, area, box, stride,
               [&](std::size_t at, const cv::v_float32x4& inside, const cv::v_float32x4& b0,
                   const cv::v_float32x4& b1, const cv::v_float32x4& b2) {
                 const auto depth = b0 * az + b1 * bz + b2 * cz;
                 const auto nearer = inside & (depth > cv::v_load(near.data() + at));
                 const int bits = cv::v_signmask(nearer);
                 if (bits != 0) visit(i, at, nearer, bits, depth, b0, b1, b2);
               });
    }
  }
};

/// The triangles that cast shadows, laid out for SIMD.
class ShadowCasters {
 public:
  void add(std::span<const Triangle> triangles, const std::vector<Vec3>& positions);

 private:
  friend class ShadowMap;
  std::vector<cv::Vec4f> positions_;  ///< the last number is 0
  std::vector<std::array<std::uint32_t, 3>> triangles_;
  std::vector<float> normal_x_, normal_y_, normal_z_;  ///< of the triangles, of any length
};

/// Shadow map: how far towards a lamp the foremost surface reaches, seen from the lamp without
/// perspective.
class ShadowMap {
 public:
  /// `widest` is the largest radius, in decimetres, that softly_lit() will be asked for.
  ShadowMap(const Vec3& direction, int side, const ShadowCasters& casters, float widest = 0);

  /// 1 in full light .. 0 in shadow. `radius` in decimetres; `bias` keeps a surface from its
  /// own shadow.
  float lit(const Vec3& point, float bias) const {
    const Vec3 p = place(point);
    return lit_at(p.x, p.y, p.z + bias);
  }
  float softly_lit(const Vec3& point, float radius, float bias) const;

 private:
  /// x and y on the map, z towards the lamp.
  Vec3 place(const Vec3& point) const {
    return origin_ + Vec3{dot(point, right_), dot(point, up_), dot(point, towards_)};
  }
  float lit_at(float px, float py, float limit) const {
    if (!(px >= 0 && py >= 0 && px < static_cast<float>(side_ - 1) &&
          py < static_cast<float>(side_ - 1))) {
      return 1;
    }
    const int x = static_cast<int>(px), y = static_cast<int>(py);
    const float fx = px - static_cast<float>(x), fy = py - static_cast<float>(y);
    const float *row = depth_.ptr<float>(y) + x, *below = depth_.ptr<float>(y + 1) + x;
    const float a = row[0] <= limit ? 1.F : 0.F, b = row[1] <= limit ? 1.F : 0.F;
    const float c = below[0] <= limit ? 1.F : 0.F, d = below[1] <= limit ? 1.F : 0.F;
    return mix(mix(a, b, fx), mix(c, d, fx), fy);
  }
  void draw(const ShadowCasters& casters);

  Vec3 towards_;                ///< of length 1
  Vec3 right_, up_, origin_{};  ///< what makes a place a point of the map
  int side_;
  float scale_;  ///< points per decimetre
  cv::Mat depth_;
  cv::Mat nearest_;  ///< to the lamp, of all that softly_lit() could read around a point
};

}  // namespace mien::synthesis
