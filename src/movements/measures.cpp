#include "mien/movements/measures.hpp"

#include <cmath>
#include <initializer_list>

#include "mesh_points.hpp"

namespace mien::movements {
namespace {

using Points = std::vector<cv::Point3f>;

const cv::Point3f& at(const Points& face, int point) {
  return face[static_cast<std::size_t>(point)];
}

float apart(const Points& face, int a, int b) {
  return static_cast<float>(cv::norm(at(face, a) - at(face, b)));
}

cv::Point3f middle(const Points& face, std::initializer_list<int> points) {
  cv::Point3f sum;
  for (const int point : points) sum += at(face, point);
  return sum / static_cast<float>(points.size());
}

/// Points of one half of the face.
struct Half {
  int eye_outer, eye_inner;
  std::array<std::array<int, 2>, 3> lids;  ///< upper and lower, one above the other
  std::array<int, 2> brow_inner;
  std::array<int, 4> brow_outer;
  int mouth_corner;
  int mouth_corner_inner;  ///< where the lips' inner edges meet
};
constexpr Half kRight{
    33, 133, {{{160, 144}, {159, 145}, {158, 153}}}, {107, 55}, {70, 46, 63, 53}, 61, 78};
constexpr Half kLeft{
    263, 362, {{{387, 373}, {386, 374}, {385, 380}}}, {336, 285}, {300, 276, 293, 283},
    291, 308};
constexpr int kNoseBase = 2, kChin = 152;
constexpr int kUpperLipOuter = 0, kUpperLipInner = 13, kLowerLipInner = 14, kLowerLipOuter = 17;

/// The eye aspect ratio of Soukupova and Cech (2016), with three pairs of points.
float eye_opening(const Points& face, const Half& half) {
  float lids = 0;
  for (const auto& [upper, lower] : half.lids) lids += apart(face, upper, lower) / 3;
  const float width = apart(face, half.eye_outer, half.eye_inner);
  return width > 1e-3F ? lids / width : 0;
}

}  // namespace

const char* to_string(Measure measure) {
  constexpr std::array<const char*, kMeasures> kNames = {
      "eye_opening_right", "eye_opening_left",    "brow_inner_right",   "brow_inner_left",
      "brow_outer_right",  "brow_outer_left",     "brow_gap",           "mouth_opening",
      "mouth_width",       "corner_height_right", "corner_height_left", "corner_out_right",
      "corner_out_left",   "upper_lip_drop",      "lower_lip_drop",     "lip_thickness",
      "lip_protrusion",    "chin_drop",           "chin_left"};
  return kNames[static_cast<std::size_t>(measure)];
}

Measures measure_face(const Points& face) {
  Measures measures{};
  const auto set = [&](Measure measure, float length) {
    measures[static_cast<std::size_t>(measure)] = length;
  };
  const cv::Point3f nose = at(face, kNoseBase);
  const auto measure_half = [&](const Half& half, Measure eye, Measure inner, Measure outer,
                                Measure height, Measure out) {
    set(eye, eye_opening(face, half));
    const auto& [a, b] = half.brow_inner;
    set(inner, at(face, half.eye_inner).y - middle(face, {a, b}).y);
    const auto& [c, d, e, f] = half.brow_outer;
    set(outer, at(face, half.eye_outer).y - middle(face, {c, d, e, f}).y);
    const cv::Point3f corner = at(face, half.mouth_corner);
    set(height, nose.y - corner.y);
    set(out, std::abs(corner.x - nose.x));
  };
  measure_half(kRight, Measure::eye_opening_right, Measure::brow_inner_right,
               Measure::brow_outer_right, Measure::corner_height_right,
               Measure::corner_out_right);
  measure_half(kLeft, Measure::eye_opening_left, Measure::brow_inner_left,
               Measure::brow_outer_left, Measure::corner_height_left, Measure::corner_out_left);
  set(Measure::brow_gap, apart(face, kRight.brow_inner[1], kLeft.brow_inner[1]));
  set(Measure::mouth_opening, (apart(face, kUpperLipInner, kLowerLipInner) +
                               apart(face, 82, 87) + apart(face, 312, 317)) /
                                  3);
  // The inner corners follow a rendered head's mouth better than the outer ones.
  set(Measure::mouth_width, apart(face, kRight.mouth_corner_inner, kLeft.mouth_corner_inner));
  set(Measure::upper_lip_drop, at(face, kUpperLipOuter).y - nose.y);
  set(Measure::lower_lip_drop, at(face, kLowerLipOuter).y - nose.y);
  set(Measure::lip_thickness, apart(face, kUpperLipOuter, kUpperLipInner) +
                                  apart(face, kLowerLipInner, kLowerLipOuter));
  set(Measure::lip_protrusion,
      middle(face, {kRight.mouth_corner, kLeft.mouth_corner}).z -
          middle(face, {kUpperLipOuter, kLowerLipOuter, kUpperLipInner, kLowerLipInner}).z);
  set(Measure::chin_drop, at(face, kChin).y - nose.y);
  set(Measure::chin_left, at(face, kChin).x - nose.x);
  return measures;
}

}  // namespace mien::movements
