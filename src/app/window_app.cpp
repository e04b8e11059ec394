#include "window_app.hpp"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <utility>

#include <imgui.h>

#include "mien/base/error.hpp"
#include "mien/base/first_notice.hpp"
#include "mien/base/interruption.hpp"
#include "mien/base/paths.hpp"
#include "mien/base/redaction.hpp"
#include "mien/models/model_installer.hpp"
#include "mien/models/model_library.hpp"
#include "mien/outputs/library_versions.hpp"
#include "mien/reports/report.hpp"

#include "dispatch.hpp"

namespace mien::app {

using namespace std::chrono_literals;

namespace {

const cv::Size kMinWindowSize(900, 600);
constexpr int kMaxWindowSide = 8000;

double seconds_since(std::chrono::steady_clock::time_point then) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - then).count();
}

cv::Size window_size(const base::Settings& settings) {
  return {std::clamp(settings.window_width, kMinWindowSize.width, kMaxWindowSide),
          std::clamp(settings.window_height, kMinWindowSize.height, kMaxWindowSide)};
}

Teaching::Start teaching_start() {
  return {
      .make_features =
          [] { return emotions::make_embedding_features(models::ModelLibrary::standard()); },
      .models_dir = models::user_models_dir(),
      .library = &models::ModelLibrary::standard,
      .wake = &Window::wake};
}

}  // namespace

WindowApp::WindowApp(base::WindowOptions options)
    : options_(std::move(options)),
      choices_(base::default_settings_file(), options_, disk_),
      window_("mien", window_size(choices_.settings())),
      presenter_(std::make_unique<Texture>()),
      teaching_(teaching_start()),
      session_(factories(), first_choices()),
      people_(base::user_data_dir() / "neutral.json", &disk_, session_, view_),
      outputs_({session_, choices_, view_, people_.names()}, &Window::wake),
      recording_(session_, view_, people_.names(),
                 [this](const analysis::LiveStatus& status) { return plan_recording(status); }),
      playback_({session_, choices_, presenter_, view_}, &Window::wake),
      sessions_(choices_, view_, &Window::wake, !automated()),
      discovery_(&Window::wake),
      models_({session_, choices_, presenter_, teaching_, discovery_, taught_faces_, view_},
              &Window::wake),
      screenshots_(disk_, &Window::wake),
      system_checker_(
          view_, [this] { return plan_system_check(); }, &Window::wake),
      opinions_(view_, disk_, &Window::wake) {
  const auto& settings = choices_.settings();
  window_.set_fullscreen(settings.fullscreen);
  view_.version = MIEN_VERSION;
  view_.sessions_folder = choices_.sessions_folder().string();
  view_.first_run = !settings.notice_acknowledged && !automated();
  try {
    outputs_.listen_to_shells();
  } catch (const base::Error& error) {
    view_.notices.push_back({base::Notice::Level::warning, error.what()});
  }
  if (options_.record) recording_.request_start();
  if (automated()) {
    base::print_first_run_notice();
  } else {
    sessions_.list();
  }
  if (view_.first_run && options_.record) {
    std::cerr << "mien: Recording starts when the notice in the window has been accepted.\n";
  }
}

analysis::LiveSession::Factories WindowApp::factories() const {
  auto factories = analysis::LiveSession::standard_factories(&Window::wake);
  factories.load_model = [taught = &teaching_, others = factories.load_model](
                             const std::string& id, const std::string& reading) {
    auto model = taught->make_model(id);
    return model ? std::move(model) : others(id, reading);
  };
  return factories;
}

analysis::LiveSession::Start WindowApp::first_choices() const {
  const std::string source = choices_.source();
  return {.source = {.spec = source, .realtime = true, .mode = choices_.camera_mode(source)},
          .detector = choices_.detector(),
          .model = choices_.model(),
          .reading = choices_.reading(),
          .landmarks = choices_.landmarks(),
          .allow_fallbacks = !options_.record,
          .hold_until_sink = options_.record};
}

analysis::SystemCheckRequest WindowApp::plan_system_check() const {
  analysis::SystemCheckRequest request{.version = MIEN_VERSION,
                                       .sessions_folder = choices_.sessions_folder(),
                                       .display = window_.display_facts(),
                                       .libraries = outputs::library_versions()};
  // A camera that is lost, or could not be opened, is what the check is for.
  using Live = analysis::LiveStatus::State;
  const auto& status = view_.status;
  if (status.state == Live::running || status.state == Live::paused) {
    request.in_use = status.source;
  }
  return request;
}

RecordingController::Plan WindowApp::plan_recording(const analysis::LiveStatus& status) const {
  recording::SessionOptions session;
  session.detector_id = status.detector_id;
  session.source = status.source;
  session.bars = choices_.settings().show_bars;
  session.privacy = choices_.privacy();
  session.encoder = choices_.encoder();
  session.landmarks_id = status.landmarks_id;
  session.movements_id = status.movements_id;
  if (status.movement_models) {
    session.landmarks_card = status.movement_models->landmarks.document;
    session.movements_card = status.movement_models->movements.document;
  }
  session.columns = status.landmarks_id.empty() ? sessions::Columns::basic : view_.columns;
  session.mesh =
      overlay::mesh_style_of(choices_.settings().mesh).value_or(overlay::MeshStyle::off);
  session.pose_axes = choices_.settings().show_pose;
  session.settings = choices_.settings();
  session.beside = true;
  session.make_report = reports::make_report;
  auto prepare = [session, root = choices_.sessions_folder(), model = models_.in_use(),
                  reading = status.model_reading,
                  taught = teaching_.unsaved_card(status.model_id)]() mutable {
    auto card =
        taught ? std::move(*taught)
               : models::ModelLibrary::standard().find(model, models::ModelCard::Task::emotion);
    session.model = models::with_reading_if_available(std::move(card), reading);
    session.folder = recording::new_session_folder(root);
    return session;
  };
  return {.privacy = session.privacy,
          .measured = session.columns != sessions::Columns::basic,
          .prepare = std::move(prepare)};
}

int WindowApp::run() {
  // The first signal closes in good order; a second one ends the program, whatever it waits
  // for.
  const base::Interruption interruption(&Window::wake);
  while (true) {
    const bool input = window_.wait(redraw_.seconds_to_wait(Clock::now(), window_.shown()));
    if (interruption.asked()) begin_closing(true);
    if (window_.close_wanted()) begin_closing();
    if (options_.exit_after > 0 && seconds_since(started_) >= options_.exit_after)
      begin_closing();
    for (auto& path : window_.take_dropped()) playback_.open_source(path);
    collect();
    if (input) redraw_.request_several();
    const bool leaving = closing_since_ && may_leave();
    if (leaving || redraw_.is_due(Clock::now(), window_.shown(), recording_.busy())) draw();
    if (leaving) return finish();
    choices_.save();
  }
}

int WindowApp::finish() {
  remember_running(session_.snapshot().status);
  remember_window_size();
  choices_.save(true);
  disk_.wait(5s);
  for (const auto& notice : choices_.take_notices()) {
    std::cerr << "mien: " + notice.text + "\n" << std::flush;
  }
  if (!options_.record) return EXIT_SUCCESS;
  std::string problem = recording_.problem();
  if (problem.empty() && recording_.start_requested() && !view_.first_run) {
    problem = "Nothing was recorded: the program was ended before the first picture.";
  }
  if (problem.empty()) return EXIT_SUCCESS;
  std::cerr << "mien: " + base::redact_addresses(problem) + "\n" << std::flush;
  return EXIT_FAILURE;
}

void WindowApp::collect() {
  auto live = session_.snapshot();
  view_.status = live.status;
  if (!recording_.busy()) {
    // The models of a recording that is awaited may still be loading.
    const bool measurable = !live.status.landmarks_id.empty() || recording_.start_requested();
    view_.columns = measurable ? choices_.columns() : sessions::Columns::basic;
  }
  const auto add_notices = [this](std::vector<base::Notice> notices) {
    std::move(notices.begin(), notices.end(), std::back_inserter(view_.notices));
  };
  add_notices(session_.take_notices());
  add_notices(choices_.take_notices());
  add_notices(screenshots_.take_notices());
  if (auto found = discovery_.poll()) {
    view_.cameras = std::move(found->cameras);
    view_.cameras_known = true;
    for (auto& problem : found->problems) {
      view_.notices.push_back({base::Notice::Level::warning, std::move(problem)});
    }
    outputs_.use_places(std::move(found->places));
    models_.take_found(std::move(*found));
    redraw_.request();
  }
  bool changed = sessions_.poll();
  outputs_.poll();
  recording_.note_outputs(outputs_.sending());
  for (const auto& command : outputs_.take_commands()) act(command);
  changed |= models_.poll();
  changed |= playback_.poll();
  changed |= system_checker_.poll();
  opinions_.poll();
  recording_.poll(live);
  // --record could not start: scripts check the exit code.
  if (recording_.start_failed()) begin_closing();
  if (!view_.replay) {
    remember_running(live.status);
    changed |= presenter_.take_live(std::move(live.frame), std::move(live.analysis),
                                    live.status.source.live, Clock::now());
  }
  people_.poll();
  if (changed || !view_.notices.empty()) redraw_.request();
}

void WindowApp::rescale_if_needed() {
  const float scale = window_.scale();
  const float density = window_.density();
  if (scale == theme_.scale && density == density_ && theme_.regular != nullptr) return;
  theme_ = ui::build_theme(scale, density, base::data_dir() / "assets" / "fonts");
  density_ = density;
  window_.fonts_changed();
}

void WindowApp::update_view() {
  view_.settings = choices_.settings();
  view_.privacy = choices_.privacy();
  view_.video_encoder = choices_.encoder();
  view_.first_run = !view_.settings.notice_acknowledged && !automated();
  view_.record_at_acceptance = view_.first_run && recording_.start_requested();
  view_.mirrored = view_.settings.mirror_cameras && view_.status.source.kind == "camera";
  const auto layout =
      ui::compute_layout(ImGui::GetIO().DisplaySize, theme_.scale, view_.settings);
  presenter_.present(view_,
                     cv::Size2f(layout.picture.width(), layout.picture.height()) * density_,
                     Clock::now());
}

void WindowApp::draw() {
  rescale_if_needed();
  window_.begin_frame();
  update_view();
  redraw_.begin();
  auto& ui = view_.replay ? *playback_.ui() : ui_;
  const auto result = ui.draw(view_, theme_);
  view_.notices.clear();
  if (!view_.replay) view_.markers.clear();  // the live timeline has them
  window_.draw();
  if (closing_since_ && !options_.screenshot.empty()) {
    // Take the screenshot of the last redraw.
    if (may_leave()) write_screenshot(window_.picture(), options_.screenshot);
  } else if (screenshots_.requested()) {
    screenshots_.write(window_.picture());
  }
  window_.show_drawn();
  const auto now = Clock::now();
  redraw_.drawn(now, result.animating);
  presenter_.shown(now);
  for (const auto& action : result.actions) act(action);
  update_title();
}

void WindowApp::act(const ui::Action& action) {
  try {
    dispatch(action, *this, choices_, people_, outputs_, recording_, playback_, sessions_,
             models_, teaching_, discovery_, screenshots_, system_checker_);
  } catch (...) {
    view_.notices.push_back({base::Notice::Level::error, base::describe_current_exception()});
  }
  window_.set_fullscreen(choices_.settings().fullscreen);
  redraw_.request_several();
}

void WindowApp::update_title() {
  std::string title = "mien";
  for (const auto& part :
       {view_.status.model_name, view_.status.detector_id, view_.status.source.name}) {
    if (!part.empty()) title += " — " + part;
  }
  window_.set_title(title);
}

bool WindowApp::automated() const {
  return !options_.screenshot.empty() || options_.exit_after > 0;
}

void WindowApp::begin_closing(bool interrupted) {
  if (closing_since_) return;
  closing_since_ = Clock::now();
  models_.stop_adding();
  outputs_.close();
  recording_.close(interrupted);
  redraw_.request();
}

bool WindowApp::may_leave() const {
  if (recording_.busy()) return false;
  const double closing = seconds_since(*closing_since_);
  // An export or a recovery is finished; one that hangs on a disk is not waited for.
  if (sessions_.busy() && closing < 10) return false;
  // A script's screenshot waits for the first readings, for a limited time.
  return options_.screenshot.empty() || presenter_.analysis_shown() || closing > 15;
}

void WindowApp::remember_running(const analysis::LiveStatus& status) {
  choices_.remember_running(status,
                            teaching_.unsaved_card(choices_.requested_model()).has_value());
}

void WindowApp::remember_window_size() {
  const cv::Size size = window_.size_at_scale_1();
  // A screen that forces a smaller one says nothing of the next screen.
  if (size.width < kMinWindowSize.width || size.height < kMinWindowSize.height) return;
  choices_.change([&](base::Settings& settings) {
    settings.window_width = size.width;
    settings.window_height = size.height;
  });
}

int open_window(const base::WindowOptions& options) { return WindowApp(options).run(); }

}  // namespace mien::app
