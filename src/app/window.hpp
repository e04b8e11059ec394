#pragma once

#include <string>
#include <vector>

#include <opencv2/core.hpp>

#include "mien/analysis/system_report.hpp"

struct GLFWwindow;

namespace mien::app {

/// A GLFW window with OpenGL 3 and a Dear ImGui context in it. One at a time; the main
/// thread's, but for wake().
class Window {
 public:
  /// `size` is for scale 1 and grows with the screen's scale. Throws Error when there is no
  /// display or no OpenGL.
  Window(const std::string& title, cv::Size size);
  ~Window();
  Window(const Window&) = delete;
  Window& operator=(const Window&) = delete;

  /// Waits for events, a wake() or the time-out. True when a person did something.
  bool wait(double seconds);
  /// Ends a wait(). Any thread, while the window lives.
  static void wake();

  bool close_wanted() const;
  bool shown() const;  ///< false while minimised
  /// Files dropped on the window since the last call.
  std::vector<std::string> take_dropped();

  /// How much larger than at 96 dpi things are laid out, in window coordinates. $MIEN_SCALE
  /// overrides what the screen says.
  float scale() const;
  /// Pixels of the screen for one window coordinate: 1 except on Wayland.
  float density() const;
  /// The window's size at scale 1, for the settings; that before full screen.
  cv::Size size_at_scale_1() const;

  /// What the system check says of the screen and its OpenGL.
  analysis::DisplayFacts display_facts() const;

  void set_title(const std::string& title);
  void set_fullscreen(bool on);

  void begin_frame();       ///< of ImGui
  void draw();              ///< renders the ImGui frame; not yet to be seen
  cv::Mat picture() const;  ///< what was drawn, BGR
  void show_drawn();        ///< swaps buffers
  void fonts_changed();     ///< the font atlas was rebuilt

 private:
  void note_input();
  void note_key(int key, int scancode);
  void install_callbacks();
  static Window& of(GLFWwindow* window);

  GLFWwindow* window_ = nullptr;
  bool input_ = false;
  bool fullscreen_ = false;
  cv::Rect windowed_;  ///< position and size before full screen
  std::string title_;
  std::vector<std::string> dropped_;
  std::vector<int> pressed_;  ///< since the last frame
  std::vector<int> held_;     ///< released already, kept down for one frame
};

}  // namespace mien::app
