#pragma once

#include <string>

#include "mien/analysis/system_report.hpp"

struct GLFWwindow;

namespace mien::app {

// GLFW's display and its OpenGL, before there is a window and for its whole life. The main
// thread's.

/// Starts GLFW. Throws Error when there is no display.
void start_glfw();
/// Opens a window, not shown yet, with the OpenGL that mien draws with. The class, as window
/// managers see it, is "mien". Throws Error when the display's OpenGL will not do.
GLFWwindow* create_gl_window(int width, int height, const char* title);

/// How much larger than at 96 dpi things are laid out, in window coordinates. $MIEN_SCALE
/// overrides what the screen says.
float layout_scale(GLFWwindow* window);
/// Pixels of the screen for one window coordinate: 1 except on Wayland.
float pixel_density(GLFWwindow* window);

/// What there is to know of the display that shows `window`, whose context is current.
analysis::DisplayFacts facts_of(GLFWwindow* window);
/// The same before any window is open, for `mien --check`: a hidden one is opened and closed.
/// Throws nothing: why there can be no window is in DisplayFacts::problem.
analysis::DisplayFacts look_at_display();

}  // namespace mien::app
