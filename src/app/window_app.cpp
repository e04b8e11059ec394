#include "window_app.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iostream>
#include <utility>

#include <imgui.h>

#include "mien/base/error.hpp"
#include "mien/base/first_notice.hpp"
#include "mien/base/paths.hpp"
#include "mien/base/redaction.hpp"
#include "mien/emotions/model_installer.hpp"

#include "screenshot.hpp"

namespace mien {

using namespace std::chrono_literals;

namespace {

const cv::Size kSmallestWindow(900, 600);
constexpr int kLargestWindowSide = 8000;

double seconds_since(std::chrono::steady_clock::time_point then) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - then).count();
}

}  // namespace

WindowApp::WindowApp(WindowOptions options)
    : options_(std::move(options)),
      choices_(default_settings_file(),
               {.source = options_.source,
                .model = options_.model,
                .reading = options_.reading,
                .detector = options_.detector,
                .privacy = options_.privacy,
                .encoder = options_.encoder,
                .sessions = options_.sessions},
               disk_),
      kept_(user_data_dir() / "neutral.json", &disk_) {
  for (auto& notice : choices_.take_notices()) say(notice.level, std::move(notice.text));
  if (!kept_.problem().empty()) say(Notice::Level::warning, kept_.problem());
  const auto& settings = choices_.settings();
  window_ = std::make_unique<Window>(
      "mien",
      cv::Size(std::clamp(settings.window_width, kSmallestWindow.width, kLargestWindowSide),
               std::clamp(settings.window_height, kSmallestWindow.height, kLargestWindowSide)));
  window_->set_fullscreen(settings.fullscreen);
  presenter_.emplace(std::make_unique<Texture>());
  taught_faces_ = std::make_unique<Texture>();
  view_.version = MIEN_VERSION;
  view_.sessions_folder = choices_.sessions_folder().string();
  if (options_.record) recording_.want_one();
  view_.first_run = !settings.notice_acknowledged && !automated();
  start_session();
  if (!automated()) desk_.look(choices_.sessions_folder());
  if (automated()) tell_first_notice();
  if (view_.first_run && recording_.wanted()) {
    std::cerr << "mien: Recording starts when the notice in the window has been accepted.\n";
  }
}

WindowApp::~WindowApp() {
  interruption_.reset();
  // Those whose threads can be waited for end first; Window::wake() ignores all others. What
  // holds textures goes while the window's OpenGL context is there.
  session_.reset();
  scout_.reset();
  teaching_.reset();
  presenter_.reset();
  taught_faces_.reset();
}

void WindowApp::start_session() {
  LiveSession::Start start;
  start.source.spec = choices_.source();
  start.source.realtime = true;
  start.model = choices_.model();
  start.reading = choices_.reading();
  start.detector = choices_.detector();
  start.stand_ins = !options_.record;
  start.waits_for_sink = options_.record;
  start.source.mode = choices_.camera_mode(start.source.spec);
  teaching_ = std::make_unique<Teaching>(Teaching::Start{
      .make_features = [] { return make_embedding_features(ModelLibrary::standard()); },
      .models_dir = user_models_dir(),
      .library = &ModelLibrary::standard,
      .wake = &Window::wake});
  auto factories = LiveSession::standard_factories(&Window::wake);
  factories.load_model = [taught = teaching_.get(), others = factories.load_model](
                             const std::string& id, const std::string& reading) {
    auto model = taught->make_model(id);
    return model ? std::move(model) : others(id, reading);
  };
  session_ = std::make_unique<LiveSession>(std::move(factories), std::move(start));
  scout_ = std::make_unique<Scout>(&Window::wake);
}

int WindowApp::run() {
  // The first signal closes in good order; a second one ends the program, whatever it waits
  // for.
  interruption_ = std::make_unique<Interruption>(&Window::wake);
  while (true) {
    const bool input = window_->wait(patience());
    if (interruption_->asked()) begin_closing(true);
    if (window_->close_wanted()) begin_closing();
    if (options_.exit_after > 0 && seconds_since(started_) >= options_.exit_after)
      begin_closing();
    for (auto& path : window_->take_dropped()) open_source(path);
    collect();
    if (input) redraws_ = 3;
    const bool leaving = closing_ && may_leave();
    if (worth_drawing(input) || leaving) draw();
    if (leaving) break;
    choices_.save();
  }
  remember_what_runs();
  remember_window_size();
  choices_.save(true);
  disk_.wait(5s);
  for (const auto& notice : choices_.take_notices()) {
    std::cerr << "mien: " + notice.text + "\n" << std::flush;
  }
  if (!options_.record) return EXIT_SUCCESS;
  std::string problem = recording_.problem();
  if (problem.empty() && recording_.wanted() && !view_.first_run) {
    problem = "Nothing was recorded: the program was ended before the first picture.";
  }
  if (problem.empty()) return EXIT_SUCCESS;
  std::cerr << "mien: " + redact_addresses(problem) + "\n" << std::flush;
  return EXIT_FAILURE;
}

double WindowApp::patience() const {
  const double since = seconds_since(drawn_);
  if (!window_->shown()) return 0.25;
  // Where there is no vsync to wait for, sixty redraws a second are enough.
  if (redraws_ > 0 || animating_ || news_) return std::max(0.0, 1.0 / 60 - since);
  return 0.25;
}

void WindowApp::collect() {
  const auto now = Clock::now();
  auto live = session_->snapshot();
  view_.status = std::move(live.status);
  for (auto& notice : session_->take_notices()) view_.notices.push_back(std::move(notice));
  for (auto& notice : recording_.poll(*session_, view_.status)) {
    view_.notices.push_back(std::move(notice));
  }
  if (recording_.wanted() && !view_.status.missing.empty()) {
    recording_.fail(view_.status.missing);
  }
  // What --record was to do could not even be begun: a script looks at the exit code.
  if (recording_.refused()) begin_closing();
  for (auto& notice : choices_.take_notices()) view_.notices.push_back(std::move(notice));
  if (auto problem = kept_.take_problem()) say(Notice::Level::error, std::move(*problem));
  while (auto notice = done_->try_pop()) {
    view_.notices.push_back(std::move(*notice));
    scout_->look();  // it may have been a model
  }
  collect_sessions();
  collect_teaching();
  if (!view_.notices.empty()) news_ = true;

  // A device node shows up before its permissions are set: look twice.
  if (watcher_.changed()) {
    scout_->look();
    look_again_ = now + 1s;
  } else if (look_again_ != Clock::time_point{} && now >= look_again_) {
    scout_->look();
    look_again_ = {};
  }
  if (auto found = scout_->take()) {
    view_.cameras = std::move(found->cameras);
    found_models_ = std::move(found->models);
    view_.teaching.kept = std::move(found->taught);
    list_models();
    view_.detectors = std::move(found->detectors);
    view_.cameras_known = true;
    for (auto& problem : found->problems) say(Notice::Level::warning, std::move(problem));
    news_ = true;
  }

  if (collect_replay()) return;
  if (presenter_->take_live(std::move(live.frame), std::move(live.analysis),
                            view_.status.source.live, now)) {
    news_ = true;
  }
  if (recording_.is_due(!view_.first_run && presenter_->chosen().analysis &&
                        !view_.status.model_id.empty())) {
    start_recording();
  }
  remember_what_runs();
}

bool WindowApp::worth_drawing(bool input) const {
  if (!window_->shown()) return false;
  const double since = seconds_since(drawn_);
  const bool wanted = input || redraws_ > 0 || animating_ || news_;
  // A status bar that stands still is looked at once a second.
  return (wanted && since >= 1.0 / 75) || since >= (recording_.busy() ? 0.25 : 1.0);
}

void WindowApp::rescale_if_needed() {
  const float scale = window_->scale();
  const float density = window_->density();
  if (scale == theme_.scale && density == density_ && theme_.regular != nullptr) return;
  theme_ = build_theme(scale, density, data_dir() / "assets" / "fonts");
  density_ = density;
  window_->fonts_changed();
}

void WindowApp::update_view() {
  const auto now = Clock::now();
  view_.settings = choices_.settings();
  view_.kept_people = kept_.names(view_.status.baseline_model);
  view_.recording = recording_.view();
  view_.privacy = choices_.privacy();
  view_.video_encoder = choices_.encoder();
  view_.first_run = !view_.settings.notice_acknowledged && !automated();
  view_.record_at_acceptance = view_.first_run && recording_.wanted();
  view_.mirrored = view_.settings.mirror_cameras && view_.status.source.kind == "camera";
  const auto layout = compute_layout(ImGui::GetIO().DisplaySize, theme_.scale, view_.settings);
  presenter_->present(
      view_, cv::Size2f(layout.picture.width(), layout.picture.height()) * density_, now);
}

void WindowApp::draw() {
  rescale_if_needed();
  window_->begin_frame();
  update_view();
  news_ = false;
  auto& ui = view_.replay ? *replay_.ui() : ui_;
  auto result = ui.draw(view_, theme_);
  view_.notices.clear();
  window_->draw();
  if (screenshot_wanted_) take_screenshot();
  window_->show_drawn();
  drawn_ = Clock::now();
  presenter_->seen(drawn_);
  redraws_ = std::max(0, redraws_ - 1);
  animating_ = result.animating;
  for (const auto& action : result.actions) act(action);
  if (!result.actions.empty()) redraws_ = std::max(redraws_, 2);
  update_title();
}

void WindowApp::update_title() {
  std::string title = "mien";
  for (const auto& part :
       {view_.status.model_name, view_.status.detector_id, view_.status.source.name}) {
    if (!part.empty()) title += " — " + part;
  }
  window_->set_title(title);
}

bool WindowApp::automated() const {
  return !options_.screenshot.empty() || options_.exit_after > 0;
}

void WindowApp::begin_closing(bool interrupted) {
  if (closing_) return;
  closing_ = true;
  *leaving_ = true;
  closing_since_ = Clock::now();
  recording_.close(*session_, interrupted);
  if (!options_.screenshot.empty()) screenshot_wanted_ = true;
  news_ = true;
}

bool WindowApp::may_leave() const {
  if (recording_.busy()) return false;
  // An export or a recovery is finished; one that hangs on a disk is not waited for.
  if (desk_.busy() && seconds_since(closing_since_) < 10) return false;
  // A script that asks for a picture wants one with something in it; not for ever, though.
  return options_.screenshot.empty() || presenter_->seen_analysis() ||
         seconds_since(closing_since_) > 15;
}

void WindowApp::remember_what_runs() {
  choices_.see(view_.status, teaching_->unkept(choices_.model_asked_for()).has_value());
}

void WindowApp::remember_window_size() {
  const cv::Size size = window_->size_at_scale_1();
  // A screen that forces a smaller one says nothing of the next screen.
  if (size.width < kSmallestWindow.width || size.height < kSmallestWindow.height) return;
  choices_.change([&](Settings& settings) {
    settings.window_width = size.width;
    settings.window_height = size.height;
  });
}

void WindowApp::take_screenshot() {
  const cv::Mat picture = window_->picture();
  if (closing_ && !options_.screenshot.empty()) {
    // Taken again until the last redraw, whose picture it is to be.
    if (may_leave()) write_screenshot(picture, options_.screenshot);
    return;
  }
  screenshot_wanted_ = false;
  // Compressing takes longer than a redraw may.
  try {
    disk_.run([picture, done = done_] {
      Notice notice;
      try {
        const auto file = new_screenshot_file(default_screenshots_dir());
        write_screenshot(picture, file);
        notice.text = "Screenshot: " + file.string();
      } catch (...) {
        notice = {Notice::Level::error, describe_current_exception()};
      }
      done->push_latest(std::move(notice));
      Window::wake();
    });
  } catch (const Error&) {  // no thread
    say(Notice::Level::error, describe_current_exception());
  }
}

void WindowApp::say(Notice::Level level, std::string text) {
  view_.notices.push_back({level, std::move(text)});
  news_ = true;
}

int open_window(const WindowOptions& options) { return WindowApp(options).run(); }

}  // namespace mien
