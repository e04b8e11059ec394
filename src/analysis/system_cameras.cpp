#include <chrono>
#include <utility>

#include "mien/base/error.hpp"
#include "mien/base/numbers.hpp"

#include "patience.hpp"
#include "system_sections.hpp"

namespace mien::analysis {
namespace {

using sources::CameraInfo;

/// "MJPG up to 1280x720@30 (12 modes), YUYV up to 640x480@30 (4 modes)"
std::string modes_in_short(const std::vector<sources::CameraMode>& modes) {
  struct Kind {
    const sources::CameraMode* largest;
    int count;
  };
  std::vector<Kind> kinds;  // the modes of a format stand together, the largest first
  for (const auto& mode : modes) {
    if (kinds.empty() || kinds.back().largest->format != mode.format)
      kinds.push_back({&mode, 0});
    ++kinds.back().count;
  }
  std::string words;
  for (const auto& [largest, count] : kinds) {
    const auto size = sources::to_string(*largest);  // "1280x720@30 MJPG"
    words += (words.empty() ? "" : ", ") + largest->format + " up to " +
             size.substr(0, size.find(' ')) + " (" + std::to_string(count) +
             (count == 1 ? " mode)" : " modes)");
  }
  return words;
}

/// "Studio, /dev/video0"; one that may not be opened can have no name.
std::string camera_words(const CameraInfo& camera, const PersonalNames& names) {
  if (camera.name == camera.device) return camera.device;
  return without_names(camera.name, names) + ", " + camera.device;
}

std::string mode_of(const sources::SourceInfo& info) {
  return sources::to_string({info.size, info.fps, info.format});
}

bool is_in_use(const CameraInfo& camera, const std::optional<sources::SourceInfo>& in_use) {
  return in_use && in_use->kind == "camera" &&
         (in_use->spec == camera.stable_path || in_use->spec == camera.device);
}

/// Opens a camera, takes its first picture and lets it go.
SystemRow try_camera(const CameraInfo& camera, const SystemProbes& probes, const Stop& stop) {
  using Clock = std::chrono::steady_clock;
  SystemRow row{"  opens", "no", Finding::broken};
  try {
    const auto words = within<std::string>(
        probes.patience, stop, [open = probes.open_source, spec = camera.device] {
          const auto start = Clock::now();
          const auto source = open({.spec = spec, .realtime = true, .mode = {}});
          const auto mode = mode_of(source->info());
          if (source->read() == nullptr) throw base::Error("It gives no picture.");
          const std::chrono::duration<double> took = Clock::now() - start;
          return "yes, " + mode + "; first picture after " + base::decimal(took.count(), 2) +
                 " s";
        });
    if (words) return {"  opens", *words};
    row.advice = "It did not answer for " + std::to_string(probes.patience.count() / 1000) +
                 " seconds and was left alone; unplug it and plug it in again.";
  } catch (const sources::CameraBusy& busy) {
    row.finding = Finding::doubtful;
    row.advice = busy.what();
  } catch (...) {
    row.advice = base::describe_current_exception();
  }
  return row;
}

}  // namespace

SystemSection cameras_section(const SystemCheckRequest& request, const Stop& stop) {
  SystemSection section{"Cameras", {}};
  const auto cameras = within<std::vector<CameraInfo>>(request.probes.patience, stop,
                                                       request.probes.list_cameras);
  if (!cameras) {
    section.rows.push_back({"Cameras", "their drivers do not answer", Finding::broken,
                            "Unplug the cameras, and plug in one after the other to find which "
                            "one hangs."});
    return section;
  }
  if (cameras->empty()) {
    section.rows.push_back({"Cameras", "none was found", Finding::doubtful,
                            "Plug one in, or try `mien --source demo`."});
  }
  for (const auto& camera : *cameras) {
    if (stop()) break;
    section.rows.push_back(
        {"camera:" + std::to_string(camera.index), camera_words(camera, request.names)});
    if (!camera.modes.empty())
      section.rows.push_back({"  modes", modes_in_short(camera.modes)});
    if (is_in_use(camera, request.in_use)) {
      section.rows.push_back({"  opens", "in use by this window: " + mode_of(*request.in_use)});
      continue;
    }
    auto tried = try_camera(camera, request.probes, stop);
    tried.advice = without_names(std::move(tried.advice), request.names);
    section.rows.push_back(std::move(tried));
  }
  return section;
}

}  // namespace mien::analysis
