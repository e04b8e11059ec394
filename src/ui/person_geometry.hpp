#pragma once

#include <string>
#include <vector>

#include "mien/base/face_mesh.hpp"
#include "mien/overlay/palette.hpp"

#include "pen.hpp"

namespace mien::ui {

/// Where a card shows what was measured on a face, and how.
struct GeometryDrawing {
  Pen& pen;
  const Theme& theme;
  float left = 0, right = 0;  ///< pixels
  float labels = 0;           ///< width of the words before bars
  overlay::Color color;       ///< the person's
  bool mirrored = false;      ///< the picture is shown as in a mirror
  float alpha = 1;
};

/// How the head is held, as a small dial, and the eyes; or why that is not known.
float head_row_height(const Theme& theme);
/// Returns the bottom.
float draw_head_row(const GeometryDrawing& d, float top, const base::FaceGeometry& geometry);

/// Movements as bars from the middle, those of the face's sides beside each other, each on the
/// side on which the picture shows it.
float movement_rows_height(const Theme& theme);
/// Returns the bottom.
float draw_movement_rows(const GeometryDrawing& d, float top,
                         const base::FaceGeometry& geometry);
/// What the row at the height `y` is, in lines for a tooltip; none where `y` is on no row of
/// those that begin at `top`.
std::vector<std::string> movement_row_hint(const Theme& theme, float top, float y);

}  // namespace mien::ui
