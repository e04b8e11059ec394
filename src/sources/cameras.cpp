#include "mien/sources/cameras.hpp"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <fstream>
#include <string_view>

#include <fcntl.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "mien/base/error.hpp"
#include "mien/base/numbers.hpp"
#include "mien/base/text.hpp"

#include "camera_choice.hpp"
#include "v4l2.hpp"

namespace mien::sources {
namespace {

constexpr int kMaxCameraSide = 16384;

bool is_letter_or_digit(char c) {
  const char lower = base::ascii_lower(c);
  return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9');
}

// How far `mode` is from the requested one: doubling the area weighs less than halving the
// rate, because a choppy picture is worse to live with than a small one.
double distance(const CameraMode& mode, const CameraMode& requested) {
  const double area = std::log(mode.size.area() / static_cast<double>(requested.size.area()));
  // A rate that a driver does not tell is most often the usual one.
  const double fps = mode.fps > 0 ? std::max(mode.fps, 1.0) : 30;
  const double target_fps = requested.fps > 0 ? requested.fps : fps;
  const double slow = std::max(0.0, std::log(target_fps / fps));
  const double fast = std::max(0.0, std::log(fps / target_fps));
  return 2 * std::abs(area) + 3 * slow + 0.2 * fast + (mode.format == requested.format ? 0 : 1);
}

}  // namespace

std::string to_string(const CameraMode& mode) {
  return std::to_string(mode.size.width) + "x" + std::to_string(mode.size.height) +
         (mode.fps > 0 ? "@" + base::decimal(mode.fps, mode.fps == std::floor(mode.fps) ? 0 : 2)
                       : "") +
         " " + mode.format;
}

CameraMode parse_camera_mode(const std::string& text) {
  // "1280x720@30 MJPG", or without the rate
  const auto [before, format] = base::split(text, ' ');
  const auto [size, rate] = base::split(before, '@');
  const auto [width, height] = base::split(size, 'x');
  CameraMode mode;
  mode.format = format;
  const auto read_side = [](std::string_view digits, int& side) {
    return base::parse_number(digits, side) && side > 0 && side <= kMaxCameraSide;
  };
  const bool rate_is_good =
      size.size() == before.size() ||
      (base::parse_number(rate, mode.fps) && mode.fps > 0 && mode.fps <= 1000);
  if (!read_side(width, mode.size.width) || !read_side(height, mode.size.height) ||
      !rate_is_good || format.size() != 4 ||
      !std::all_of(format.begin(), format.end(), is_letter_or_digit)) {
    throw base::Error("\"" + text + "\" is not a camera mode; write it like 1280x720@30 MJPG.");
  }
  return mode;
}

std::optional<CameraMode> choose_mode(const std::vector<CameraMode>& modes,
                                      const std::optional<CameraMode>& requested) {
  const CameraMode target = requested.value_or(CameraMode{{1280, 720}, 30, "MJPG"});
  std::optional<CameraMode> best;
  for (const CameraMode& mode : modes) {
    if (!best || distance(mode, target) < distance(*best, target)) best = mode;
  }
  return best;
}

namespace {

namespace fs = std::filesystem;

constexpr int kMaxDevices = 64;

// A line of what the kernel says of a device, which also one that cannot be opened has.
std::string sysfs_attribute(const std::string& device, const char* what) {
  std::ifstream file(fs::path("/sys/class/video4linux") / fs::path(device).filename() / what);
  std::string line;
  std::getline(file, line);
  return line;
}

}  // namespace

std::string stable_path_of(const std::string& device, const std::vector<fs::path>& folders) {
  for (const fs::path& folder : folders) {
    std::vector<std::string> links;
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
      std::error_code other;  // a link that leads nowhere
      if (fs::equivalent(entry->path(), device, other)) links.push_back(entry->path().string());
    }
    if (!links.empty()) return *std::min_element(links.begin(), links.end());
  }
  return device;
}

std::vector<CameraInfo> list_cameras() {
  std::vector<CameraInfo> cameras;
  for (int number = 0; number < kMaxDevices; ++number) {
    CameraInfo camera;
    camera.device = "/dev/video" + std::to_string(number);
    const system::FileHandle file(
        ::open(camera.device.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
    if (file.valid()) {
      const auto name = query_capture_name(static_cast<int>(file.native()));
      if (!name) continue;
      camera.name = *name;
      camera.modes = query_modes(static_cast<int>(file.native()));
    } else if (errno == ENOENT || errno == ENXIO || errno == ENODEV || errno == ENOTDIR) {
      continue;
    } else {
      // Not a camera's second node, which holds metadata.
      const std::string place = sysfs_attribute(camera.device, "index");
      if (!place.empty() && place != "0") continue;
      camera.name = sysfs_attribute(camera.device, "name");
      if (camera.name.empty()) camera.name = camera.device;
    }
    camera.stable_path = stable_path_of(camera.device, {"/dev/v4l/by-id", "/dev/v4l/by-path"});
    camera.index = static_cast<int>(cameras.size());
    cameras.push_back(std::move(camera));
  }
  return cameras;
}

CameraInfo choose_camera(const std::vector<CameraInfo>& cameras, const std::string& spec) {
  constexpr std::string_view kPrefix = "camera:";
  if (spec.starts_with(kPrefix)) {
    int index = -1;
    if (!base::parse_number(std::string_view(spec).substr(kPrefix.size()), index) ||
        index < 0) {
      throw base::Error("\"" + spec +
                        "\" names no camera; write camera:0, camera:1 and so on, as "
                        "`mien cameras` lists them.");
    }
    if (index < static_cast<int>(cameras.size())) return cameras[index];
    throw base::Error(cameras.empty()
                          ? "There is no " + spec +
                                ", because no camera is connected; plug one in, or "
                                "choose a file or the demo."
                          : "There is no " + spec + ", the last one is camera:" +
                                std::to_string(cameras.size() - 1) + "; see `mien cameras`.");
  }
  std::error_code error;
  for (const CameraInfo& camera : cameras) {
    if (camera.device == spec || camera.stable_path == spec ||
        fs::equivalent(camera.device, spec, error)) {
      return camera;
    }
  }
  CameraInfo unknown;
  unknown.device = unknown.stable_path = unknown.name = spec;
  return unknown;
}

int default_camera(const std::vector<CameraInfo>& cameras) {
  const auto shows_colours = [](const CameraInfo& camera) {
    return std::any_of(camera.modes.begin(), camera.modes.end(),
                       [](const CameraMode& mode) { return mode.format != "GREY"; });
  };
  const auto infrared = [](const CameraInfo& camera) {
    return !camera.modes.empty();  // all of them gray, where it is asked
  };
  for (const CameraInfo& camera : cameras) {
    if (shows_colours(camera)) return camera.index;
  }
  // One that is busy or forbidden tells no modes; it is more likely the wanted one.
  for (const CameraInfo& camera : cameras) {
    if (!infrared(camera)) return camera.index;
  }
  return cameras.empty() ? -1 : cameras.front().index;
}

CameraWatcher::CameraWatcher(const std::string& folder)
    : descriptor_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
  // Attributes too: udev makes the node first and lets people use it a moment later.
  if (descriptor_.valid()) {
    ::inotify_add_watch(static_cast<int>(descriptor_.native()), folder.c_str(),
                        IN_CREATE | IN_DELETE | IN_ATTRIB);
  }
}

bool CameraWatcher::changed() {
  bool changed = false;
  alignas(inotify_event) char buffer[4096];
  for (;;) {
    const ssize_t length =
        ::read(static_cast<int>(descriptor_.native()), buffer, sizeof buffer);
    if (length <= 0) return changed;
    for (ssize_t at = 0; at < length;) {
      const auto* event = reinterpret_cast<const inotify_event*>(buffer + at);
      if ((event->mask & IN_Q_OVERFLOW) != 0) changed = true;
      if (event->len > 0 && std::strncmp(event->name, "video", 5) == 0) changed = true;
      at += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
    }
  }
}

}  // namespace mien::sources
