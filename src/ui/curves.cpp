#include "curves.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "mien/base/movements.hpp"
#include "mien/base/numbers.hpp"

namespace mien::ui {
namespace {

// The first ones; the movements follow.
enum : std::size_t { kValence, kYaw, kPitch, kBlinks, kFirstMovement };

constexpr float kWidestTurn = 60;  // degrees at the plot's edges
constexpr float kUnknownValue = std::numeric_limits<float>::quiet_NaN();

std::vector<Curve> all_curves() {
  std::vector<Curve> all = {
      {"valence", "valence", "Happiness minus the strongest negative expression, -1 to 1."},
      {"yaw", "yaw", "The head's turn, 60° at the edges; up: to the person's right.", "°"},
      {"pitch", "pitch", "The head's nod, 60° at the edges; up: the chin goes down.", "°"},
      {"blinks", "blinks", "A mark at the lower edge for each.", "", true}};
  for (const auto& movement : base::movements()) {
    std::string description = "0 at rest in the middle, 1 the strongest at the upper edge";
    if (*movement.opposite != '\0') description += std::string("; down: ") + movement.opposite;
    description += ". It is " + base::facs_hint(movement) + ". " + base::kNoFacsCoding;
    all.push_back({movement.id, movement.name, std::move(description)});
  }
  return all;
}

}  // namespace

std::span<const Curve> curves() {
  static const std::vector<Curve> kAll = all_curves();
  return kAll;
}

std::vector<std::size_t> chosen_curves(const std::vector<std::string>& ids) {
  std::vector<std::size_t> chosen;
  const auto all = curves();
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (std::find(ids.begin(), ids.end(), all[i].id) != ids.end()) chosen.push_back(i);
  }
  return chosen;
}

float curve_value(const TimelineHistory::Sample& sample, std::size_t curve) {
  switch (curve) {
    case kValence:
      return sample.valence;
    case kYaw:
      return sample.yaw();
    case kPitch:
      return sample.pitch();
    case kBlinks:
      return kUnknownValue;
    default:
      return sample.movement(curve - kFirstMovement);
  }
}

float curve_height(const TimelineHistory::Sample& sample, std::size_t curve) {
  const float value = curve_value(sample, curve);
  const float widest = curve == kYaw || curve == kPitch ? kWidestTurn : 1;
  return (value / widest + 1) / 2;
}

std::string curve_text(const TimelineHistory::Sample& sample, std::size_t curve) {
  if (curve == kBlinks) return sample.blinked ? "blink" : "";
  const float value = curve_value(sample, curve);
  if (std::isnan(value)) return "?";
  const auto& unit = curves()[curve].unit;
  return base::signed_decimal(value, unit.empty() ? 2 : 0) + unit;
}

}  // namespace mien::ui
