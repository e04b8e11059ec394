#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace mien::overlay {

/// 8-bit sRGB.
struct Color {
  std::uint8_t r = 0, g = 0, b = 0;
  bool operator==(const Color&) const = default;
};

/// A person's colour: box, card and lane share it. Okabe and Ito's palette, colour-blind safe,
/// repeating after seven.
Color person_color(int person);

/// A label's colour: fixed for the canonical ones, by index for a model's own.
Color label_color(std::string_view label, int index);

/// Black or white, whichever reads better on `ground` (WCAG relative luminance).
Color ink_on(Color ground);

/// "#e69f00"
std::string hex(Color color);

}  // namespace mien::overlay
