#include "mien/base/signal_columns.hpp"

#include "mien/base/face_mesh.hpp"

namespace mien::base {
namespace {

// https://github.com/sccn/xdf/wiki/MoCap-Meta-Data names positions and angles.
constexpr const char* kShare = "normalized";

}  // namespace

std::vector<SignalColumn> expression_channels(std::span<const std::string> labels) {
  std::vector<SignalColumn> channels;
  channels.reserve(labels.size() + 7);
  for (const auto& label : labels) channels.push_back({label, "probability", "Expression"});
  channels.insert(channels.end(), {{"certainty", "probability", "Confidence"},
                                   {"valence", kShare, "Valence"},
                                   {"confidence", kShare, "Confidence"},
                                   {"x", "pixels", "PositionX"},
                                   {"y", "pixels", "PositionY"},
                                   {"w", "pixels", "Width"},
                                   {"h", "pixels", "Height"}});
  return channels;
}

std::vector<SignalColumn> geometry_channels(std::span<const std::string_view> movements) {
  std::vector<SignalColumn> channels = {
      {"presence", kShare, "Confidence"},      {"pose_pitch", "degrees", "OrientationP"},
      {"pose_yaw", "degrees", "OrientationH"}, {"pose_roll", "degrees", "OrientationR"},
      {"pose_Tx", "millimeters", "PositionX"}, {"pose_Ty", "millimeters", "PositionY"},
      {"pose_Tz", "millimeters", "PositionZ"}};
  channels.reserve(channels.size() + movements.size() + 4);
  for (const auto id : movements) channels.push_back({std::string(id), kShare, "Movement"});
  channels.insert(channels.end(), {{"eyes_open", kShare, "Eyes"},
                                   {"eyes_closed", "boolean", "Eyes"},
                                   {"blinks", "count", "Eyes"},
                                   {"looks_at_camera", "boolean", "Gaze"}});
  return channels;
}

std::vector<SignalColumn> landmark_channels() {
  std::vector<SignalColumn> channels;
  const std::size_t points = mesh_to_68().size();
  channels.reserve(2 * points);
  for (const std::string axis : {"x", "y"}) {
    for (std::size_t i = 0; i < points; ++i) {
      channels.push_back(
          {axis + "_" + std::to_string(i), "pixels", axis == "x" ? "PositionX" : "PositionY"});
    }
  }
  return channels;
}

}  // namespace mien::base
