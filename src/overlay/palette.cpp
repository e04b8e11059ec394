#include "mien/overlay/palette.hpp"

#include <array>
#include <cmath>
#include <utility>

#include "mien/base/text.hpp"

namespace mien::overlay {
namespace {

// Okabe and Ito, "Color Universal Design" (2008).
constexpr Color kOrange{230, 159, 0};
constexpr Color kSkyBlue{86, 180, 233};
constexpr Color kBluishGreen{0, 158, 115};
constexpr Color kYellow{240, 228, 66};
constexpr Color kBlue{0, 114, 178};
constexpr Color kVermilion{213, 94, 0};
constexpr Color kReddishPurple{204, 121, 167};
constexpr Color kGray{160, 164, 176};

constexpr std::array kPeople = {kSkyBlue, kReddishPurple, kOrange, kBluishGreen,
                                kYellow,  kVermilion,     kBlue};
constexpr std::array<std::pair<std::string_view, Color>, 8> kLabels = {
    {{"neutral", kGray},
     {"happiness", kYellow},
     {"surprise", kOrange},
     {"sadness", kBlue},
     {"anger", kVermilion},
     {"disgust", kBluishGreen},
     {"fear", kReddishPurple},
     {"contempt", kSkyBlue}}};

double linear(std::uint8_t channel) {
  const double value = channel / 255.0;
  return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}

}  // namespace

Color person_color(int person) {
  const auto count = static_cast<int>(kPeople.size());
  return kPeople[static_cast<std::size_t>(((person - 1) % count + count) % count)];
}

Color label_color(std::string_view label, int index) {
  for (const auto& [name, color] : kLabels) {
    if (name == label) return color;
  }
  return kLabels[static_cast<std::size_t>(index < 0 ? 0 : index) % kLabels.size()].second;
}

Color ink_on(Color ground) {
  const double luminance =
      0.2126 * linear(ground.r) + 0.7152 * linear(ground.g) + 0.0722 * linear(ground.b);
  // The contrast with black is at least that with white from here on: (L + .05)^2 >= 1.05 *
  // .05.
  return luminance >= 0.179 ? Color{16, 18, 24} : Color{255, 255, 255};
}

std::string hex(Color color) {
  return "#" + base::hexadecimal(std::array{color.r, color.g, color.b});
}

}  // namespace mien::overlay
