#include "mien/movements/measures.hpp"

#include <array>

namespace mien::movements {
namespace {

using Points = std::vector<cv::Point3f>;

const cv::Point3f& at(const Points& face, int point) {
  return face[static_cast<std::size_t>(point)];
}

float apart(const Points& face, int a, int b) {
  return static_cast<float>(cv::norm(at(face, a) - at(face, b)));
}

/// Points of one half of the face.
struct Half {
  int eye_outer, eye_inner;
  std::array<std::array<int, 2>, 3> lids;  ///< upper and lower, one above the other
  int mouth_corner;
  int mouth_corner_inner;  ///< where the lips' inner edges meet
};
constexpr Half kRight{33, 133, {{{160, 144}, {159, 145}, {158, 153}}}, 61, 78};
constexpr Half kLeft{263, 362, {{{387, 373}, {386, 374}, {385, 380}}}, 291, 308};
constexpr int kNoseBase = 2;
/// Of the lips' inner edges, upper and lower.
constexpr std::array<std::array<int, 2>, 3> kLips = {{{13, 14}, {82, 87}, {312, 317}}};

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
      "eye_opening_right",  "eye_opening_left", "corner_height_right",
      "corner_height_left", "mouth_opening",    "mouth_width"};
  return kNames[static_cast<std::size_t>(measure)];
}

Measures measure_face(const Points& face) {
  Measures measures{};
  const auto set = [&](Measure measure, float length) {
    measures[static_cast<std::size_t>(measure)] = length;
  };
  const auto measure_half = [&](const Half& half, Measure eye, Measure height) {
    set(eye, eye_opening(face, half));
    set(height, at(face, kNoseBase).y - at(face, half.mouth_corner).y);
  };
  measure_half(kRight, Measure::eye_opening_right, Measure::corner_height_right);
  measure_half(kLeft, Measure::eye_opening_left, Measure::corner_height_left);
  float lips = 0;
  for (const auto& [upper, lower] : kLips) lips += apart(face, upper, lower);
  set(Measure::mouth_opening, lips / static_cast<float>(kLips.size()));
  // The inner corners follow a rendered head's mouth better than the outer ones.
  set(Measure::mouth_width, apart(face, kRight.mouth_corner_inner, kLeft.mouth_corner_inner));
  return measures;
}

}  // namespace mien::movements
