#include <memory>
#include <utility>

#include "mien/sources/cameras.hpp"

#include "command.hpp"
#include "output.hpp"

namespace mien::cli {
namespace {

nlohmann::ordered_json to_json(const sources::CameraInfo& camera) {
  nlohmann::ordered_json json = {{"source", "camera:" + std::to_string(camera.index)},
                                 {"index", camera.index},
                                 {"device", camera.device},
                                 {"stable_path", camera.stable_path},
                                 {"name", camera.name},
                                 {"modes", nlohmann::ordered_json::array()}};
  for (const auto& mode : camera.modes) {
    json["modes"].push_back({{"width", mode.size.width},
                             {"height", mode.size.height},
                             {"fps", base::rounded(mode.fps, 3)},
                             {"format", mode.format},
                             {"mode", sources::to_string(mode)}});
  }
  return json;
}

/// One line for each size of each format, with all its rates: a webcam has a hundred modes.
void print_camera(const sources::CameraInfo& camera) {
  print_line("camera:" + std::to_string(camera.index) + "  " + camera.name + "  (" +
             camera.device + ")");
  if (camera.modes.empty()) print_line("  its modes cannot be read: it is busy or forbidden");
  std::vector<std::vector<std::string>> rows;
  for (const auto& mode : camera.modes) {
    const std::vector<std::string> key = {
        "  " + mode.format,
        std::to_string(mode.size.width) + "x" + std::to_string(mode.size.height)};
    const auto rate =
        mode.fps > 0 ? base::decimal(mode.fps, mode.fps == static_cast<int>(mode.fps) ? 0 : 1)
                     : "its own rate";
    if (!rows.empty() && rows.back()[0] == key[0] && rows.back()[1] == key[1]) {
      rows.back()[2] += ", " + rate;
    } else {
      rows.push_back({key[0], key[1], rate});
    }
  }
  for (auto& row : rows) {
    if (!row[2].ends_with("rate")) row[2] += " fps";
  }
  print_table(rows);
}

int print_cameras(bool json) {
  const auto cameras = sources::list_cameras();
  if (json) {
    auto all = nlohmann::ordered_json::array();
    for (const auto& camera : cameras) all.push_back(to_json(camera));
    print_json(all);
    return kDone;
  }
  if (cameras.empty())
    print_line("No camera was found; plug one in, or try `mien --source demo`.");
  for (const auto& camera : cameras) print_camera(camera);
  return kDone;
}

}  // namespace

void add_cameras_command(CLI::App& root, Command& action) {
  auto* command = root.add_subcommand("cameras", "List the cameras and their modes");
  auto json = std::make_shared<bool>(false);
  command->add_flag("--json", *json, "Print JSON");
  command->callback([&action, json] { action = [json] { return print_cameras(*json); }; });
}

}  // namespace mien::cli
