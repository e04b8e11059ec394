// What the panels ask for.

#include <algorithm>

#include "mien/analysis/model_trial.hpp"
#include "mien/base/error.hpp"
#include "mien/base/model_library.hpp"
#include "mien/base/paths.hpp"
#include "mien/emotions/model_installer.hpp"
#include "mien/models/model_process.hpp"

#include "window_app.hpp"

namespace mien {

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
  choices_.ask_for_model(wish.id);
  session_->request({.model = wish.id});
}

void WindowApp::on(const action::UseReading& wish) {
  choices_.ask_for_reading(wish.id);
  session_->request({.reading = wish.id});
}

void WindowApp::on(const action::AddModel& wish) {
  say(Notice::Level::info, "Checking the model " + wish.path + "…");
  // Copying and a first run take their time. The list is looked at anew when its menu opens.
  adding_.run([path = wish.path, done = done_, leaving = leaving_] {
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
    done->push_latest(std::move(notice));
    Window::wake();
  });
}

void WindowApp::on(const action::UseDetector& wish) {
  choices_.ask_for_detector(wish.id);
  session_->request({.detector = wish.id});
}

void WindowApp::on(const action::Pause& wish) {
  if (replay_.active()) return replay_.set_paused(wish.on);
  session_->request({.paused = wish.on});
}

void WindowApp::on(const action::Replay&) {
  if (replay_.active()) return replay_.set_paused(false);
  session_->request({.restart = true});
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

void WindowApp::on(const action::SetNeutral& wish) {
  session_->request({.baselines = {{BaselineRequest::Kind::begin, wish.person}}});
}
void WindowApp::on(const action::ClearNeutral& wish) {
  session_->request({.baselines = {{BaselineRequest::Kind::clear, wish.person}}});
}

void WindowApp::on(const action::KeepNeutral& wish) {
  const auto baseline = session_->snapshot().baseline(wish.person);
  if (!baseline) {
    say(Notice::Level::warning, "There is no resting face of “" + wish.name +
                                    "” to keep yet; set neutral first, and stay in view.");
    return;
  }
  kept_.keep(wish.name, *baseline);
  say(Notice::Level::info, "Kept: the resting face of “" + wish.name + "”, on this computer.");
}

void WindowApp::on(const action::UseKept& wish) {
  if (auto baseline = kept_.find(wish.name, view_.status.baseline_model)) {
    session_->request(
        {.baselines = {{BaselineRequest::Kind::use, wish.person, std::move(*baseline)}}});
  }
}

void WindowApp::on(const action::ForgetKept& wish) {
  kept_.forget(wish.name);
  say(Notice::Level::info, "Forgotten: “" + wish.name + "” and what was kept.");
}

void WindowApp::on(const action::RefreshLists&) { scout_->look(); }
void WindowApp::on(const action::Quit&) { begin_closing(); }

void WindowApp::open_source(const std::string& spec) {
  leave_session();
  choices_.ask_for_source(spec, view_.status.source.spec);
  session_->request({.paused = false});
  session_->request({.source = SourceRequest{
                         .spec = spec, .realtime = true, .mode = choices_.camera_mode(spec)}});
}

void WindowApp::on(const action::OpenCamera& wish) {
  choices_.choose_camera_mode(wish.stable_path, wish.mode);
  open_source(wish.stable_path);
}

void WindowApp::on(const action::ChangeSettings& wish) {
  choices_.change([&](Settings& settings) { settings = wish.settings; });
  window_->set_fullscreen(wish.settings.fullscreen);
  redraws_ = 3;
}

void WindowApp::start_recording() {
  if (view_.status.model_id.empty() || !presenter_->chosen().frame) {
    say(Notice::Level::info, "There is nothing to record yet; wait for the first picture.");
    return;
  }
  SessionOptions session;
  session.detector_id = view_.status.detector_id;
  session.source = view_.status.source;
  session.bars = choices_.settings().show_bars;
  session.privacy = choices_.privacy();
  session.encoder = choices_.encoder();
  session.settings = choices_.settings();
  session.beside = true;
  recording_.start(*session_, session.privacy,
                   [session, root = choices_.sessions_folder(), model = model_in_use(),
                    reading = view_.status.model_reading,
                    taught = teaching_->unkept(view_.status.model_id)]() mutable {
                     auto card = taught ? std::move(*taught)
                                        : ModelLibrary::standard().find(
                                              model, ModelCard::Task::emotion);
                     session.model = preferring_reading(std::move(card), reading);
                     session.folder = new_session_folder(root);
                     return session;
                   });
}

}  // namespace mien
