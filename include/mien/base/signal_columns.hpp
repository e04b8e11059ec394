#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mien::base {

/// A column of numbers as formats want it described that keep signals of several devices (LSL,
/// XDF). Words as XDF's recommendations for meta-data have them, where they have one.
struct SignalColumn {
  std::string label;  ///< the column's name in faces.csv: "happiness", "pose_yaw"
  std::string unit;   ///< "probability", "degrees", "pixels", "normalized", "count" ...
  std::string type;   ///< "Expression", "OrientationH", "PositionX", "Movement" ...
};

/// Of a face's expression: each label, then certainty, valence, confidence (the detector's),
/// and the box x, y, w, h in source pixels.
std::vector<SignalColumn> expression_channels(std::span<const std::string> labels);

/// Of a face's shape: presence (of the mesh), pose_pitch, pose_yaw, pose_roll, pose_Tx,
/// pose_Ty, pose_Tz, each movement by its id, eyes_open, eyes_closed (0 or 1), blinks (until
/// then), looks_at_camera (0 or 1).
std::vector<SignalColumn> geometry_channels(std::span<const std::string_view> movements);

/// x_0 to x_67, y_0 to y_67 in source pixels, as mesh_to_68().
std::vector<SignalColumn> landmark_channels();

}  // namespace mien::base
