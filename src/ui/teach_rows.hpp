#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "pen.hpp"

namespace mien {

/// What was done with a label's row.
struct LabelRowEvents {
  bool held = false;  ///< the mouse is down on its key
  bool removed = false;
  std::optional<std::size_t> taken_back;  ///< the place of an example
};

struct LabelRow {
  int digit = 1;  ///< its key
  std::string name;
  /// Of it, once it has examples, and where its thumbnails lie; or null.
  const TeachingView::Label* taught = nullptr;
  int thumbnail_row = 0;
  bool down = false;  ///< its key is held
};

/// The height of a row.
float label_row_height(const Theme& theme);

/// A label with its key, how many examples it has and the newest of them, which a click takes
/// back.
LabelRowEvents draw_label_row(PanelContext& context, const LabelRow& row);

/// The face at `box` of the picture, or an empty place, as a square.
void draw_face_preview(PanelContext& context, Pen& pen, const Area& area, const cv::Rect2f* box,
                       ImU32 frame_color);

}  // namespace mien
