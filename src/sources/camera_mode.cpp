#include "mien/sources/camera_mode.hpp"

#include <cmath>
#include <cstdio>

#include "mien/base/error.hpp"

#include "camera_choice.hpp"

namespace mien {
namespace {

constexpr int kMaxCameraSide = 16384;

std::string rate_text(double fps) {
  char text[32];
  std::snprintf(text, sizeof text, "%.*f", fps == std::floor(fps) ? 0 : 2, fps);
  return text;
}

// How far `mode` is from the wish: doubling the area weighs less than halving the rate, because
// a choppy picture is worse to live with than a small one.
double distance(const CameraMode& mode, const CameraMode& wish) {
  const double area = std::log(mode.size.area() / static_cast<double>(wish.size.area()));
  // A rate that a driver does not tell is most often the usual one.
  const double fps = mode.fps > 0 ? std::max(mode.fps, 1.0) : 30;
  const double wished = wish.fps > 0 ? wish.fps : fps;
  const double slow = std::max(0.0, std::log(wished / fps));
  const double fast = std::max(0.0, std::log(fps / wished));
  return 2 * std::abs(area) + 3 * slow + 0.2 * fast + (mode.format == wish.format ? 0 : 1);
}

}  // namespace

std::string to_string(const CameraMode& mode) {
  return std::to_string(mode.size.width) + "x" + std::to_string(mode.size.height) +
         (mode.fps > 0 ? "@" + rate_text(mode.fps) : "") + " " + mode.format;
}

CameraMode parse_camera_mode(const std::string& text) {
  CameraMode mode;
  char format[5] = {};
  int used = 0;
  int fields = std::sscanf(text.c_str(), "%dx%d@%lf %4[A-Za-z0-9]%n", &mode.size.width,
                           &mode.size.height, &mode.fps, format, &used);
  const bool rate_told = text.find('@') != std::string::npos;
  if (!rate_told) {
    fields = 1 + std::sscanf(text.c_str(), "%dx%d %4[A-Za-z0-9]%n", &mode.size.width,
                             &mode.size.height, format, &used);
  }
  mode.format = format;
  const auto side_is_good = [](int side) { return side > 0 && side <= kMaxCameraSide; };
  if (fields != 4 || used != static_cast<int>(text.size()) || mode.format.size() != 4 ||
      !side_is_good(mode.size.width) || !side_is_good(mode.size.height) ||
      (rate_told && !(mode.fps > 0 && mode.fps <= 1000))) {
    throw Error("\"" + text + "\" is not a camera mode; write it like 1280x720@30 MJPG.");
  }
  return mode;
}

std::optional<CameraMode> choose_mode(const std::vector<CameraMode>& modes,
                                      const std::optional<CameraMode>& wish) {
  const CameraMode target = wish.value_or(CameraMode{{1280, 720}, 30, "MJPG"});
  std::optional<CameraMode> best;
  for (const CameraMode& mode : modes) {
    if (!best || distance(mode, target) < distance(*best, target)) best = mode;
  }
  return best;
}

}  // namespace mien
