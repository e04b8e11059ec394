#pragma once

#include <opencv2/core.hpp>

namespace mien::base {

/// How a head is held, with the signs and the axes of OpenFace's pose_R* and pose_T*: x to the
/// picture's right, y down, z along the axis of the lens away from the camera,
/// R = Rx(pitch) Ry(yaw) Rz(roll).
struct HeadPose {
  float pitch = 0;            ///< degrees; positive: the chin down
  float yaw = 0;              ///< degrees; positive: to the person's right
  float roll = 0;             ///< degrees; positive: the head's top to the picture's right
  cv::Point3f translation{};  ///< of the head's middle from the camera, millimetres
};

/// R of a pose, from the head's axes to the camera's.
cv::Matx33d rotation_of(const HeadPose& pose);

/// The pose of a rotation; without a translation.
HeadPose pose_of(const cv::Matx33d& rotation);

/// The rotation that turns the axis of the lens towards a place, by the shortest way; none for
/// a place that is not before the camera.
cv::Matx33d turn_towards(const cv::Vec3d& place);

/// Millimetres. A face that would be nearer with the lens that is assumed is taken for one that
/// was cut out of a larger picture or seen by a longer lens, and its angles are found as if
/// from here; a pose's translation goes on telling the distance by the assumed lens.
inline constexpr float kNearestHead = 600;

/// The same head, its angles counted from the line of sight to it instead of from the axis of
/// the lens: how the camera sees the face, wherever in the picture it is. Without a translation
/// the pose itself.
HeadPose as_seen(const HeadPose& pose);

}  // namespace mien::base
