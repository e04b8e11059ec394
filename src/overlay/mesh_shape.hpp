#pragma once

#include <array>
#include <span>
#include <utility>

#include <opencv2/core.hpp>

#include "mien/base/face_mesh.hpp"
#include "mien/overlay/overlay_layout.hpp"

namespace mien::overlay {

/// Which points of a mesh have a line between them in that style. Empty where the mesh has no
/// points, or does not say which lines it has. Valid as long as the mesh's own lines.
std::span<const std::pair<int, int>> shown_lines(const base::FaceMesh& mesh, MeshStyle style);

/// The ends of the head's axes - to the person's left, up, out of the face - when each is one
/// unit long and starts in the middle: x and y as in the picture, as if seen from afar along
/// the line of sight to the head.
std::array<cv::Point2f, 3> axis_ends(const base::HeadPose& pose);

}  // namespace mien::overlay
