#include "display.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <ft2build.h>
#include <string>
#include <vector>

#include <GLFW/glfw3.h>
#include FT_FREETYPE_H
#include <imgui.h>

#include "mien/base/error.hpp"
#include "mien/base/paths.hpp"

namespace mien::app {
namespace {

// GLSL 1.30, in which ImGui's backend draws here, came with it.
constexpr int kGlMajor = 3;
constexpr int kGlMinor = 0;

constexpr const char* kWithoutWindow =
    "use `mien analyze INPUT --out DIR --video` to work without a window.";

std::string last_glfw_error() {
  const char* description = nullptr;
  glfwGetError(&description);
  std::string text = description != nullptr ? description : "unknown reason";
  while (!text.empty() && text.back() == '.') text.pop_back();
  return text;
}

std::string gl_words(GLenum what) {
  const auto* words = reinterpret_cast<const char*>(glGetString(what));
  return words != nullptr ? words : "";
}

std::string freetype_version() {
  FT_Library library = nullptr;
  if (FT_Init_FreeType(&library) != 0) return "does not start";
  FT_Int major = 0, minor = 0, patch = 0;
  FT_Library_Version(library, &major, &minor, &patch);
  FT_Done_FreeType(library);
  return std::to_string(major) + '.' + std::to_string(minor) + '.' + std::to_string(patch);
}

std::string glfw_version() {
  int major = 0, minor = 0, patch = 0;
  glfwGetVersion(&major, &minor, &patch);
  return std::to_string(major) + '.' + std::to_string(minor) + '.' + std::to_string(patch);
}

std::string window_system() {
#ifdef GLFW_PLATFORM
  switch (glfwGetPlatform()) {
    case GLFW_PLATFORM_WAYLAND:
      return "Wayland";
    case GLFW_PLATFORM_X11:
      break;
    default:
      return "unknown";
  }
#endif
  return base::environment("WAYLAND_DISPLAY").empty() ? "X11" : "X11, on a Wayland desktop";
}

std::string screen_words() {
  GLFWmonitor* monitor = glfwGetPrimaryMonitor();
  const GLFWvidmode* mode = monitor != nullptr ? glfwGetVideoMode(monitor) : nullptr;
  if (mode == nullptr) return {};
  int count = 0;
  glfwGetMonitors(&count);
  return std::to_string(mode->width) + "x" + std::to_string(mode->height) +
         (mode->refreshRate > 0 ? " at " + std::to_string(mode->refreshRate) + " Hz" : "") +
         (count > 1 ? ", and " + std::to_string(count - 1) + " more" : "");
}

std::vector<analysis::LibraryVersion> window_libraries() {
  return {{"Dear ImGui", ImGui::GetVersion()},
          {"GLFW", glfw_version()},
          {"FreeType", freetype_version()}};
}

/// The beginning of a sentence on why glfwCreateWindow() has just failed.
std::string why_no_window() {
  const auto reason = last_glfw_error();
  // Any OpenGL, to see how old it is.
  glfwDefaultWindowHints();
  glfwWindowHint(GLFW_VISIBLE, GLFW_FALSE);
  GLFWwindow* window = glfwCreateWindow(64, 64, "mien", nullptr, nullptr);
  if (window == nullptr) {
    return "This display offers no OpenGL (" + reason +
           "); install a graphics driver (package libgl1-mesa-dri), or ";
  }
  glfwMakeContextCurrent(window);
  const auto version = gl_words(GL_VERSION);
  glfwDestroyWindow(window);
  return "The OpenGL of this display is too old: it is " +
         version.substr(0, version.find(' ')) + ", and the window needs " +
         std::to_string(kGlMajor) + "." + std::to_string(kGlMinor) +
         "; update the graphics driver (package libgl1-mesa-dri), or ";
}

}  // namespace

void start_glfw() {
#ifdef GLFW_PLATFORM  // from GLFW 3.4 on: Wayland or X11, whichever is there
  // Without its folder there is no Wayland, and its library would print a line of its own.
  if (base::environment("XDG_RUNTIME_DIR").empty()) {
    glfwInitHint(GLFW_PLATFORM, GLFW_PLATFORM_X11);
  }
#endif
  if (glfwInit() == GLFW_TRUE) return;
  throw base::Error("No display was found (" + last_glfw_error() + "); " + kWithoutWindow);
}

GLFWwindow* create_gl_window(int width, int height, const char* title) {
  glfwDefaultWindowHints();
  glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, kGlMajor);
  glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, kGlMinor);
  glfwWindowHint(GLFW_VISIBLE, GLFW_FALSE);
  glfwWindowHintString(GLFW_X11_CLASS_NAME, "mien");
  glfwWindowHintString(GLFW_X11_INSTANCE_NAME, "mien");
#ifdef GLFW_WAYLAND_APP_ID  // from GLFW 3.4 on: the desktop entry whose icon the window wears
  glfwWindowHintString(GLFW_WAYLAND_APP_ID, "mien");
#endif
  GLFWwindow* window = glfwCreateWindow(width, height, title, nullptr, nullptr);
  if (window == nullptr) throw base::Error(why_no_window() + kWithoutWindow);
  return window;
}

float layout_scale(GLFWwindow* window) {
  if (const auto override = base::environment("MIEN_SCALE"); !override.empty()) {
    const float value = std::strtof(override.c_str(), nullptr);
    if (value >= 0.5F && value <= 4.0F) return value;
  }
  float x = 1, y = 1;
  glfwGetWindowContentScale(window, &x, &y);
  // Screens report odd values; at quarters the hairlines and fonts are crisp.
  const float content = std::round(std::max(x, y) / pixel_density(window) * 4) / 4;
  return std::clamp(content, 1.0F, 4.0F);
}

float pixel_density(GLFWwindow* window) {
  int width = 0, height = 0, pixels = 0, pixels_high = 0;
  glfwGetWindowSize(window, &width, &height);
  glfwGetFramebufferSize(window, &pixels, &pixels_high);
  if (width <= 0 || pixels <= 0) return 1;
  return std::max(1.0F, static_cast<float>(pixels) / static_cast<float>(width));
}

analysis::DisplayFacts facts_of(GLFWwindow* window) {
  analysis::DisplayFacts facts;
  facts.libraries = window_libraries();
  facts.window_system = window_system();
  facts.gl_vendor = gl_words(GL_VENDOR);
  facts.gl_renderer = gl_words(GL_RENDERER);
  facts.gl_version = gl_words(GL_VERSION);
  facts.screen = screen_words();
  facts.scale = layout_scale(window);
  return facts;
}

analysis::DisplayFacts look_at_display() {
  analysis::DisplayFacts facts;
  facts.libraries = window_libraries();
  bool started = false;
  try {
    start_glfw();
    started = true;
    facts.window_system = window_system();
    facts.screen = screen_words();
    GLFWwindow* window = create_gl_window(64, 64, "mien");
    glfwMakeContextCurrent(window);
    facts = facts_of(window);
    glfwDestroyWindow(window);
  } catch (...) {
    facts.problem = base::describe_current_exception();
  }
  if (started) glfwTerminate();
  return facts;
}

}  // namespace mien::app
