#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mien/base/background_queue.hpp"
#include "mien/base/channel.hpp"
#include "mien/base/interruption.hpp"
#include "mien/base/window_options.hpp"
#include "mien/sources/cameras.hpp"
#include "mien/ui/ui.hpp"

#include "choices.hpp"
#include "kept_baselines.hpp"
#include "presenter.hpp"
#include "recording_desk.hpp"
#include "replay_desk.hpp"
#include "scout.hpp"
#include "sessions_desk.hpp"
#include "teaching.hpp"
#include "texture.hpp"
#include "window.hpp"

namespace mien {

/// The program with its window: joins the session's threads, the recorder and the panels, and
/// does what the panels ask for. The main thread's.
class WindowApp {
 public:
  /// Opens the window. Throws Error when there is no display.
  explicit WindowApp(WindowOptions options);
  ~WindowApp();

  /// Runs until the person, a signal or --exit-after ends it. Throws Error when the asked-for
  /// screenshot cannot be written. Returns the exit code.
  int run();

 private:
  using Clock = std::chrono::steady_clock;

  void start_session();
  void collect();  ///< what the threads have for us
  void collect_sessions();
  bool collect_replay();  ///< false: none is shown
  bool worth_drawing(bool input) const;
  void draw();
  double patience() const;  ///< seconds until something has to be looked at
  void update_view();
  void update_title();
  void rescale_if_needed();

  // window_actions.cpp
  void act(const Action& action);
  void on(const action::OpenSource& wish);
  void on(const action::OpenCamera& wish);
  void on(const action::UseModel& wish);
  void on(const action::UseReading& wish);
  void on(const action::AddModel& wish);
  void on(const action::UseDetector& wish);
  void on(const action::Pause& wish);
  void on(const action::Replay& wish);
  void on(const action::Record& wish);
  void on(const action::TakeScreenshot& wish);
  void on(const action::SetNeutral& wish);
  void on(const action::ClearNeutral& wish);
  void on(const action::KeepNeutral& wish);
  void on(const action::UseKept& wish);
  void on(const action::ForgetKept& wish);
  void on(const action::ChangeSettings& wish);
  void on(const action::RefreshLists& wish);

  // session_actions.cpp
  void on(const action::ChoosePrivacy& wish);
  void on(const action::ChooseEncoder& wish);
  void on(const action::Marker& wish);
  void on(const action::NamePerson& wish);
  void on(const action::AnswerRecovery& wish);
  void on(const action::ListSessions& wish);
  void on(const action::OpenSession& wish);
  void on(const action::LeaveSession& wish);
  void on(const action::Seek& wish);
  void on(const action::ExportSession& wish);
  void on(const action::OpenReport& wish);
  void on(const action::RevealSession& wish);
  void on(const action::DeleteSession& wish);
  void leave_session();
  std::optional<ReplayView> take_shown_replay();

  // teach_actions.cpp
  void on(const action::ShowFace& wish);
  void on(const action::TakeBackFace& wish);
  void on(const action::TakeBackLabel& wish);
  void on(const action::LearnFaces& wish);
  void on(const action::StopLearning& wish);
  void on(const action::KeepTaught& wish);
  void on(const action::ForgetTaught& wish);
  void collect_teaching();
  void list_models();  ///< those on the disk, and what was learned just now
  bool taught(const std::string& model) const;
  /// The model in use, as LiveSession::use_model() takes it.
  std::string model_in_use() const;

  // window_actions.cpp
  void on(const action::Quit& wish);
  void open_source(const std::string& spec);
  void start_recording();

  /// `interrupted`: by a signal, so that files are closed and nothing more.
  void begin_closing(bool interrupted = false);
  bool may_leave() const;
  /// Run by a script, which reads no notices and answers no questions.
  bool automated() const;
  void remember_what_runs();
  void remember_window_size();
  void take_screenshot();
  void say(Notice::Level level, std::string text);

  const WindowOptions options_;
  BackgroundQueue disk_;    ///< settings, resting faces, screenshots: small files
  BackgroundQueue adding_;  ///< a model, which is tried first
  /// Of what is done there.
  std::shared_ptr<Channel<Notice>> done_ = std::make_shared<Channel<Notice>>(100);
  Choices choices_;
  KeptBaselines kept_;

  std::unique_ptr<Window> window_;
  Theme theme_;
  float density_ = 0;
  Ui ui_;
  ViewModel view_;
  std::optional<Presenter> presenter_;  ///< from when there is a window

  std::unique_ptr<Teaching> teaching_;
  std::unique_ptr<Texture> taught_faces_;
  std::string model_before_teaching_;
  std::vector<Choice> found_models_;  ///< on the disk

  std::unique_ptr<LiveSession> session_;
  std::unique_ptr<Scout> scout_;
  CameraWatcher watcher_;
  Clock::time_point look_again_{};
  RecordingDesk recording_;
  ReplayDesk replay_{&Window::wake};
  SessionsDesk desk_{&Window::wake};
  bool recovery_asked_ = false;       ///< the first list was looked through for broken ones
  std::vector<SessionEntry> broken_;  ///< still to be asked about

  const Clock::time_point started_ = Clock::now();
  Clock::time_point drawn_{};
  Clock::time_point closing_since_{};
  int redraws_ = 3;  ///< still to do because of input: ImGui settles over a few frames
  bool animating_ = false;
  bool news_ = true;
  bool screenshot_wanted_ = false;
  bool closing_ = false;
  std::unique_ptr<Interruption> interruption_;  ///< while it runs
  /// Tells what is done beside the window that it need not be finished.
  std::shared_ptr<std::atomic<bool>> leaving_ = std::make_shared<std::atomic<bool>>(false);
};

/// Runs the window. Returns the exit code. Throws as WindowApp does.
int open_window(const WindowOptions& options);

}  // namespace mien
