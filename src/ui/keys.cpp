#include "keys.hpp"

#include <algorithm>
#include <array>

#include <imgui_internal.h>

#include "mien/ui/ui.hpp"

#include "ui_state.hpp"

namespace mien::ui {
namespace {

bool pressed(char letter) { return key_pressed(key_of(letter)); }

bool any_popup_open() {
  return ImGui::IsPopupOpen("", ImGuiPopupFlags_AnyPopupId | ImGuiPopupFlags_AnyPopupLevel);
}

void close_popups() {
  if (any_popup_open()) ImGui::ClosePopupToLevel(0, true);
}

void notify(PanelContext& context, std::string text) {
  context.state.notices.add({base::Notice::Level::info, std::move(text)}, ImGui::GetTime());
}

void next_camera(PanelContext& context) {
  const auto& view = context.view;
  const auto* camera = next_after(
      view.cameras, [&](const sources::CameraInfo& c) { return is_source(view, c); });
  if (camera == nullptr) {
    notify(context,
           "No camera was found; plug one in, or choose something else in the Source menu.");
  } else if (is_source(view, *camera)) {
    notify(context, "“" + camera->name + "” is the only camera.");
  } else {
    context.ask(action::OpenSource{camera->stable_path});
  }
}

void next_model(PanelContext& context) {
  const auto& current = context.view.status.model_id;
  const auto* model =
      next_after(context.view.models, [&](const Choice& c) { return c.id == current; });
  if (model == nullptr || model->id == current) {
    notify(context, "There is no other expression model.");
  } else {
    context.ask(action::UseModel{model->id});
    notify(context, "Expression model: " + model->name);
  }
}

void next_detector(PanelContext& context) {
  const auto& current = context.view.status.detector_id;
  const auto* detector =
      next_after(context.view.detectors, [&](const Choice& c) { return c.id == current; });
  if (detector == nullptr || detector->id == current) {
    notify(context, "There is no other face detector.");
  } else {
    context.ask(action::UseDetector{detector->id});
    notify(context, "Face detector: " + detector->name);
  }
}

void space(PanelContext& context) {
  using State = analysis::LiveStatus::State;
  const auto state = context.view.status.state;
  if (!context.view.replay_opening.empty()) return;  // the live picture waits for the session
  if (state == State::ended) {
    context.ask(action::RestartSource{});
  } else if (state == State::running || state == State::paused) {
    context.ask(action::Pause{state == State::running});
  }
}

void toggle(PanelContext& context, bool base::Settings::*setting) {
  context.ask(action::ChangeSetting{setting, !(context.view.settings.*setting)});
}

void set_neutral(PanelContext& context) {
  const int person = chosen_person(context.state);
  if (person == 0) {
    notify(context, "No face in view for Set neutral.");
  } else {
    context.ask(action::SetNeutral{person});
  }
}

void add_marker(PanelContext& context) {
  auto& state = context.state;
  state.prompt.marker(state.history.add_marker(state.clock, ""));
}

void live_keys(PanelContext& context) {
  if (pressed('R') && !context.view.recording.finishing) {
    context.ask(action::Record{!context.view.recording.active});
  }
  if (pressed('C')) next_camera(context);
  if (pressed('M')) ImGui::GetIO().KeyShift ? next_model(context) : add_marker(context);
  if (pressed('D')) next_detector(context);
  if (pressed('N')) set_neutral(context);
  if (pressed('F')) context.state.teach.show(context);
}

void replay_keys(PanelContext& context) {
  constexpr double kStep = 5;
  const auto& replay = *context.view.replay;
  const auto go = [&](double by) {
    context.ask(action::Seek{std::clamp(replay.position + by, 0.0, replay.length)});
  };
  if (key_pressed(Key::left)) go(-kStep);
  if (key_pressed(Key::right)) go(kStep);
  for (const char key : {'R', 'C', 'M', 'D', 'N', 'F'}) {
    if (!pressed(key)) continue;
    // A recording that goes on in the background can be stopped here.
    if (key == 'R' && context.view.recording.active) {
      context.ask(action::Record{false});
    } else {
      notify(context, "This is a past session; Esc goes back to the live picture first.");
    }
  }
}

void escape(PanelContext& context) {
  if (context.view.first_run) {  // the notice cannot be skipped
    context.ask(action::Quit{});
    return;
  }
  if (context.state.recovery_open && context.view.broken_session) {
    using Answer = action::AnswerRecovery::Answer;
    context.ask(action::AnswerRecovery{context.view.broken_session->folder, Answer::later});
    close_popups();
  } else if (context.view.send_question) {
    context.ask(action::AnswerSendQuestion{false});
    close_popups();
  } else if (any_popup_open()) {
    close_popups();
  } else if (context.view.replay || !context.view.replay_opening.empty()) {
    context.ask(action::CloseSession{});
  } else if (context.view.settings.fullscreen) {
    toggle(context, &base::Settings::fullscreen);
  } else {
    context.ask(action::Quit{});
  }
}

}  // namespace

bool is_source(const ViewModel& view, const sources::CameraInfo& camera) {
  const auto& spec = view.status.source.spec;
  return !spec.empty() && (spec == camera.stable_path || spec == camera.device ||
                           spec == "camera:" + std::to_string(camera.index));
}

std::span<const KeyHelp> key_help() {
  static constexpr std::array kKeys = {
      KeyHelp{"Space", "pause and go on; play a video again"},
      KeyHelp{"R", "start and stop recording"},
      KeyHelp{"C", "next camera"},
      KeyHelp{"Shift+M", "next expression model"},
      KeyHelp{"D", "next face detector"},
      KeyHelp{"N", "this is their resting face"},
      KeyHelp{"F", "teach it your face"},
      KeyHelp{"1 – 9", "hold in the training dialog: add an example"},
      KeyHelp{"M", "marker on the timeline"},
      KeyHelp{"L", "past sessions"},
      KeyHelp{"← →", "5 s back and on in a past session"},
      KeyHelp{"T", "timeline"},
      KeyHelp{"B", "bars beside the faces"},
      KeyHelp{"S", "screenshot"},
      KeyHelp{"F11", "full screen"},
      KeyHelp{"F1", "this help"},
      KeyHelp{"Q, Esc", "quit"},
  };
  return kKeys;
}

void handle_keys(PanelContext& context) {
  if (key_pressed(Key::escape)) return escape(context);
  const auto& io = ImGui::GetIO();
  if (context.view.first_run) return;
  if (io.WantTextInput || io.KeyCtrl || io.KeyAlt || io.KeySuper) return;
  auto& state = context.state;
  if (key_pressed(Key::f1)) {
    close_popups();
    state.help_wanted = !state.help_open;
  }
  if (key_pressed(Key::f11)) toggle(context, &base::Settings::fullscreen);
  if (state.help_open || state.dialog.open() || state.prompt.open() ||
      ImGui::GetTopMostPopupModal() != nullptr) {
    return;  // global keys are off behind a dialog
  }
  if (key_pressed(Key::space)) space(context);
  if (context.view.replay) {
    replay_keys(context);
  } else {
    live_keys(context);
  }
  if (pressed('T')) toggle(context, &base::Settings::show_timeline);
  if (pressed('B')) toggle(context, &base::Settings::show_bars);
  if (pressed('L')) state.sessions.show(context);
  if (pressed('S')) context.ask(action::TakeScreenshot{});
  if (pressed('Q')) context.ask(action::Quit{});
}

}  // namespace mien::ui
