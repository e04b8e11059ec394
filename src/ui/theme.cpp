#include "mien/ui/theme.hpp"

#include <cmath>

#include "mien/base/error.hpp"
#include "mien/ui/imgui_versions.hpp"

namespace mien::ui {
namespace {

// Of Inter's glyphs those that file names, model names and the program's own texts need.
constexpr ImWchar kGlyphs[] = {0x0020, 0x017F,  // Latin with its accents, · ×
                               0x0370, 0x03FF,  // Greek
                               0x0400, 0x04FF,  // Cyrillic
                               0x1E00, 0x1EFF,  // Vietnamese
                               0x2010, 0x2027,  // dashes, quotes, bullet, …
                               0x20AC, 0x20AC, 0x2190, 0x2193, 0x2212, 0x2212, 0};

// ImGui counts a font's height from ascender to descender; designers, and the drawing, count
// the em. For Inter the one is 1.21 times the other.
constexpr float kLineOfEm = 1.21F;

/// `em` in pixels of the layout.
ImFont* load_font(ImFontAtlas& atlas, const std::filesystem::path& file, float em,
                  float density) {
  if (!std::filesystem::exists(file)) {
    throw base::Error(
        "The font " + file.string() +
        " is missing; install the program again, or set MIEN_DATA_DIR to its folder.");
  }
  ImFont* font = add_font(atlas, file, em * kLineOfEm, density, kGlyphs);
  if (font == nullptr) throw base::Error("The font " + file.string() + " cannot be read.");
  return font;
}

#if IMGUI_VERSION_NUM < 19140
constexpr ImGuiCol kNavigationCursor = ImGuiCol_NavHighlight;
#else
constexpr ImGuiCol kNavigationCursor = ImGuiCol_NavCursor;
#endif

ImVec4 color(ImU32 packed, float alpha = 1) {
  ImVec4 value = ImGui::ColorConvertU32ToFloat4(packed);
  value.w *= alpha;
  return value;
}

void set_colors(ImGuiStyle& style, const Theme::Colors& c) {
  ImGui::StyleColorsDark(&style);
  ImVec4* to = style.Colors;
  const ImVec4 none(0, 0, 0, 0);
  to[ImGuiCol_Text] = color(c.text);
  to[ImGuiCol_TextDisabled] = color(c.dim);
  to[ImGuiCol_WindowBg] = color(c.ground);
  to[ImGuiCol_ChildBg] = none;
  to[ImGuiCol_PopupBg] = color(c.popup);
  to[ImGuiCol_Border] = color(c.line);
  to[ImGuiCol_FrameBg] = color(c.track);
  to[ImGuiCol_FrameBgHovered] = color(IM_COL32(0x2c, 0x32, 0x3e, 255));
  to[ImGuiCol_FrameBgActive] = to[ImGuiCol_FrameBgHovered];
  to[ImGuiCol_MenuBarBg] = color(c.bar);
  to[ImGuiCol_ScrollbarBg] = none;
  to[ImGuiCol_ScrollbarGrab] = color(IM_COL32(0x33, 0x39, 0x46, 255));
  to[ImGuiCol_ScrollbarGrabHovered] = color(IM_COL32(0x45, 0x4c, 0x5c, 255));
  to[ImGuiCol_ScrollbarGrabActive] = to[ImGuiCol_ScrollbarGrabHovered];
  to[ImGuiCol_CheckMark] = color(c.accent);
  to[ImGuiCol_Button] = color(c.track);
  to[ImGuiCol_ButtonHovered] = color(IM_COL32(0x31, 0x38, 0x46, 255));
  to[ImGuiCol_ButtonActive] = color(IM_COL32(0x3a, 0x43, 0x54, 255));
  to[ImGuiCol_Header] = color(c.accent, 0.16F);
  to[ImGuiCol_HeaderHovered] = color(c.accent, 0.20F);
  to[ImGuiCol_HeaderActive] = color(c.accent, 0.26F);
  to[ImGuiCol_Separator] = color(c.line);
  to[ImGuiCol_TextSelectedBg] = color(c.accent, 0.35F);
  to[kNavigationCursor] = color(c.accent);
  to[ImGuiCol_ModalWindowDimBg] = ImVec4(0.02F, 0.02F, 0.03F, 0.62F);
}

void set_style(const Theme& theme) {
  ImGuiStyle style;
  style.WindowPadding = {12, 12};
  style.FramePadding = {10, 6};
  style.ItemSpacing = {10, 8};
  style.ItemInnerSpacing = {8, 6};
  style.WindowRounding = 10;
  style.ChildRounding = 8;
  style.FrameRounding = 7;
  style.PopupRounding = 9;
  style.ScrollbarRounding = 6;
  style.ScrollbarSize = 8;
  style.WindowBorderSize = 0;
  style.ChildBorderSize = 0;
  style.PopupBorderSize = 1;
  style.FrameBorderSize = 0;
  style.WindowMinSize = {8, 8};
  style.DisabledAlpha = 0.5F;
  style.CircleTessellationMaxError = 0.2F;
  style.ScaleAllSizes(theme.scale);
  set_colors(style, theme.colors);
  ImGui::GetStyle() = style;
}

}  // namespace

float Theme::px(float length) const { return std::round(length * scale); }

Theme build_theme(float scale, float density, const std::filesystem::path& fonts_folder) {
  Theme theme;
  theme.scale = scale;
  ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
  atlas.Clear();
  const auto regular = fonts_folder / "Inter-Regular.otf";
  const auto semibold = fonts_folder / "Inter-SemiBold.otf";
  theme.regular = load_font(atlas, regular, 15 * scale, density);
  theme.semibold = load_font(atlas, semibold, 15 * scale, density);
  theme.small = load_font(atlas, regular, 13 * scale, density);
  theme.title = load_font(atlas, semibold, 25 * scale, density);
  if (!build_fonts(atlas))
    throw base::Error("The program's fonts cannot be drawn; install it again.");
  ImGui::GetIO().FontDefault = theme.regular;
  set_style(theme);
  return theme;
}

ImU32 to_imgui(overlay::Color color, float alpha) {
  return IM_COL32(color.r, color.g, color.b, static_cast<int>(std::lround(255 * alpha)));
}

ImU32 faded(ImU32 color, float alpha) {
  const auto old = static_cast<float>((color >> IM_COL32_A_SHIFT) & 0xFF);
  const auto now = static_cast<ImU32>(std::lround(old * alpha));
  return (color & ~IM_COL32_A_MASK) | (now << IM_COL32_A_SHIFT);
}

}  // namespace mien::ui
