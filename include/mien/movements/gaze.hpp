#pragma once

#include <optional>

#include <opencv2/core.hpp>

#include "mien/base/face_mesh.hpp"
#include "mien/movements/head_pose.hpp"

namespace mien::movements {

/// Where both eyes together lie in their sockets, as a picture shows it. Millimetres of a face
/// of the canonical one's size, along the head's own axes: across to the person's left, which
/// is the picture's right, and down.
struct IrisPlace {
  float across = 0, down = 0;  ///< of the irises' middles from the eyeballs' middles
  /// How the face is turned from the line of sight to the camera: what lies one unit deeper in
  /// the head is seen so much further across and down.
  float turned_across = 0, turned_down = 0;
  float opening = 0;   ///< between the lids
  float contrast = 0;  ///< of the irises to what is around them, 0..1 of the eyes' own range
};

/// Finds the irises: the darkest discs of an iris' size within the outlines of both eyes, at
/// the same place in both. Nothing when an eye has too few pixels or no light and dark. `bgr`:
/// 8-bit BGR, the picture of the mesh. Any thread.
std::optional<IrisPlace> find_irises(const cv::Mat& bgr, const base::FaceMesh& mesh,
                                     const HeadFit& head);

/// Where somebody looks, degrees from the camera.
struct Gaze {
  float right = 0;  ///< of the picture
  float up = 0;
};
/// The linear fit to rendered people; docs/movements.md has its error.
Gaze gaze_of(const IrisPlace& irises);

/// Whether somebody looks at the camera; nothing when the irises are not clear or it is between
/// the two.
std::optional<bool> towards_camera(const IrisPlace& irises);

}  // namespace mien::movements
