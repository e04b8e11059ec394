#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <functional>
#include <vector>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "mien/base/face_mesh.hpp"

/// Things painted over faces, to see whether a covered mouth is told from a bare one. Painted
/// in another way than training/mouth_covers.py does, by which the network learned, and with
/// three kinds of covers that it never saw: telephones, sleeves and fans.
namespace mien::testing {

enum class Painted {
  // The mouth is hidden.
  surgical_mask,
  cloth_mask,
  hand,
  fist,
  cup,
  telephone,
  sleeve,
  fan,
  // The lips are seen.
  dark_glasses,
  beard,
  open_mouth,
  hand_on_cheek,
  hand_on_chin,
  low_microphone,
  hard_shadow,
  kCount
};

inline const char* name_of(Painted what) {
  constexpr std::array kNames = {
      "surgical mask", "cloth mask",    "hand",         "fist",           "cup",
      "telephone",     "sleeve",        "fan",          "dark glasses",   "beard",
      "open mouth",    "hand on cheek", "hand on chin", "low microphone", "hard shadow"};
  return kNames.at(static_cast<std::size_t>(what));
}
inline bool hides_mouth(Painted what) { return what < Painted::dark_glasses; }

/// A picture that is painted in the axes of its face: x to the picture's right, 1 at the
/// cheek; y down, 0 at the mouth, 1 from the root of the nose to the chin.
class FacePaint {
 public:
  /// How much of a point is painted, 0..1, and with which colour.
  struct Dab {
    float alpha = 0;
    cv::Vec3f colour{};
  };
  using Shader = std::function<Dab(cv::Point2f)>;

  FacePaint(const cv::Mat& bgr, const base::FaceMesh& bare, std::uint64_t seed)
      : picture_(bgr.clone()), mesh_(bare), random_(seed * 7919 + 17) {
    middle_ = (at(61) + at(291) + at(0) + at(17)) / 4;
    x_ = (at(454) - at(234)) / 2;
    y_ = at(152) - at(168);
    const float area = x_.x * y_.y - x_.y * y_.x;
    inverse_ = {y_.y / area, -y_.x / area, -x_.y / area, x_.x / area};
    pixel_ = 1 / std::max(4.F, std::hypot(y_.x, y_.y));
    wide_ = std::hypot(x_.x, x_.y) * pixel_;
    reach_ = cv::Rect(cv::Rect2f(middle_.x - 1.8F / pixel_, middle_.y - 1.8F / pixel_,
                                 3.6F / pixel_, 3.6F / pixel_)) &
             cv::Rect({0, 0}, bgr.size());
  }

  const cv::Mat& picture() const { return picture_; }
  float chance(double low, double high) {
    return static_cast<float>(random_.uniform(low, high));
  }
  float bell(double deviation) { return static_cast<float>(random_.gaussian(deviation)); }
  bool often(double share) { return random_.uniform(0.0, 1.0) < share; }
  /// A pixel of the picture, and a cheek's half width, in y.
  float pixel() const { return pixel_; }
  float wide() const { return wide_; }

  cv::Point2f at(int point) const {
    const auto& p = mesh_.points[static_cast<std::size_t>(point)];
    return {p.x, p.y};
  }
  cv::Point2f own(cv::Point2f p) const {
    const cv::Point2f d = p - middle_;
    return {inverse_[0] * d.x + inverse_[1] * d.y, inverse_[2] * d.x + inverse_[3] * d.y};
  }
  cv::Point2f own(int point) const { return own(at(point)); }

  /// The person's skin there, from a strip of their forehead or cheek.
  cv::Vec3f skin(cv::Point2f p) const {
    const cv::Point2f from(0.45F * std::sin(2.1F * p.x), -0.86F + 0.07F * std::sin(3 * p.y));
    const cv::Point2f there = middle_ + x_ * from.x + y_ * from.y;
    const int column = std::clamp(cvRound(there.x), 0, picture_.cols - 1);
    const int row = std::clamp(cvRound(there.y), 0, picture_.rows - 1);
    return before_.at<cv::Vec3b>(row, column);
  }

  /// How far a point is inside an edge, in y, as a share that is painted.
  float inside(float depth) const {
    return std::clamp(0.5F + depth / (1.4F * pixel_), 0.F, 1.F);
  }

  void lay(const Shader& shader) {
    for (int y = reach_.y; y < reach_.br().y; ++y) {
      auto* const row = picture_.ptr<cv::Vec3b>(y);
      for (int x = reach_.x; x < reach_.br().x; ++x) {
        const Dab dab = shader(
            own(cv::Point2f(static_cast<float>(x) + 0.5F, static_cast<float>(y) + 0.5F)));
        if (dab.alpha <= 0) continue;
        const cv::Vec3f under = row[x];
        const cv::Vec3f mixed = under * (1 - dab.alpha) + dab.colour * dab.alpha;
        for (int c = 0; c < 3; ++c) row[x][c] = cv::saturate_cast<unsigned char>(mixed[c]);
      }
    }
  }

 private:
  cv::Mat picture_;
  const cv::Mat before_ = picture_.clone();
  const base::FaceMesh& mesh_;
  cv::RNG random_;
  cv::Point2f middle_, x_, y_;
  cv::Vec4f inverse_;
  float pixel_ = 1, wide_ = 1;
  cv::Rect reach_;
};

/// A colour of cloth or of things, gray ones as often as others.
inline cv::Vec3f some_colour(FacePaint& paint) {
  if (paint.often(0.4)) return cv::Vec3f::all(paint.chance(15, 245));
  return {paint.chance(15, 245), paint.chance(15, 245), paint.chance(15, 245)};
}

/// Within the lower outline of the face from ear to ear, below a line across the nose.
inline void paint_mask(FacePaint& paint, bool cloth) {
  constexpr std::array kOutline = {58,  172, 136, 150, 149, 176, 148, 152,
                                   377, 400, 378, 379, 365, 397, 288};
  std::vector<cv::Point2f> outline;
  const float out = paint.chance(1.0, 1.1);
  for (const int point : kOutline) {
    const auto p = paint.own(point);
    outline.emplace_back(p.x * out, p.y + (p.y > 0.25F ? paint.chance(0.0, 0.05) : 0.F));
  }
  const auto nose = paint.own(paint.often(0.5) ? 195 : 5);
  outline.emplace_back(0.72F, nose.y + paint.chance(0.1, 0.22));
  outline.emplace_back(0.2F + nose.x, nose.y + paint.chance(0.0, 0.05));
  outline.emplace_back(nose.x, nose.y - 0.03F);
  outline.emplace_back(nose.x - 0.2F, nose.y + paint.chance(0.0, 0.05));
  outline.emplace_back(-0.72F, nose.y + paint.chance(0.1, 0.22));
  const cv::Vec3f base =
      cloth ? some_colour(paint)
            : (paint.often(0.5) ? cv::Vec3f(225, 190, 140) : cv::Vec3f(238, 238, 235)) *
                  paint.chance(0.6, 1.05);
  const cv::Vec3f other = some_colour(paint);
  const int pattern = cloth ? static_cast<int>(paint.chance(0, 4)) : 0;
  const float step = paint.chance(0.08, 0.25), side = paint.chance(-0.25, 0.25);
  const float seam = paint.chance(0.1, 0.35);
  paint.lay([&](cv::Point2f p) -> FacePaint::Dab {
    const auto depth = static_cast<float>(cv::pointPolygonTest(outline, p, true));
    const float alpha = paint.inside(depth);
    if (alpha <= 0) return {};
    cv::Vec3f colour = base;
    if (pattern == 1 && std::fmod(p.x * p.x + std::abs(p.y) + 4, step) < step / 2)
      colour = other;
    if (pattern == 2 &&
        std::sin(9 / step * p.x * 0.3F) * std::sin(9 / step * p.y * 0.3F) > 0.3F)
      colour = other;
    float light = 1 + side * p.x - 0.25F * p.x * p.x;
    if (cloth) {
      light *= 1 - seam * std::exp(-p.x * p.x / 0.0012F);
    } else {
      const float fold = std::fmod(p.y * 7 + 14, 1.F);
      light *= 0.86F + 0.2F * fold;
    }
    return {alpha, colour * light};
  });
}

/// One finger's depth at `p` (in y, both axes) and the light on it, as on a cylinder that is
/// lit from `lamp`.
struct FingerAt {
  float depth;
  float light;
};
inline FingerAt finger_at(cv::Point2f p, cv::Point2f root, cv::Point2f tip, float radius,
                          cv::Point2f lamp) {
  const cv::Point2f along = tip - root;
  const float length = std::hypot(along.x, along.y);
  const cv::Point2f way = along / length;
  const float t = std::clamp((p - root).dot(way), 0.F, length);
  const float r = radius * (1 - 0.22F * t / length);
  const cv::Point2f off = p - root - way * t;
  const float far = std::hypot(off.x, off.y);
  const cv::Point2f normal = off / std::max(1e-6F, r);
  const float up = std::sqrt(std::max(0.F, 1 - normal.dot(normal)));
  float light = 0.35F + 0.65F * std::max(0.F, 0.75F * up + 0.5F * normal.dot(lamp));
  for (const float joint : {0.36F, 0.68F}) {
    light *= 1 - 0.14F * std::exp(-std::pow((t / length - joint) / 0.025F, 2.F));
  }
  return {r - far, light};
}

/// Four fingers and the back of the hand from a side, with its thumb apart.
inline void paint_hand(FacePaint& paint, cv::Point2f middle, float turn) {
  const cv::Point2f way(std::cos(turn), std::sin(turn));
  const cv::Point2f across(-way.y, way.x);
  const cv::Point2f centre(middle.x * paint.wide(), middle.y);
  const float radius = paint.chance(0.075, 0.1);
  const float spread = paint.chance(0.0, 0.14);
  const float tone = paint.chance(0.75, 1.15);
  const float angle = paint.chance(0, 6.28);
  const cv::Point2f lamp(std::cos(angle), std::sin(angle));
  const cv::Point2f knuckles = centre - way * paint.chance(0.1, 0.35);
  constexpr std::array kLong = {0.52F, 0.6F, 0.57F, 0.44F};
  paint.lay([&](cv::Point2f at) -> FacePaint::Dab {
    const cv::Point2f p(at.x * paint.wide(), at.y);
    FingerAt best =
        finger_at(p, knuckles - way * 0.12F, knuckles - way * 0.7F, 4.2F * radius, lamp);
    best.light = 0.55F + 0.45F * best.light;
    for (int i = 0; i < 4; ++i) {
      const float place = (static_cast<float>(i) - 1.5F);
      const cv::Point2f root = knuckles + across * (place * 2.05F * radius);
      const cv::Point2f to =
          root + (way + across * (place * spread)) * kLong[static_cast<std::size_t>(i)];
      const auto finger = finger_at(p, root, to, radius, lamp);
      if (finger.depth > 0 && (finger.depth > best.depth || best.depth < 3 * radius))
        best = finger;
      if (finger.depth > best.depth) best = finger;
    }
    const cv::Point2f thumb = knuckles - way * 0.25F + across * (3.2F * radius);
    const auto apart =
        finger_at(p, thumb, thumb + way * 0.3F + across * 0.15F, 1.15F * radius, lamp);
    if (apart.depth > 0) best = apart;
    return {paint.inside(best.depth), paint.skin(at) * (tone * best.light * 1.15F)};
  });
}

/// Four knuckles in a row over the thumb, and the arm from below.
inline void paint_fist(FacePaint& paint) {
  const cv::Point2f centre(paint.bell(0.06), 0.03F + paint.bell(0.04));
  const float radius = paint.chance(0.1, 0.125);
  const float tilt = paint.bell(0.15), tone = paint.chance(0.75, 1.15);
  const float angle = paint.chance(0, 6.28);
  const cv::Point2f lamp(std::cos(angle), std::sin(angle)), way(std::cos(tilt), std::sin(tilt));
  const cv::Point2f down(-way.y, way.x);
  paint.lay([&](cv::Point2f at) -> FacePaint::Dab {
    const cv::Point2f p = cv::Point2f(at.x * paint.wide(), at.y) - centre;
    FingerAt best = finger_at(p, down * 0.3F, down * 1.6F, 0.28F, lamp);
    for (int i = 0; i < 4; ++i) {
      const cv::Point2f root =
          way * ((static_cast<float>(i) - 1.5F) * 1.9F * radius) - down * 0.12F;
      const auto finger = finger_at(p, root, root + down * 0.3F, radius * 1.08F, lamp);
      if (finger.depth > 0) best = finger;
    }
    const auto thumb =
        finger_at(p, down * 0.24F - way * 0.26F, down * 0.2F + way * 0.12F, radius, lamp);
    if (thumb.depth > 0) best = thumb;
    return {paint.inside(best.depth), paint.skin(at) * (tone * best.light * 1.15F)};
  });
}

/// A rounded box around `centre`, in y along both axes: how deep a point lies within.
inline float box_depth(cv::Point2f p, cv::Point2f half, float round) {
  const cv::Point2f q(std::abs(p.x) - half.x + round, std::abs(p.y) - half.y + round);
  return round - std::hypot(std::max(q.x, 0.F), std::max(q.y, 0.F)) -
         std::min(std::max(q.x, q.y), 0.F);
}
inline cv::Point2f turned(cv::Point2f p, float angle) {
  return {std::cos(angle) * p.x + std::sin(angle) * p.y,
          std::cos(angle) * p.y - std::sin(angle) * p.x};
}

inline void paint_cup(FacePaint& paint) {
  const cv::Point2f centre(paint.bell(0.05), paint.chance(0.2, 0.3));
  const cv::Point2f half(paint.chance(0.24, 0.34), paint.chance(0.32, 0.42));
  const cv::Vec3f colour = some_colour(paint);
  const float tilt = paint.bell(0.12), shine = paint.chance(0, 90),
              place = paint.chance(-0.15, 0.15);
  paint.lay([&](cv::Point2f at) -> FacePaint::Dab {
    const cv::Point2f p = turned(cv::Point2f(at.x * paint.wide(), at.y) - centre, tilt);
    const float light = 1.05F - 0.6F * std::pow(p.x / half.x, 2.F);
    const float gleam = shine * std::exp(-std::pow((p.x - place) / 0.04F, 2.F));
    return {paint.inside(box_depth(p, half, 0.06F)), colour * light + cv::Vec3f::all(gleam)};
  });
  paint_hand(paint, {paint.often(0.5) ? 0.35F : -0.35F, centre.y + 0.18F},
             paint.often(0.5) ? 0.2F : 2.9F);
}

/// Its back with the lens, held before the mouth.
inline void paint_telephone(FacePaint& paint) {
  const cv::Point2f centre(paint.bell(0.08), paint.chance(-0.02, 0.12));
  const bool upright = paint.often(0.5);
  const cv::Point2f half = upright ? cv::Point2f(0.3F, 0.55F) : cv::Point2f(0.6F, 0.29F);
  const cv::Vec3f colour =
      paint.often(0.6) ? cv::Vec3f::all(paint.chance(10, 60)) : some_colour(paint);
  const float tilt = paint.bell(0.2), gloss = paint.chance(0, 0.4);
  const cv::Point2f lens(upright ? -0.17F : -0.44F, upright ? -0.4F : -0.15F);
  paint.lay([&](cv::Point2f at) -> FacePaint::Dab {
    const cv::Point2f p = turned(cv::Point2f(at.x * paint.wide(), at.y) - centre, tilt);
    cv::Vec3f here = colour * (1 + gloss * (p.x + p.y));
    const cv::Point2f to = p - lens;
    if (std::hypot(to.x, to.y) < 0.07F) here = cv::Vec3f::all(20);
    if (std::hypot(to.x, to.y) < 0.025F) here = cv::Vec3f::all(90);
    return {paint.inside(box_depth(p, half, 0.07F)), here};
  });
}

/// Somebody who coughs into their elbow: cloth with creases from one side to the other.
inline void paint_sleeve(FacePaint& paint) {
  const cv::Vec3f colour = some_colour(paint);
  const float tilt = paint.bell(0.3), half = paint.chance(0.3, 0.42);
  const float centre = paint.chance(0.02, 0.12), crease = paint.chance(0.1, 0.3);
  const float phase = paint.chance(0, 6), bend = paint.chance(-0.3, 0.3);
  paint.lay([&](cv::Point2f at) -> FacePaint::Dab {
    const cv::Point2f p = turned(cv::Point2f(at.x * paint.wide(), at.y - centre), tilt);
    const float y = p.y - bend * p.x * p.x;
    const float round = y / half;
    const float light = 0.4F + 0.65F * std::sqrt(std::max(0.F, 1 - round * round)) +
                        crease * std::sin(11 * p.x + 5 * y + phase) * std::sin(4 * p.x - 9 * y);
    return {paint.inside(half - std::abs(y)), colour * light};
  });
}

/// A folding fan, open, from below: ribs that come together.
inline void paint_fan(FacePaint& paint) {
  const cv::Point2f root(paint.bell(0.1), paint.chance(0.7, 0.95));
  const float reach = root.y + paint.chance(0.2, 0.38);
  const cv::Vec3f light = some_colour(paint), dark = some_colour(paint);
  const int ribs = static_cast<int>(paint.chance(9, 22));
  paint.lay([&](cv::Point2f at) -> FacePaint::Dab {
    const cv::Point2f p = cv::Point2f(at.x * paint.wide(), at.y) - root;
    const float far = std::hypot(p.x, p.y);
    const float angle = std::atan2(p.x, -p.y);
    if (std::abs(angle) > 1.35F) return {};
    const float rib = std::fmod(angle * static_cast<float>(ribs) + 100, 1.F);
    const cv::Vec3f colour = far > 0.8F * reach ? dark : light;
    return {paint.inside(reach - far), colour * (0.65F + 0.4F * rib)};
  });
}

inline void paint_dark_glasses(FacePaint& paint) {
  const cv::Vec3f colour = cv::Vec3f::all(paint.chance(5, 45));
  const float grow = paint.chance(1.6, 2.3), tall = paint.chance(0.6, 0.9);
  for (const auto& [outer, inner] : {std::pair(33, 133), std::pair(263, 362)}) {
    const auto a = paint.own(outer), b = paint.own(inner);
    const cv::Point2f centre((a.x + b.x) / 2 * paint.wide(), (a.y + b.y) / 2 + 0.03F);
    const float half = std::abs(a.x - b.x) / 2 * paint.wide() * grow;
    paint.lay([&](cv::Point2f at) -> FacePaint::Dab {
      const cv::Point2f p = cv::Point2f(at.x * paint.wide(), at.y) - centre;
      return {paint.inside(box_depth(p, {half, half * tall}, 0.6F * half * tall)),
              colour * (1 + 0.8F * std::max(0.F, -p.y / half))};
    });
  }
  const float level = (paint.own(133).y + paint.own(362).y) / 2;
  paint.lay([&](cv::Point2f at) -> FacePaint::Dab {
    return {paint.inside(std::min(0.02F - std::abs(at.y - level), 0.95F - std::abs(at.x))),
            colour};
  });
}

/// The lips' outline: how far outside it a point lies, in the face's axes.
inline std::vector<cv::Point2f> lips_of(const FacePaint& paint) {
  std::vector<cv::Point2f> lips;
  for (const int point : {61,  146, 91,  181, 84,  17, 314, 405, 321, 375,
                          291, 409, 270, 269, 267, 0,  37,  39,  40,  185}) {
    lips.push_back(paint.own(point));
  }
  return lips;
}

/// Chin, cheeks and upper lip, hair by hair; the lips stay free.
inline void paint_beard(FacePaint& paint) {
  const auto lips = lips_of(paint);
  const cv::Vec3f colour = cv::Vec3f(0.75F, 0.9F, 1.1F) * paint.chance(12, 130);
  const float length = paint.chance(0.0, 0.25), dense = paint.chance(0.6, 1.0);
  const float chin = paint.own(152).y + length;
  const float top = lips[15].y - paint.chance(0.1, 0.13);
  cv::RNG hairs(static_cast<std::uint64_t>(paint.chance(1, 1e6)));
  std::vector<float> strand(997);
  for (auto& each : strand) each = static_cast<float>(hairs.uniform(0.4, 1.6));
  paint.lay([&](cv::Point2f p) -> FacePaint::Dab {
    const auto off = -static_cast<float>(cv::pointPolygonTest(lips, p, true));
    const float around = std::min(
        {off - 0.01F,
         p.y - top - 0.55F * std::max(0.F, std::abs(p.x) - 0.3F) * (p.y < 0 ? 1.F : -1.F),
         chin - p.y - 0.5F * p.x * p.x, 0.93F - std::abs(p.x)});
    const float alpha = paint.inside(around - 0.01F) * dense;
    const auto which =
        static_cast<std::size_t>(std::abs(p.x * 90 + 7 * std::sin(p.y * 9)) * 3) %
        strand.size();
    return {alpha, colour * strand[which]};
  });
}

/// A dark ellipse with teeth, and lips around it.
inline void paint_open_mouth(FacePaint& paint) {
  const auto left = paint.own(61), right = paint.own(291);
  const float half = (right.x - left.x) / 2 * paint.wide() * paint.chance(0.65, 1.0);
  const float high = paint.chance(0.08, 0.17);
  const cv::Point2f centre((left.x + right.x) / 2 * paint.wide(),
                           (left.y + right.y) / 2 + 0.4F * high);
  const float teeth = paint.chance(-0.9, -0.1);
  const cv::Vec3f lip = paint.skin({0, 0});
  paint.lay([&](cv::Point2f at) -> FacePaint::Dab {
    const cv::Point2f p = cv::Point2f(at.x * paint.wide(), at.y) - centre;
    const float to = std::hypot(p.x / half, p.y / high);
    const float edge = (1 - to) * high;
    if (to > 1)
      return {paint.inside(0.04F + edge), {0.6F * lip[0], 0.62F * lip[1], 0.85F * lip[2]}};
    const bool tooth = p.y / high < teeth;
    return {paint.inside(0.04F + edge),
            tooth ? cv::Vec3f(190, 205, 210) : cv::Vec3f(25, 20, 50)};
  });
}

inline void paint_microphone(FacePaint& paint) {
  const cv::Point2f centre(paint.bell(0.1), paint.own(152).y + paint.chance(0.02, 0.2));
  const float radius = paint.chance(0.14, 0.22);
  paint.lay([&](cv::Point2f at) -> FacePaint::Dab {
    const cv::Point2f p = cv::Point2f(at.x * paint.wide(), at.y) - centre;
    const float far = std::hypot(p.x, p.y);
    const float depth = std::max(radius - far, p.y > 0 ? 0.6F * radius - std::abs(p.x) : -1.F);
    return {paint.inside(depth),
            cv::Vec3f::all(45 + 40 * std::sin(60 * p.x) * std::sin(60 * p.y))};
  });
}

inline void paint_hard_shadow(FacePaint& paint) {
  const float angle = paint.chance(0, 6.28), off = paint.bell(0.3),
              dark = paint.chance(0.5, 0.85);
  paint.lay([&](cv::Point2f p) -> FacePaint::Dab {
    return {dark * paint.inside(std::cos(angle) * p.x + std::sin(angle) * p.y - off), {}};
  });
}

/// The picture with something painted over its face, whose mesh `bare` is. 8-bit BGR.
inline cv::Mat painted(const cv::Mat& bgr, const base::FaceMesh& bare, Painted what,
                       std::uint64_t seed) {
  FacePaint paint(bgr, bare, seed * 31 + static_cast<std::uint64_t>(what));
  const float side = paint.often(0.5) ? 1.F : -1.F;
  switch (what) {
    case Painted::surgical_mask:
    case Painted::cloth_mask:
      paint_mask(paint, what == Painted::cloth_mask);
      break;
    case Painted::hand:
      paint_hand(paint, {paint.bell(0.1), 0.02F + paint.bell(0.04)},
                 paint.often(0.5) ? paint.bell(0.5) : 3.14F + paint.bell(0.5));
      break;
    case Painted::fist:
      paint_fist(paint);
      break;
    case Painted::cup:
      paint_cup(paint);
      break;
    case Painted::telephone:
      paint_telephone(paint);
      break;
    case Painted::sleeve:
      paint_sleeve(paint);
      break;
    case Painted::fan:
      paint_fan(paint);
      break;
    case Painted::dark_glasses:
      paint_dark_glasses(paint);
      break;
    case Painted::beard:
      paint_beard(paint);
      break;
    case Painted::open_mouth:
      paint_open_mouth(paint);
      break;
    case Painted::hand_on_cheek:
      paint_hand(paint, {side * paint.chance(1.0, 1.15), paint.chance(-0.15, 0.1)},
                 -1.57F + paint.bell(0.2));
      break;
    case Painted::hand_on_chin:
      paint_hand(paint, {paint.bell(0.1), paint.own(152).y + paint.chance(0.42, 0.52)},
                 side > 0 ? paint.bell(0.2) : 3.14F + paint.bell(0.2));
      break;
    case Painted::low_microphone:
      paint_microphone(paint);
      break;
    case Painted::hard_shadow:
      paint_hard_shadow(paint);
      break;
    case Painted::kCount:
      break;
  }
  return paint.picture();
}

}  // namespace mien::testing
