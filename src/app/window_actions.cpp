// What the panels ask for.

#include <algorithm>

#include "mien/base/error.hpp"
#include "mien/base/model_library.hpp"
#include "mien/base/paths.hpp"
#include "mien/emotions/model_installer.hpp"
#include "mien/faces/face_detector.hpp"
#include "mien/models/model_process.hpp"

#include "window_app.hpp"

namespace mien {

namespace {

/// A detector is made as it would be later; its folder stands alone beside no other.
void try_model(const ModelCard& card) {
  if (card.task == ModelCard::Task::face) {
    make_detector(card.id, ModelLibrary({card.folder.parent_path()}));
  } else {
    try_emotion_model(card);
  }
}

}  // namespace

void WindowApp::act(const Action& wish) {
  try {
    std::visit([this](const auto& a) { on(a); }, wish);
  } catch (...) {
    say(Notice::Level::error, describe_current_exception());
  }
}

void WindowApp::on(const action::OpenSource& wish) { open_source(wish.spec); }

void WindowApp::on(const action::UseModel& wish) {
  if (taught(wish.id) && !taught(view_.status.model_id)) {
    model_before_teaching_ = model_in_use();
  }
  wished_model_ = wish.id;
  session_->use_model(wish.id);
}

void WindowApp::on(const action::UseReading& wish) {
  wished_reading_ = wish.id;
  session_->use_reading(wish.id);
}

void WindowApp::on(const action::AddModel& wish) {
  say(Notice::Level::info, "Checking the model " + wish.path + "…");
  // Copying and a first run take their time. The list is looked at anew when its menu opens.
  writing_.push_back(std::async(std::launch::async, [path = wish.path, leaving = leaving_] {
    const WaitInterruption closing([&] { return leaving->load(); });
    Notice notice;
    try {
      const auto card =
          install_model(path, user_models_dir(), ModelLibrary::standard(), try_model);
      notice.text = "Added “" + card.name + "”; it is in the " +
                    (card.task == ModelCard::Task::face ? "Detector" : "Model") + " menu.";
    } catch (...) {
      notice = {Notice::Level::error, describe_current_exception()};
    }
    Window::wake();
    return notice;
  }));
}

void WindowApp::on(const action::UseDetector& wish) {
  wished_detector_ = wish.id;
  session_->use_detector(wish.id);
}

void WindowApp::on(const action::Pause& wish) {
  if (replay_) return replay_->set_paused(wish.on);
  session_->set_paused(wish.on);
  recording_.note(
      {.kind = wish.on ? SessionEvent::Kind::pause : SessionEvent::Kind::resume, .text = {}});
}

void WindowApp::on(const action::Replay&) {
  if (replay_) return replay_->set_paused(false);
  session_->replay();
}

void WindowApp::on(const action::Record& wish) {
  if (wish.on) {
    start_recording();
  } else {
    recording_.stop(*session_);
  }
}

void WindowApp::on(const action::TakeScreenshot&) {
  screenshot_wanted_ = true;
  redraws_ = std::max(redraws_, 2);
}

void WindowApp::on(const action::SetNeutral& wish) { session_->begin_baseline(wish.person); }
void WindowApp::on(const action::ClearNeutral& wish) { session_->clear_baseline(wish.person); }

void WindowApp::on(const action::KeepNeutral& wish) {
  auto baseline = session_->baseline(wish.person);
  if (!baseline) {
    say(Notice::Level::warning, "There is no resting face of “" + wish.name +
                                    "” to keep yet; set neutral first, and stay in view.");
    return;
  }
  kept_.keep(wish.name, std::move(*baseline));
  say(Notice::Level::info, "Kept: the resting face of “" + wish.name + "”, on this computer.");
}

void WindowApp::on(const action::UseKept& wish) {
  if (auto baseline = kept_.find(wish.name, view_.status.baseline_model)) {
    session_->use_baseline(wish.person, std::move(*baseline));
  }
}

void WindowApp::on(const action::ForgetKept& wish) {
  kept_.forget(wish.name);
  say(Notice::Level::info, "Forgotten: “" + wish.name + "” and what was kept.");
}

void WindowApp::on(const action::RefreshLists&) { scout_->look(); }
void WindowApp::on(const action::Quit&) { begin_closing(); }

std::optional<CameraMode> WindowApp::remembered_mode(const std::string& camera) const {
  const auto it = settings_.camera_modes.find(camera);
  if (it == settings_.camera_modes.end()) return std::nullopt;
  try {
    return parse_camera_mode(it->second);
  } catch (const Error&) {
    return std::nullopt;  // an old or hand-made settings file: the best mode will do
  }
}

std::filesystem::path WindowApp::sessions_root() const {
  if (!options_.sessions.empty()) return options_.sessions;
  if (!settings_.sessions_dir.empty()) return settings_.sessions_dir;
  return default_sessions_dir();
}

void WindowApp::open_source(const std::string& spec) {
  leave_session();
  SourceRequest request{.spec = spec, .realtime = true, .mode = remembered_mode(spec)};
  wished_source_ = spec;
  source_before_wish_ = view_.status.source.spec;
  session_->set_paused(false);
  recording_.note({.kind = SessionEvent::Kind::resume, .text = {}});  // if it was paused
  session_->open(std::move(request));
}

void WindowApp::on(const action::OpenCamera& wish) {
  if (wish.mode) {
    settings_.camera_modes[wish.stable_path] = to_string(*wish.mode);
  } else {
    settings_.camera_modes.erase(wish.stable_path);
  }
  save_settings_soon();
  open_source(wish.stable_path);
}

void WindowApp::on(const action::ChangeSettings& wish) {
  settings_ = wish.settings;
  window_->set_fullscreen(settings_.fullscreen);
  redraws_ = 3;
  save_settings_soon();
}

void WindowApp::start_recording() {
  if (recording_.busy()) return;
  if (!view_.status.model_id.empty() && chosen_.frame) {
    try {
      const auto library = ModelLibrary::standard();
      SessionOptions session;
      auto taught_now = teaching_->unkept(view_.status.model_id);
      session.model = taught_now ? std::move(*taught_now)
                                 : library.find(model_in_use(), ModelCard::Task::emotion);
      session.model = preferring_reading(std::move(session.model), view_.status.model_reading);
      session.detector_id = view_.status.detector_id;
      session.source = view_.status.source;
      session.bars = settings_.show_bars;
      session.privacy = privacy();
      session.encoder = encoder();
      session.settings = settings_;
      session.folder = new_session_folder(sessions_root());
      session.beside = true;
      recording_.start(*session_, std::move(session));
      note_names();
    } catch (...) {
      const auto reason = describe_current_exception();
      if (record_wanted_) fail_recording(reason);
      say(Notice::Level::error, reason);
    }
  } else {
    say(Notice::Level::info, "There is nothing to record yet; wait for the first picture.");
  }
}

}  // namespace mien
