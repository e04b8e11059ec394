#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <opencv2/core.hpp>

#include "mien/base/face.hpp"
#include "mien/base/head_pose.hpp"

namespace mien::base {

/// Why a face has no mesh. The limits are in movements/mesh_reader.hpp.
enum class MeshDoubt {
  none,       ///< it has one
  too_small,  ///< the face has too few pixels
  cut_off,    ///< too much of it lies outside the picture
  no_face,    ///< the network does not take it for a face: a drawing, a wall, a profile
  invalid,    ///< the network gave values that are no points
};

/// A short phrase for the screen and the table: "no face for the mesh"; empty for none.
const char* describe(MeshDoubt doubt);

/// The doubt that a table names with describe()'s phrase, or nothing when none has it.
std::optional<MeshDoubt> mesh_doubt_from_text(std::string_view phrase);

/// How many points a mesh has: those of MediaPipe's face mesh, in its order.
inline constexpr int kMeshPoints = 468;

/// The points of the mesh that stand for the 68 of the iBUG scheme (dlib, OpenFace): the jaw
/// from the person's right ear to the left one, brows, nose, eyes, lips; right comes first. The
/// jaw's lie on the outline of the mesh, which is the face's and not the cheek's shadow.
std::span<const int, 68> mesh_to_68();

/// The points of a face. x and y in source pixels, which count from the corner of the first
/// one, and may lie outside the picture; z in the same scale, from the camera away, 0 at about
/// the middle of the head. All finite.
struct FaceMesh {
  std::vector<cv::Point3f> points;  ///< kMeshPoints of them
  /// 0..1, how sure the network is that there is a face; NaN where it has not looked.
  float presence = 0;
  cv::Size picture{};  ///< in which they were found; empty: not known
  /// Which points have a line between them, each pair once; shared by all meshes of a model.
  /// Null: not known.
  std::shared_ptr<const std::vector<std::pair<int, int>>> lines;
};

/// Eyes, nose and mouth as a mesh has them, for cutting the face out
/// (mien/faces/face_align.hpp): the middles between the corners of each eye and between the
/// lips. `mesh` has its points.
Landmarks landmarks_of(const FaceMesh& mesh);

/// Whether that point of the mesh lies in its picture: outside, the network guesses. Points of
/// which no picture is known lie in it.
bool in_picture(const FaceMesh& mesh, int point);

/// Somebody's eyes over time, in the frames in which they were seen; see movements/blinks.hpp.
struct EyeActivity {
  /// Of the eye that is open further, 1 as open as it usually is; 0 before that is known and
  /// while the eyes are not seen.
  float opening = 0;
  /// Both, in this frame by itself, which may be an error of it; false while they are not seen.
  bool lids_down = false;
  bool closed = false;          ///< both, for more than a moment; false while they are not seen
  double closed_for = 0;        ///< seconds since they closed; 0 while they are open
  bool blinked = false;         ///< a blink ended with this frame
  int blinks = 0;               ///< since the person was first seen
  double observed_seconds = 0;  ///< in which the eyes were seen
  double closed_seconds = 0;    ///< of these, blinks included

  /// Nothing before ten seconds were seen: a single blink would make a high rate.
  std::optional<double> blinks_per_minute() const {
    if (observed_seconds < 10) return std::nullopt;
    return 60 * blinks / observed_seconds;
  }
};

/// What a face's shape says in one frame.
struct FaceGeometry {
  MeshDoubt doubt = MeshDoubt::none;  ///< why there is no mesh
  FaceMesh mesh;                      ///< without points when there is a doubt
  std::optional<HeadPose> pose;       ///< nothing without a mesh
  std::vector<float> movements;       ///< as base::movements(); empty without a mesh
  /// By a mask, a hand, a cup: the mouth's movements are NaN. False when that is not known.
  bool mouth_covered = false;
  EyeActivity eyes;
  /// Whether they look at the camera; nothing when that is not known, as without a mesh, with
  /// closed eyes or too few pixels. docs/movements.md says how often it is wrong.
  std::optional<bool> towards_camera;
  /// Which of the person's neutral faces the movements are counted from: another number is
  /// another one; 0: the mean face.
  std::uint32_t neutral = 0;
};

}  // namespace mien::base
