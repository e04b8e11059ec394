#pragma once

#include <chrono>
#include <optional>

#include "mien/base/background_queue.hpp"
#include "mien/base/window_options.hpp"
#include "mien/ui/ui.hpp"

#include "choices.hpp"
#include "discovery.hpp"
#include "models_controller.hpp"
#include "opinions.hpp"
#include "outputs_controller.hpp"
#include "people.hpp"
#include "playback_controller.hpp"
#include "presenter.hpp"
#include "recording_controller.hpp"
#include "redraw_schedule.hpp"
#include "screenshot.hpp"
#include "sessions_controller.hpp"
#include "system_checker.hpp"
#include "teaching.hpp"
#include "texture.hpp"
#include "window.hpp"

namespace mien::app {

/// The program with its window: the loop that collects what the threads have, draws, and gives
/// what the panels ask for to its owners, none of which needs a display. The main thread's.
class WindowApp {
 public:
  /// Opens the window. Throws Error when there is no display.
  explicit WindowApp(base::WindowOptions options);

  /// Runs until the person, a signal or --exit-after ends it. Throws Error when the asked-for
  /// screenshot cannot be written. Returns the exit code.
  int run();

  void handle(const ui::action::Quit& /*action*/) { begin_closing(); }

 private:
  using Clock = std::chrono::steady_clock;

  analysis::LiveSession::Factories factories() const;
  analysis::LiveSession::Start first_choices() const;
  analysis::SystemCheckRequest plan_system_check() const;
  RecordingController::Plan plan_recording(const analysis::LiveStatus& status) const;

  void collect();  ///< what the threads have for us
  void draw();
  void act(const ui::Action& action);
  void update_view();
  void update_title();
  void rescale_if_needed();

  /// `interrupted`: by a signal, so that files are closed and nothing more.
  void begin_closing(bool interrupted = false);
  bool may_leave() const;
  int finish();  ///< saves what is remembered; the exit code
  /// Run by a script, which reads no notices and answers no questions.
  bool automated() const;
  void remember_running(const analysis::LiveStatus& status);
  void remember_window_size();

  // What lies above is used by what lies below, and outlives it.
  const base::WindowOptions options_;
  base::BackgroundQueue disk_;  ///< settings, resting faces, screenshots: small files
  Choices choices_;
  ui::ViewModel view_;
  Window window_;
  ui::Theme theme_;
  float density_ = 0;
  ui::Ui ui_;  ///< of the live picture
  RedrawSchedule redraw_;
  Presenter presenter_;
  Texture taught_faces_;
  Teaching teaching_;
  analysis::LiveSession session_;
  People people_;
  OutputsController outputs_;
  RecordingController recording_;
  PlaybackController playback_;
  SessionsController sessions_;
  Discovery discovery_;
  ModelsController models_;
  Screenshots screenshots_;
  SystemChecker system_checker_;
  Opinions opinions_;

  const Clock::time_point started_ = Clock::now();
  std::optional<Clock::time_point> closing_since_;
};

/// Runs the window. Returns the exit code. Throws as WindowApp does.
int open_window(const base::WindowOptions& options);

}  // namespace mien::app
