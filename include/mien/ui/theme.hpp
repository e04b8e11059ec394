#pragma once

#include <filesystem>

#include <imgui.h>

#include "mien/overlay/palette.hpp"

namespace mien::ui {

/// The look: fonts at the screen's scale and the dark palette.
///
/// Lengths in the panels are given for scale 1 and go through px(). Belongs to the current
/// ImGui context.
struct Theme {
  ImFont* regular = nullptr;   ///< Inter Regular 15
  ImFont* semibold = nullptr;  ///< Inter SemiBold 15
  ImFont* small = nullptr;     ///< Inter Regular 13
  ImFont* title = nullptr;     ///< Inter SemiBold 24
  float scale = 1;

  /// A length of the layout at this scale, in whole pixels.
  float px(float length) const;

  struct Colors {
    ImU32 ground = IM_COL32(0x10, 0x12, 0x16, 255);  ///< behind everything
    ImU32 well = IM_COL32(0x0a, 0x0b, 0x0e, 255);    ///< around the picture
    ImU32 bar = IM_COL32(0x16, 0x19, 0x1f, 255);     ///< menu and status bar
    ImU32 card = IM_COL32(0x17, 0x1a, 0x21, 255);
    ImU32 track = IM_COL32(0x24, 0x29, 0x33, 255);  ///< an empty bar; hovered
    ImU32 line = IM_COL32(0x27, 0x2b, 0x34, 255);   ///< hairlines
    ImU32 popup = IM_COL32(0x1c, 0x20, 0x28, 255);
    ImU32 text = IM_COL32(0xe8, 0xea, 0xee, 255);
    ImU32 soft = IM_COL32(0xb9, 0xbe, 0xc8, 255);  ///< secondary text
    ImU32 dim = IM_COL32(0x8d, 0x94, 0xa1, 255);   ///< tertiary text
    ImU32 accent = IM_COL32(0x8c, 0xc4, 0xf5, 255);
    ImU32 good = IM_COL32(0x6c, 0xcf, 0x9f, 255);
    ImU32 warning = IM_COL32(0xe6, 0x9f, 0x00, 255);
    ImU32 alarm = IM_COL32(0xff, 0x6b, 0x5e, 255);  ///< errors, recording
  };
  Colors colors;
};

/// Rebuilds the current context's font atlas and style. `scale` is that of the layout,
/// `density` how many pixels of the screen a pixel of the layout has (1 except on Wayland). The
/// renderer's font texture must be made anew afterwards. Throws Error when a font of
/// `fonts_folder` is missing.
Theme build_theme(float scale, float density, const std::filesystem::path& fonts_folder);

/// A colour of the palette for ImGui, `alpha` 0..1.
ImU32 to_imgui(overlay::Color color, float alpha = 1);

/// `color` with its alpha multiplied.
ImU32 faded(ImU32 color, float alpha);

}  // namespace mien::ui
