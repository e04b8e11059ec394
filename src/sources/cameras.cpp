#include "mien/sources/cameras.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string_view>
#include <utility>

#include "mien/base/error.hpp"
#include "mien/base/numbers.hpp"
#include "mien/base/text.hpp"
#include "mien/system/camera_device.hpp"

#include "camera_choice.hpp"

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

bool is_listed_before(const system::CaptureMode& a, const system::CaptureMode& b) {
  if (a.format != b.format) return a.format < b.format;
  const auto area = [](const system::CaptureMode& mode) {
    return std::int64_t{mode.width} * mode.height;
  };
  if (area(a) != area(b)) return area(a) > area(b);
  if (a.width != b.width) return a.width > b.width;
  return a.fps > b.fps;
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

std::vector<CameraInfo> list_cameras() {
  std::vector<CameraInfo> cameras;
  for (auto& device : system::list_camera_devices()) {
    CameraInfo camera{static_cast<int>(cameras.size()),
                      std::move(device.device),
                      std::move(device.stable_path),
                      std::move(device.name),
                      {}};
    std::stable_sort(device.modes.begin(), device.modes.end(), is_listed_before);
    for (const auto& each : device.modes) {
      CameraMode mode{
          {each.width, each.height}, each.fps, std::string(system::name_of(each.format))};
      if (camera.modes.empty() || camera.modes.back() != mode) {
        camera.modes.push_back(std::move(mode));
      }
    }
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
        std::filesystem::equivalent(camera.device, spec, error)) {
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

}  // namespace mien::sources
