#include "window.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <GLFW/glfw3.h>
#include <backends/imgui_impl_glfw.h>
#include <backends/imgui_impl_opengl3.h>
#include <imgui.h>

#include "mien/base/log.hpp"
#include "mien/base/thread_annotations.hpp"
#include "mien/ui/imgui_versions.hpp"

#include "display.hpp"

namespace mien::app {
namespace {

static_assert(static_cast<int>(ui::Key::space) == GLFW_KEY_SPACE);
static_assert(static_cast<int>(ui::Key::escape) == GLFW_KEY_ESCAPE);
static_assert(static_cast<int>(ui::Key::right) == GLFW_KEY_RIGHT);
static_assert(static_cast<int>(ui::Key::left) == GLFW_KEY_LEFT);
static_assert(static_cast<int>(ui::Key::f1) == GLFW_KEY_F1);
static_assert(static_cast<int>(ui::Key::f11) == GLFW_KEY_F11);
static_assert(static_cast<int>(ui::Key::keypad_1) == GLFW_KEY_KP_1);

// At scale 1.
constexpr int kMinWidth = 900;
constexpr int kMinHeight = 600;

/// The monitor that shows most of the window.
GLFWmonitor* monitor_of(GLFWwindow* window) {
  int x = 0, y = 0, width = 0, height = 0, count = 0;
  glfwGetWindowPos(window, &x, &y);
  glfwGetWindowSize(window, &width, &height);
  GLFWmonitor** monitors = glfwGetMonitors(&count);
  GLFWmonitor* best = nullptr;
  int most = -1;
  for (int i = 0; i < count; ++i) {
    int mx = 0, my = 0;
    glfwGetMonitorPos(monitors[i], &mx, &my);
    const GLFWvidmode* mode = glfwGetVideoMode(monitors[i]);
    const cv::Rect overlap =
        cv::Rect(x, y, width, height) & cv::Rect(mx, my, mode->width, mode->height);
    if (overlap.area() > most) {
      most = overlap.area();
      best = monitors[i];
    }
  }
  return best;
}

// Threads that are left behind may still call wake() when there is no window any more.
base::Mutex wake_mutex;
bool can_be_woken MIEN_GUARDED_BY(wake_mutex) = false;

}  // namespace

Window::Window(const std::string& title, cv::Size size) : title_(title) {
  start_glfw();
  try {
    window_ = create_gl_window(size.width, size.height, title.c_str());
  } catch (...) {
    glfwTerminate();
    throw;
  }
  glfwSetWindowUserPointer(window_, this);
  const float by = scale();
  int x = 0, y = 0, width = 0, height = 0;
  if (GLFWmonitor* monitor = glfwGetPrimaryMonitor()) {
    glfwGetMonitorWorkarea(monitor, &x, &y, &width, &height);
  }
  const auto scaled = [&](int length, int limit) {
    const int wanted = static_cast<int>(std::lround(static_cast<float>(length) * by));
    return limit > 0 ? std::min(wanted, limit) : wanted;
  };
  glfwSetWindowSizeLimits(window_, scaled(kMinWidth, width), scaled(kMinHeight, height),
                          GLFW_DONT_CARE, GLFW_DONT_CARE);
  glfwSetWindowSize(window_, scaled(size.width, width), scaled(size.height, height));
  glfwMakeContextCurrent(window_);
  glfwSwapInterval(1);
  install_callbacks();
  const auto facts = display_facts();
  base::log::info("window", "OpenGL ", facts.gl_version, " by ", facts.gl_renderer, ", GLFW ",
                  glfwGetVersionString(), ", ImGui ", ImGui::GetVersion(), ", scale ",
                  facts.scale);
  ImGui::CreateContext();
  ImGui::GetIO().IniFilename = nullptr;
  ImGui_ImplGlfw_InitForOpenGL(window_, true);
  ImGui_ImplOpenGL3_Init("#version 130");
  glfwShowWindow(window_);
  const base::MutexLock lock(wake_mutex);
  can_be_woken = true;
}

Window::~Window() {
  {
    const base::MutexLock lock(wake_mutex);
    can_be_woken = false;
  }
  ImGui_ImplOpenGL3_Shutdown();
  ImGui_ImplGlfw_Shutdown();
  ImGui::DestroyContext();
  glfwDestroyWindow(window_);
  glfwTerminate();
}

Window& Window::of(GLFWwindow* window) {
  return *static_cast<Window*>(glfwGetWindowUserPointer(window));
}

void Window::note_input() { input_ = true; }

namespace {

bool is_latin_letter(const char* name) {
  return name != nullptr && name[0] >= 'a' && name[0] <= 'z' && name[1] == 0;
}

/// Where it has none, as with Greek or Cyrillic, a key counts by its place.
bool layout_has_latin_letters() {
  for (int key = GLFW_KEY_A; key <= GLFW_KEY_Z; ++key) {
    if (is_latin_letter(glfwGetKeyName(key, 0))) return true;
  }
  return false;
}

}  // namespace

/// A key that goes down and up between two frames would never be seen by ImGui 1.86: it is kept
/// down for one.
void Window::note_key(int key, int scancode) {
  if (ui::kSeesShortPresses || key < 0 || key > GLFW_KEY_LAST) return;
  // By the letter on the key, as ImGui's backend counts them.
  const char* name = glfwGetKeyName(key, scancode);
  if (is_latin_letter(name)) {
    key = name[0] - 'a' + GLFW_KEY_A;
  } else if (key >= GLFW_KEY_A && key <= GLFW_KEY_Z && layout_has_latin_letters()) {
    return;  // as the comma of AZERTY, where QWERTY has its M
  }
  pressed_.push_back(key);
}

/// ImGui's backend, installed afterwards, calls these on.
void Window::install_callbacks() {
  glfwSetCursorPosCallback(window_, [](GLFWwindow* w, double, double) { of(w).note_input(); });
  glfwSetCursorEnterCallback(window_, [](GLFWwindow* w, int) { of(w).note_input(); });
  glfwSetMouseButtonCallback(window_, [](GLFWwindow* w, int, int, int) { of(w).note_input(); });
  glfwSetScrollCallback(window_, [](GLFWwindow* w, double, double) { of(w).note_input(); });
  glfwSetKeyCallback(window_, [](GLFWwindow* w, int key, int scancode, int action, int) {
    of(w).note_input();
    if (action == GLFW_PRESS) of(w).note_key(key, scancode);
  });
  glfwSetCharCallback(window_, [](GLFWwindow* w, unsigned) { of(w).note_input(); });
  glfwSetWindowFocusCallback(window_, [](GLFWwindow* w, int) { of(w).note_input(); });
  glfwSetWindowRefreshCallback(window_, [](GLFWwindow* w) { of(w).note_input(); });
  glfwSetFramebufferSizeCallback(window_, [](GLFWwindow* w, int, int) { of(w).note_input(); });
  glfwSetWindowIconifyCallback(window_, [](GLFWwindow* w, int) { of(w).note_input(); });
  glfwSetWindowCloseCallback(window_, [](GLFWwindow* w) { of(w).note_input(); });
  glfwSetWindowContentScaleCallback(window_,
                                    [](GLFWwindow* w, float, float) { of(w).note_input(); });
  glfwSetDropCallback(window_, [](GLFWwindow* w, int count, const char** paths) {
    of(w).dropped_.assign(paths, paths + count);
    of(w).note_input();
  });
}

bool Window::wait(double seconds) {
  input_ = false;
  if (seconds > 0) {
    glfwWaitEventsTimeout(seconds);
  } else {
    glfwPollEvents();
  }
  return input_;
}

void Window::wake() {
  const base::MutexLock lock(wake_mutex);
  if (can_be_woken) glfwPostEmptyEvent();
}

bool Window::close_wanted() const { return glfwWindowShouldClose(window_) != 0; }

bool Window::shown() const { return glfwGetWindowAttrib(window_, GLFW_ICONIFIED) == 0; }

std::vector<std::string> Window::take_dropped() { return std::exchange(dropped_, {}); }

float Window::scale() const { return layout_scale(window_); }

float Window::density() const { return pixel_density(window_); }

analysis::DisplayFacts Window::display_facts() const { return facts_of(window_); }

cv::Size Window::size_at_scale_1() const {
  cv::Size size = windowed_.size();
  if (!fullscreen_) glfwGetWindowSize(window_, &size.width, &size.height);
  const float by = scale();
  return {static_cast<int>(std::lround(static_cast<float>(size.width) / by)),
          static_cast<int>(std::lround(static_cast<float>(size.height) / by))};
}

void Window::set_title(const std::string& title) {
  if (title == title_) return;
  title_ = title;
  glfwSetWindowTitle(window_, title.c_str());
}

void Window::set_fullscreen(bool on) {
  if (on == fullscreen_) return;
  if (on) {
    GLFWmonitor* monitor = monitor_of(window_);
    if (monitor == nullptr) return;
    glfwGetWindowPos(window_, &windowed_.x, &windowed_.y);
    glfwGetWindowSize(window_, &windowed_.width, &windowed_.height);
    const GLFWvidmode* mode = glfwGetVideoMode(monitor);
    glfwSetWindowMonitor(window_, monitor, 0, 0, mode->width, mode->height, mode->refreshRate);
  } else {
    glfwSetWindowMonitor(window_, nullptr, windowed_.x, windowed_.y, windowed_.width,
                         windowed_.height, GLFW_DONT_CARE);
  }
  fullscreen_ = on;
  glfwSwapInterval(1);
}

void Window::begin_frame() {
  ImGui_ImplOpenGL3_NewFrame();
  ImGui_ImplGlfw_NewFrame();
  for (const int key : std::exchange(pressed_, {})) {
    if (ui::key_down(static_cast<ui::Key>(key))) continue;
    ui::set_key(static_cast<ui::Key>(key), true);
    held_.push_back(key);
  }
  ImGui::NewFrame();
}

void Window::draw() {
  ImGui::Render();
  for (const int key : std::exchange(held_, {})) ui::set_key(static_cast<ui::Key>(key), false);
  int width = 0, height = 0;
  glfwGetFramebufferSize(window_, &width, &height);
  glViewport(0, 0, width, height);
  const ImVec4 ground = ImGui::GetStyle().Colors[ImGuiCol_WindowBg];
  glClearColor(ground.x, ground.y, ground.z, 1);
  glClear(GL_COLOR_BUFFER_BIT);
  ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
}

cv::Mat Window::picture() const {
  int width = 0, height = 0;
  glfwGetFramebufferSize(window_, &width, &height);
  cv::Mat upside_down(height, width, CV_8UC3);
  glPixelStorei(GL_PACK_ALIGNMENT, 1);
  glReadBuffer(GL_BACK);
  glReadPixels(0, 0, width, height, GL_BGR, GL_UNSIGNED_BYTE, upside_down.data);
  cv::Mat picture;
  cv::flip(upside_down, picture, 0);
  return picture;
}

void Window::show_drawn() { glfwSwapBuffers(window_); }

void Window::fonts_changed() {
#if IMGUI_VERSION_NUM < 19200  // later ones keep the texture up to date themselves
  // The next frame makes all of it anew; the texture alone it would not.
  ImGui_ImplOpenGL3_DestroyDeviceObjects();
#endif
}

}  // namespace mien::app
