#include "mien/base/movements.hpp"

namespace mien::base {
namespace {

using enum Movement::Side;

constexpr Movement kTable[] = {
    {"eye_opening_right", "right eye wide", "right eye closed", right, "AU5, AU43"},
    {"eye_opening_left", "left eye wide", "left eye closed", left, "AU5, AU43"},
    {"brow_inner_right", "right brow up inside", "right brow down inside", right, "AU1, AU4"},
    {"brow_inner_left", "left brow up inside", "left brow down inside", left, "AU1, AU4"},
    {"brow_outer_right", "right brow up outside", "right brow down outside", right, "AU2"},
    {"brow_outer_left", "left brow up outside", "left brow down outside", left, "AU2"},
    {"corner_height_right", "right mouth corner up", "right mouth corner down", right,
     "AU12, AU15"},
    {"corner_height_left", "left mouth corner up", "left mouth corner down", left,
     "AU12, AU15"},
    {"mouth_opening", "mouth open", "", both, "AU25"},
    {"mouth_width", "mouth wide", "mouth narrow", both, "AU20, AU18"},
    {"jaw_drop", "jaw down", "", both, "AU26"},
};

}  // namespace

std::span<const Movement> movements() { return kTable; }

std::optional<std::size_t> movement_index(std::string_view id) {
  for (std::size_t i = 0; i < std::size(kTable); ++i) {
    if (id == kTable[i].id) return i;
  }
  return std::nullopt;
}

}  // namespace mien::base
