#pragma once

#include <cstdint>
#include <filesystem>

#include <imgui.h>

namespace mien::ui {

// What Dear ImGui 1.86 to 1.92 do differently: keys, handles of textures, fonts. On the thread
// of the current ImGui context.

/// A key by GLFW's code, which for a letter is its upper-case ASCII and for a digit its ASCII.
enum class Key : int {
  space = 32,
  escape = 256,
  enter = 257,
  tab = 258,
  backspace = 259,
  right = 262,
  left = 263,
  f1 = 290,
  f11 = 300,
  keypad_1 = 321,  ///< up to keypad_1 + 8 for the 9
  keypad_enter = 335,
  left_shift = 340,
  left_control = 341
};

/// The key of a letter 'A' to 'Z' or a digit '0' to '9'.
constexpr Key key_of(char symbol) { return static_cast<Key>(symbol); }

/// Versions from 1.87 on see a key that goes down and up between two frames.
inline constexpr bool kSeesShortPresses = IMGUI_VERSION_NUM >= 18700;

/// It went down since the last frame; repeats do not count.
bool key_pressed(Key key);
bool key_down(Key key);
/// Puts it down or up, as a backend does. Shift and Control are then the modifiers, too.
void set_key(Key key, bool down);

/// The handle that the draw lists take for an OpenGL texture.
ImTextureID texture_handle(std::uintptr_t texture);

/// Adds a font from a file with ImGui's FreeType loader to `atlas`, `height` pixels of the
/// layout high from ascender to descender, drawn with `density` pixels of the screen for each
/// of those. Null when the file cannot be read.
ImFont* add_font(ImFontAtlas& atlas, const std::filesystem::path& file, float height,
                 float density, const ImWchar* glyph_ranges);
/// Draws the glyphs of the fonts that were added; false when that fails. Versions from 1.92 on
/// draw them when they are needed.
bool build_fonts(ImFontAtlas& atlas);
/// The height at which text in `font` is laid out.
float font_height(ImFont* font);

}  // namespace mien::ui
