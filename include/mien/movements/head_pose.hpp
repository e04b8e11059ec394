#pragma once

#include <optional>

#include <opencv2/core.hpp>

#include "mien/base/face_mesh.hpp"
#include "mien/movements/canonical_face.hpp"

namespace mien::movements {

/// How far the canonical face has its chin down on a head that is held straight, in degrees:
/// poses are counted from the head. A head that is turned by a yaw seems to roll by
/// -atan(tan(yaw) * sin(tilt)) when this is left out: rendered heads ask for 4.8 degrees, and
/// 2,987 web faces for 8.4; this lies between both.
inline constexpr float kCanonicalTilt = 7.25F;

/// The network makes faces flatter than they are: with depths that are larger by this, the
/// canonical face lies closest to those of web faces that look ahead (docs/movements.md).
inline constexpr double kDepthMissing = 1.1;

/// The mesh of a head that is turned far tells a smaller turn. What rendered heads ask for
/// (docs/movements.md) is added to a pose that is counted from the line of sight, in degrees:
/// to the yaw 4e-5 of its cube; to the pitch 6e-3 of its square with the chin down or 0.06 of
/// it with the chin up, and 1e-3 of the yaw's square. Beyond a yaw of 60 and a chin that is
/// down by 40 no more is added than there.
base::HeadPose fully_turned(const base::HeadPose& seen);

/// A canonical face turned, scaled and moved so that it lies over a mesh.
struct HeadFit {
  /// Of the head, before the lens: kCanonicalTilt is taken away, and fully_turned().
  base::HeadPose pose;
  /// From the canonical face's axes to those in which `face` was found: of a mesh in the
  /// picture's middle, the camera's.
  cv::Matx33f rotation = cv::Matx33f::eye();
  float scale = 1;  ///< pixels of the picture for a millimetre of the canonical face
  /// By how much what lies one millimetre deeper in the head is seen further right and further
  /// down, millimetres: how the face is turned from the line of sight to it, wherever in the
  /// picture it is.
  cv::Point2f deeper;
  /// The mesh in the canonical face's axes, its pose and size taken away: millimetres of a face
  /// of the canonical one's size. What remains is who it is, and what they do.
  std::vector<cv::Point3f> face;
};

/// The focal length that is assumed when nobody knows the camera's, in pixels: as OpenFace
/// assumes it, 500 for a picture of 640x480 and in proportion for others. Translation is right
/// only as far as that is.
float assumed_focal_length(cv::Size picture);

/// Fits the canonical face to a mesh: the least squares of the weighted points over rotation,
/// scale and translation in closed form, one SVD (Umeyama, "Least-squares estimation of
/// transformation parameters between two point patterns", 1991). Once with the points as they
/// lie in the picture, which gives the head's distance and `deeper`; three times with the
/// points brought into space along the camera's rays at that distance (as MediaPipe's face
/// geometry does), which takes the perspective out of `face`; and three times for `pose` in a
/// space whose z axis is the line of sight to the face, along which the network gives depths,
/// with a lens so long that the head is base::kNearestHead away at least. Any thread. Nothing
/// when the points do not tell a pose, or lie as no face's do.
std::optional<HeadFit> fit_head(const CanonicalFace& canonical, const base::FaceMesh& mesh,
                                cv::Size picture);

}  // namespace mien::movements
