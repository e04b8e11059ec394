#pragma once

#include <optional>

#include <opencv2/core.hpp>

#include "mien/base/face_mesh.hpp"
#include "mien/movements/canonical_face.hpp"

namespace mien::movements {

/// How far the canonical face has its chin down on a head that is held straight, in degrees:
/// poses are counted from the head. A head that is turned by a yaw seems to roll by
/// -atan(tan(yaw) * sin(tilt)) when this is left out: rendered heads ask for 4.8 degrees, and
/// 2,987 web faces for 8.4 (docs/movements.md); this lies between both.
inline constexpr float kCanonicalTilt = 7.25F;

/// A canonical face turned, scaled and moved so that it lies over a mesh.
struct HeadFit {
  base::HeadPose pose;  ///< of the head: kCanonicalTilt is taken away
  /// From the canonical face's axes to the camera's.
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
/// transformation parameters between two point patterns", 1991): once with the points as they
/// lie in the picture, which gives the head's distance and `deeper`, and three times with the
/// points brought into space along the camera's rays at that distance (as MediaPipe's face
/// geometry does), which takes the perspective out. Any thread. Nothing when the points do not
/// tell a pose, or lie as no face's do.
std::optional<HeadFit> fit_head(const CanonicalFace& canonical, const base::FaceMesh& mesh,
                                cv::Size picture);

}  // namespace mien::movements
