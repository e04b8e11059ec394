#include "mien/ui/imgui_versions.hpp"

#include <cmath>
#include <ft2build.h>
#include FT_FREETYPE_H

#include <imgui_freetype.h>

namespace mien::ui {

#if IMGUI_VERSION_NUM < 18700

// Keys are the backend's own numbers.

bool key_pressed(Key key) { return ImGui::IsKeyPressed(static_cast<int>(key), false); }

bool key_down(Key key) { return ImGui::IsKeyDown(static_cast<int>(key)); }

void set_key(Key key, bool down) {
  auto& io = ImGui::GetIO();
  io.KeysDown[static_cast<int>(key)] = down;
  if (key == Key::left_shift) io.KeyShift = down;
  if (key == Key::left_control) io.KeyCtrl = down;
}

#else

namespace {

ImGuiKey imgui_key(Key key) {
  const int code = static_cast<int>(key);
  const auto from = [code](int first, ImGuiKey key_of_first) {
    return static_cast<ImGuiKey>(static_cast<int>(key_of_first) + code - first);
  };
  if (code >= 'A' && code <= 'Z') return from('A', ImGuiKey_A);
  if (code >= '0' && code <= '9') return from('0', ImGuiKey_0);
  const int keypad_1 = static_cast<int>(Key::keypad_1);
  if (code >= keypad_1 && code <= keypad_1 + 8) return from(keypad_1, ImGuiKey_Keypad1);
  switch (key) {
    case Key::space:
      return ImGuiKey_Space;
    case Key::escape:
      return ImGuiKey_Escape;
    case Key::enter:
      return ImGuiKey_Enter;
    case Key::tab:
      return ImGuiKey_Tab;
    case Key::backspace:
      return ImGuiKey_Backspace;
    case Key::right:
      return ImGuiKey_RightArrow;
    case Key::left:
      return ImGuiKey_LeftArrow;
    case Key::f1:
      return ImGuiKey_F1;
    case Key::f11:
      return ImGuiKey_F11;
    case Key::keypad_enter:
      return ImGuiKey_KeypadEnter;
    case Key::left_shift:
      return ImGuiKey_LeftShift;
    case Key::left_control:
      return ImGuiKey_LeftCtrl;
    default:
      return ImGuiKey_None;
  }
}

}  // namespace

bool key_pressed(Key key) { return ImGui::IsKeyPressed(imgui_key(key), false); }

bool key_down(Key key) { return ImGui::IsKeyDown(imgui_key(key)); }

void set_key(Key key, bool down) {
  auto& io = ImGui::GetIO();
  io.AddKeyEvent(imgui_key(key), down);
#if IMGUI_VERSION_NUM < 18900
  constexpr auto kShift = ImGuiKey_ModShift, kControl = ImGuiKey_ModCtrl;
#else
  constexpr auto kShift = ImGuiMod_Shift, kControl = ImGuiMod_Ctrl;
#endif
  if (key == Key::left_shift) io.AddKeyEvent(kShift, down);
  if (key == Key::left_control) io.AddKeyEvent(kControl, down);
}

#endif

ImTextureID texture_handle(std::uintptr_t texture) {
#if IMGUI_VERSION_NUM < 19140
  return reinterpret_cast<ImTextureID>(texture);  // NOLINT(performance-no-int-to-ptr)
#else
  return static_cast<ImTextureID>(texture);
#endif
}

#if IMGUI_VERSION_NUM < 19200

namespace {

/// ImGui's FreeType loader rounds every advance up, which spaces small text out; this rounds to
/// the nearest.
void correct_advances(const ImFontConfig& config) {
  ImFont& font = *config.DstFont;
  FT_Library library = nullptr;
  FT_Face face = nullptr;
  if (FT_Init_FreeType(&library) != 0) return;
  if (FT_New_Memory_Face(library, static_cast<const FT_Byte*>(config.FontData),
                         config.FontDataSize, config.FontNo, &face) == 0) {
    FT_Size_RequestRec request{};
    request.type = FT_SIZE_REQUEST_TYPE_REAL_DIM;
    request.height = static_cast<FT_Long>(font.FontSize * 64);
    FT_Request_Size(face, &request);
    for (ImFontGlyph& glyph : font.Glyphs) {
      if (glyph.Codepoint == '\t' || FT_Get_Char_Index(face, glyph.Codepoint) == 0) continue;
      if (FT_Load_Char(face, glyph.Codepoint, FT_LOAD_TARGET_LIGHT) != 0) continue;
      glyph.AdvanceX =
          std::round(static_cast<float>(face->glyph->linearHoriAdvance) / 65536.0F);
    }
    font.BuildLookupTable();
    FT_Done_Face(face);
  }
  FT_Done_FreeType(library);
}

}  // namespace

ImFont* add_font(ImFontAtlas& atlas, const std::filesystem::path& file, float height,
                 float density, const ImWchar* glyph_ranges) {
  ImFontConfig config;
  config.GlyphRanges = glyph_ranges;
  config.FontBuilderFlags = ImGuiFreeTypeBuilderFlags_LightHinting;
  config.OversampleH = 1;
  config.PixelSnapH = false;
  ImFont* font = atlas.AddFontFromFileTTF(file.c_str(), std::round(height * density), &config);
  if (font != nullptr) font->Scale = 1 / density;
  return font;
}

bool build_fonts(ImFontAtlas& atlas) {
  atlas.FontBuilderIO = ImGuiFreeType::GetBuilderForFreeType();
  if (!atlas.Build()) return false;
  for (const ImFontConfig& config : atlas.ConfigData) correct_advances(config);
  return true;
}

float font_height(ImFont* font) { return font->FontSize * font->Scale; }

#else

ImFont* add_font(ImFontAtlas& atlas, const std::filesystem::path& file, float height,
                 float density, const ImWchar* glyph_ranges) {
  atlas.SetFontLoader(ImGuiFreeType::GetFontLoader());
  ImFontConfig config;
  config.GlyphRanges = glyph_ranges;
  config.FontLoaderFlags = ImGuiFreeTypeLoaderFlags_LightHinting;
  config.OversampleH = 1;
  // The backend tells ImGui the density itself.
  return atlas.AddFontFromFileTTF(file.c_str(), std::round(height * density) / density,
                                  &config);
}

bool build_fonts(ImFontAtlas&) { return true; }

float font_height(ImFont* font) { return font->LegacySize; }

#endif

}  // namespace mien::ui
