#include "mien/base/movements.hpp"

namespace mien::base {
namespace {

using enum Movement::Side;
using enum Movement::Found;
using enum Movement::Part;

// What the network reads is not measured by geometry too, but for its shape with its sign: a
// corner of the mouth that is lower than at rest, an eye that is narrower.
constexpr Movement kTable[] = {
    {"inner_brow_raise", "brows up inside", "", both, "AU1", network, brows},
    {"outer_brow_raise_right", "right brow up outside", "", right, "AU2", network, brows},
    {"outer_brow_raise_left", "left brow up outside", "", left, "AU2", network, brows},
    {"brow_lower_right", "right brow down", "", right, "AU4", network, brows},
    {"brow_lower_left", "left brow down", "", left, "AU4", network, brows},
    {"upper_lid_raise", "upper lids up", "", both, "AU5", network, eyes},
    {"lid_tighten_right", "right lids tight", "", right, "AU7", network, eyes},
    {"lid_tighten_left", "left lids tight", "", left, "AU7", network, eyes},
    {"eye_close_right", "right eye shut", "", right, "AU43", network, eyes},
    {"eye_close_left", "left eye shut", "", left, "AU43", network, eyes},
    {"eye_opening_right", "right eye wide", "right eye narrow", right, "AU5, AU43", geometry,
     eyes},
    {"eye_opening_left", "left eye wide", "left eye narrow", left, "AU5, AU43", geometry, eyes},
    {"upper_lip_raise", "upper lip up", "", both, "AU10", network, lips},
    {"lower_lip_depress", "lower lip down", "", both, "AU16", network, lips},
    {"smile_right", "right side smiles", "", right, "AU12", network, lips},
    {"smile_left", "left side smiles", "", left, "AU12", network, lips},
    {"corner_height_right", "right mouth corner up", "right mouth corner down", right,
     "AU12, AU15", geometry, lips},
    {"corner_height_left", "left mouth corner up", "left mouth corner down", left, "AU12, AU15",
     geometry, lips},
    {"lip_stretch_right", "right mouth corner out", "", right, "AU20", network, lips},
    {"lip_stretch_left", "left mouth corner out", "", left, "AU20", network, lips},
    {"mouth_width", "mouth wide", "mouth narrow", both, "AU20, AU18", geometry, lips},
    {"pucker", "lips puckered", "", both, "AU18", network, lips},
    {"funnel", "lips funnelled", "", both, "AU22", network, lips},
    {"lip_press", "lips pressed", "", both, "AU23, AU24, AU28", network, lips},
    {"mouth_opening", "mouth open", "", both, "AU25", geometry, lips},
    {"jaw_drop", "jaw down", "", both, "AU26, AU27", network, jaw},
};

}  // namespace

std::span<const Movement> movements() { return kTable; }

std::string facs_hint(const Movement& movement) {
  return *movement.facs == '\0' ? "" : std::string("like ") + movement.facs;
}

std::optional<std::size_t> movement_index(std::string_view id) {
  for (std::size_t i = 0; i < std::size(kTable); ++i) {
    if (id == kTable[i].id) return i;
  }
  return std::nullopt;
}

}  // namespace mien::base
