#include "window_app.hpp"

#include <algorithm>
#include <cmath>
#include <csignal>
#include <iostream>
#include <utility>

#include <imgui.h>

#include "mien/base/error.hpp"
#include "mien/base/paths.hpp"
#include "mien/emotions/model_installer.hpp"

#include "screenshot.hpp"

namespace mien {

using namespace std::chrono_literals;

namespace {

volatile std::sig_atomic_t signal_came = 0;

void on_signal(int) { signal_came = 1; }

double seconds_since(std::chrono::steady_clock::time_point then) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - then).count();
}

}  // namespace

WindowApp::WindowApp(WindowOptions options)
    : options_(std::move(options)),
      settings_file_(default_settings_file()),
      kept_(user_data_dir() / "neutral.json") {
  auto loaded = load_settings(settings_file_);
  settings_ = std::move(loaded.settings);
  if (!loaded.differ) saved_ = settings_;
  for (auto& problem : loaded.problems) say(Notice::Level::warning, std::move(problem));
  if (!kept_.problem().empty()) say(Notice::Level::warning, kept_.problem());
  settings_.window_width = std::clamp(settings_.window_width, 900, 8000);
  settings_.window_height = std::clamp(settings_.window_height, 600, 8000);
  window_ = std::make_unique<Window>("mien",
                                     cv::Size(settings_.window_width, settings_.window_height));
  window_->set_fullscreen(settings_.fullscreen);
  texture_ = std::make_unique<Texture>();
  taught_faces_ = std::make_unique<Texture>();
  view_.version = MIEN_VERSION;
  view_.sessions_folder = sessions_root().string();
  record_wanted_ = options_.record;
  privacy_option_ = options_.privacy;
  encoder_option_ = options_.encoder;
  view_.first_run = !settings_.notice_acknowledged && !automated();
  start_session();
  if (!automated()) desk_.look(sessions_root());
  if (automated()) tell_first_notice();
  if (view_.first_run && record_wanted_) {
    std::cerr << "mien: Recording starts when the notice in the window has been accepted.\n";
  }
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
  // A terminal that is closed. Whoever wrote nohup in front wants the program to go on.
  if (std::signal(SIGHUP, on_signal) == SIG_IGN) std::signal(SIGHUP, SIG_IGN);
}

WindowApp::~WindowApp() {
  // The threads wake the window, so they end first.
  session_.reset();
  scout_.reset();
  teaching_.reset();
  texture_.reset();
  taught_faces_.reset();
}

void WindowApp::start_session() {
  LiveSession::Start start;
  start.source.spec = options_.source.empty() ? settings_.source : options_.source;
  start.source.realtime = true;
  start.model = options_.model.empty() ? settings_.model : options_.model;
  start.detector = options_.detector.empty() ? settings_.detector : options_.detector;
  start.source.mode = remembered_mode(start.source.spec);
  teaching_ = std::make_unique<Teaching>(Teaching::Start{
      .make_features = [] { return make_embedding_features(ModelLibrary::standard()); },
      .models_dir = user_models_dir(),
      .library = &ModelLibrary::standard,
      .wake = &Window::wake});
  auto factories = LiveSession::standard_factories(&Window::wake);
  factories.load_model = [taught = teaching_.get(),
                          others = factories.load_model](const std::string& id) {
    auto model = taught->make_model(id);
    return model ? std::move(model) : others(id);
  };
  session_ = std::make_unique<LiveSession>(std::move(factories), std::move(start));
  scout_ = std::make_unique<Scout>(&Window::wake);
}

int WindowApp::run() {
  while (true) {
    const bool input = window_->wait(patience());
    if (signal_came != 0) begin_closing(true);
    if (window_->close_wanted()) begin_closing();
    if (options_.exit_after > 0 && seconds_since(started_) >= options_.exit_after)
      begin_closing();
    for (auto& path : window_->take_dropped()) open_source(path);
    collect();
    if (input) redraws_ = 3;
    const bool leaving = closing_ && may_leave();
    if (worth_drawing(input) || leaving) draw();
    if (leaving) break;
    if (settings_ != saved_ && Clock::now() - settings_changed_ > 2s) save_settings_now();
  }
  remember_what_runs();
  save_settings_now();
  for (auto& writing : writing_) writing.wait();
  return kDone;
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
  for (auto& notice : recording_.poll(*session_)) view_.notices.push_back(std::move(notice));
  for (auto it = writing_.begin(); it != writing_.end();) {
    if (it->wait_for(0s) != std::future_status::ready) {
      ++it;
      continue;
    }
    view_.notices.push_back(it->get());
    it = writing_.erase(it);
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
  auto chosen = chooser_.choose(std::move(live.frame), std::move(live.analysis),
                                view_.status.source.live, now);
  if (chosen.frame != chosen_.frame || chosen.analysis != chosen_.analysis) news_ = true;
  chosen_ = std::move(chosen);
  if (record_wanted_ && !view_.first_run && chosen_.analysis &&
      !view_.status.model_id.empty()) {
    record_wanted_ = false;
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
  view_.settings = settings_;
  view_.kept_people = kept_.names(view_.status.model_id);
  view_.recording = recording_.view();
  view_.privacy = privacy();
  view_.video_encoder = encoder();
  view_.first_run = !settings_.notice_acknowledged && !automated();
  view_.record_at_acceptance = view_.first_run && record_wanted_;
  // A file's frames are read ahead of their time: their age says nothing.
  view_.latency_ms = latency_.median_ms(now);
  if (!view_.status.source.live) view_.latency_ms.reset();
  view_.mirrored = settings_.mirror_cameras && view_.status.source.kind == "camera";
  view_.analysis = chosen_.analysis;
  view_.reading_strength = chosen_.strength;
  view_.picture_size = chosen_.frame ? chosen_.frame->image.size() : cv::Size();
  if (chosen_.frame) {
    const auto layout = compute_layout(ImGui::GetIO().DisplaySize, theme_.scale, settings_);
    const float by =
        std::min(layout.picture.width() / static_cast<float>(view_.picture_size.width),
                 layout.picture.height() / static_cast<float>(view_.picture_size.height));
    const float width = by * static_cast<float>(view_.picture_size.width) * density_;
    const int cols = view_.picture_size.width;
    if (chosen_.frame != uploaded_ ||
        Texture::shrink_factor(cols, width) != Texture::shrink_factor(cols, uploaded_width_)) {
      texture_->upload(chosen_.frame->image, width);
      uploaded_width_ = width;
    }
  }
  view_.picture = chosen_.frame ? texture_->id() : 0;
}

void WindowApp::draw() {
  rescale_if_needed();
  window_->begin_frame();
  const bool fresh = chosen_.frame && chosen_.frame != uploaded_;
  update_view();
  uploaded_ = chosen_.frame;
  news_ = false;
  auto& ui = view_.replay && replay_ui_ ? *replay_ui_ : ui_;
  auto result = ui.draw(view_, theme_);
  view_.notices.clear();
  window_->draw();
  if (screenshot_wanted_) take_screenshot();
  window_->show_drawn();
  drawn_ = Clock::now();
  if (fresh && !view_.replay) latency_.add(chosen_.frame->arrived, drawn_);
  if (chosen_.analysis) drew_analysis_ = true;
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
  closing_since_ = Clock::now();
  recording_.stop(*session_, interrupted);
  if (!options_.screenshot.empty()) screenshot_wanted_ = true;
  news_ = true;
}

bool WindowApp::may_leave() const {
  if (recording_.busy()) return false;
  // A script that asks for a picture wants one with something in it; not for ever, though.
  return options_.screenshot.empty() || drew_analysis_ || seconds_since(closing_since_) > 15;
}

/// What was chosen in the window is remembered once it runs: a choice that failed is not.
void WindowApp::remember_what_runs() {
  const auto& status = view_.status;
  const auto keep = [this](std::string& setting, const std::string& value) {
    if (setting == value) return;
    setting = value;
    save_settings_soon();
  };
  if (!wished_source_.empty() &&
      (status.source.spec == wished_source_ || status.source.spec != source_before_wish_)) {
    keep(settings_.source, status.source.spec);
    wished_source_.clear();
  }
  if (!wished_model_.empty() && status.model_id == wished_model_ &&
      !teaching_->unkept(wished_model_)) {
    keep(settings_.model, wished_model_);
  }
  if (!wished_detector_.empty() && status.detector_id == wished_detector_) {
    keep(settings_.detector, wished_detector_);
  }
}

void WindowApp::save_settings_soon() { settings_changed_ = Clock::now(); }

void WindowApp::save_settings_now() {
  const cv::Size size = window_->size_at_scale_1();
  if (!size.empty()) {
    settings_.window_width = size.width;
    settings_.window_height = size.height;
  }
  if (settings_ == saved_) return;
  saved_ = settings_;
  try {
    save_settings(settings_file_, settings_);
  } catch (...) {
    say(Notice::Level::warning, describe_current_exception());
  }
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
  writing_.push_back(std::async(std::launch::async, [picture] {
    try {
      const auto file = new_screenshot_file(default_screenshots_dir());
      write_screenshot(picture, file);
      return Notice{Notice::Level::info, "Screenshot: " + file.string()};
    } catch (...) {
      return Notice{Notice::Level::error, describe_current_exception()};
    }
  }));
}

void WindowApp::say(Notice::Level level, std::string text) {
  view_.notices.push_back({level, std::move(text)});
  news_ = true;
}

int open_window(const WindowOptions& options) { return WindowApp(options).run(); }

}  // namespace mien
