#include "mien/sources/camera_mode.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "mien/base/error.hpp"
#include "mien/base/numbers.hpp"
#include "mien/base/text.hpp"

#include "camera_choice.hpp"

namespace mien {
namespace {

constexpr int kMaxCameraSide = 16384;

bool is_letter_or_digit(char c) {
  const char lower = ascii_lower(c);
  return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9');
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
         (mode.fps > 0 ? "@" + decimal(mode.fps, mode.fps == std::floor(mode.fps) ? 0 : 2)
                       : "") +
         " " + mode.format;
}

CameraMode parse_camera_mode(const std::string& text) {
  // "1280x720@30 MJPG", or without the rate
  const auto [before, format] = split(text, ' ');
  const auto [size, rate] = split(before, '@');
  const auto [width, height] = split(size, 'x');
  CameraMode mode;
  mode.format = format;
  const auto read_side = [](std::string_view digits, int& side) {
    return parse_number(digits, side) && side > 0 && side <= kMaxCameraSide;
  };
  const bool rate_is_good = size.size() == before.size() ||
                            (parse_number(rate, mode.fps) && mode.fps > 0 && mode.fps <= 1000);
  if (!read_side(width, mode.size.width) || !read_side(height, mode.size.height) ||
      !rate_is_good || format.size() != 4 ||
      !std::all_of(format.begin(), format.end(), is_letter_or_digit)) {
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
