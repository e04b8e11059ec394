#include <algorithm>
#include <cctype>
#include <cstring>

#include <imgui.h>
#include <imgui_stdlib.h>

#include "mien/base/text.hpp"
#include "mien/overlay/overlay_layout.hpp"
#include "mien/recording/session_writer.hpp"

#include "curves.hpp"
#include "keys.hpp"
#include "panels.hpp"
#include "pen.hpp"
#include "ui_state.hpp"

namespace mien::ui {
namespace {

/// A menu of the bar: wide gaps in the bar, the style's own inside.
bool begin_bar_menu(PanelContext& context, const char* label) {
  const float gap = context.theme.px(11);  // the bar doubles it
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(gap, ImGui::GetStyle().ItemSpacing.y));
  const bool open = ImGui::BeginMenu(label);
  ImGui::PopStyleVar();
  return open;
}

/// A name short enough for a menu, told apart by `id`.
std::string item_name(const PanelContext& context, const std::string& name,
                      const std::string& id) {
  return elide(context.theme.regular, name, context.theme.px(330)) + "###" + id;
}

void describe_item(const PanelContext& context, const std::string& description) {
  if (description.empty() || !ImGui::IsItemHovered()) return;
  ImGui::BeginTooltip();
  ImGui::PushTextWrapPos(context.theme.px(340));
  ImGui::TextUnformatted(description.c_str());
  ImGui::PopTextWrapPos();
  ImGui::EndTooltip();
}

std::string mode_text(const sources::CameraMode& mode) {
  std::string rate = std::to_string(mode.fps);
  rate.resize(rate.find('.') + 2);
  if (rate.ends_with(".0")) rate.resize(rate.size() - 2);
  return std::to_string(mode.size.width) + "×" + std::to_string(mode.size.height) + " · " +
         rate + " fps · " + mode.format;
}

void camera_item(PanelContext& context, const sources::CameraInfo& camera) {
  const auto& view = context.view;
  const bool current = is_source(view, camera);
  std::string name = camera.name;
  const auto twins =
      std::count_if(view.cameras.begin(), view.cameras.end(),
                    [&](const sources::CameraInfo& c) { return c.name == name; });
  if (twins > 1) name += " (" + camera.device + ")";
  const auto label = item_name(context, name, camera.stable_path);
  if (camera.modes.empty()) {
    if (ImGui::MenuItem(label.c_str(), nullptr, current)) {
      context.ask(action::OpenSource{camera.stable_path});
    }
    return;
  }
  if (current) ImGui::PushStyleColor(ImGuiCol_Text, context.theme.colors.accent);
  const bool open = ImGui::BeginMenu(label.c_str());
  if (current) ImGui::PopStyleColor();
  if (!open) return;
  const auto remembered = view.settings.camera_modes.find(camera.stable_path);
  const bool chosen = remembered != view.settings.camera_modes.end();
  if (ImGui::MenuItem("Best picture", nullptr, current && !chosen)) {
    context.ask(action::OpenCamera{camera.stable_path, std::nullopt});
  }
  ImGui::Separator();
  for (const auto& mode : camera.modes) {
    const bool in_use = current && chosen && remembered->second == sources::to_string(mode);
    if (ImGui::MenuItem(mode_text(mode).c_str(), nullptr, in_use)) {
      context.ask(action::OpenCamera{camera.stable_path, mode});
    }
  }
  ImGui::EndMenu();
}

void source_menu(PanelContext& context) {
  const auto& view = context.view;
  if (!begin_bar_menu(context, "Source")) return;
  if (ImGui::IsWindowAppearing()) context.ask(action::RefreshLists{});
  for (const auto& camera : view.cameras) camera_item(context, camera);
  if (view.cameras.empty()) {
    ImGui::MenuItem(view.cameras_known ? "No camera found" : "Looking for cameras…", nullptr,
                    false, false);
  }
  ImGui::Separator();
  if (ImGui::MenuItem("Demo", nullptr, view.status.source.kind == "demo")) {
    context.ask(action::OpenSource{"demo"});
  }
  auto& dialog = context.state.dialog;
  if (ImGui::MenuItem("Open video or picture…")) dialog.show(OpenDialog::Wants::file);
  if (ImGui::MenuItem("Open folder of pictures…")) dialog.show(OpenDialog::Wants::folder);
  if (ImGui::MenuItem("Open network stream…")) dialog.show(OpenDialog::Wants::address);
  ImGui::Separator();
  const auto state = view.status.state;
  if (state == analysis::LiveStatus::State::ended) {
    if (ImGui::MenuItem("Play again", "Space")) context.ask(action::RestartSource{});
  } else {
    const bool paused = state == analysis::LiveStatus::State::paused;
    if (ImGui::MenuItem("Pause", "Space", paused,
                        paused || state == analysis::LiveStatus::State::running)) {
      context.ask(action::Pause{!paused});
    }
  }
  if (ImGui::MenuItem("Quit", "Q")) context.ask(action::Quit{});
  ImGui::EndMenu();
}

void detector_menu(PanelContext& context) {
  const auto& view = context.view;
  if (!begin_bar_menu(context, "Detector")) return;
  if (ImGui::IsWindowAppearing()) context.ask(action::RefreshLists{});
  for (const auto& detector : view.detectors) {
    const auto label = item_name(context, detector.name, detector.id);
    if (ImGui::MenuItem(label.c_str(), nullptr, detector.id == view.status.detector_id)) {
      context.ask(action::UseDetector{detector.id});
    }
    describe_item(context, detector.description);
  }
  ImGui::EndMenu();
}

void small_text(const Theme& theme, const std::string& text) {
  ImGui::PushFont(theme.small);
  ImGui::PushStyleColor(ImGuiCol_Text, theme.colors.dim);
  ImGui::TextUnformatted(text.c_str());
  ImGui::PopStyleColor();
  ImGui::PopFont();
}

void reading_items(PanelContext& context) {
  const auto& status = context.view.status;
  if (status.readings.empty() || context.view.replay) return;
  ImGui::Separator();
  small_text(context.theme, "Reading");
  for (const auto& reading : status.readings) {
    // The prefix keeps ImGui's id apart from that of a model in the same menu.
    const auto label = item_name(context, reading.name, "reading " + reading.id);
    if (ImGui::MenuItem(label.c_str(), nullptr, reading.id == status.model_reading)) {
      context.ask(action::UseReading{reading.id});
    }
  }
}

/// What faces are measured with.
void landmarks_items(PanelContext& context) {
  const auto& view = context.view;
  if (!ImGui::BeginMenu("Landmarks", !view.replay.has_value())) return;
  const auto& current = view.status.landmarks_id;
  if (ImGui::MenuItem("None", nullptr, current.empty())) {
    context.ask(action::UseLandmarks{analysis::kNoLandmarks});
  }
  for (const auto& model : view.landmarks) {
    const auto label = item_name(context, model.name, model.id);
    if (ImGui::MenuItem(label.c_str(), nullptr, model.id == current)) {
      context.ask(action::UseLandmarks{model.id});
    }
    describe_item(context, model.description);
  }
  ImGui::EndMenu();
}

void model_menu(PanelContext& context) {
  const auto& view = context.view;
  if (!begin_bar_menu(context, "Model")) return;
  if (ImGui::IsWindowAppearing()) context.ask(action::RefreshLists{});
  for (const auto& model : view.models) {
    const auto label = item_name(context, model.name, model.id);
    if (ImGui::MenuItem(label.c_str(), nullptr, model.id == view.status.model_id)) {
      context.ask(action::UseModel{model.id});
    }
    describe_item(context, model.description);
  }
  if (view.models.empty()) ImGui::MenuItem("No model found", nullptr, false, false);
  reading_items(context);
  ImGui::Separator();
  landmarks_items(context);
  ImGui::Separator();
  if (ImGui::MenuItem("Add a model…")) context.state.dialog.show(OpenDialog::Wants::model);
  if (ImGui::MenuItem("Teach it your face…", "F", false, !view.replay)) {
    context.state.teach.show(context);
  }
  ImGui::EndMenu();
}

struct PrivacyChoice {
  sessions::Privacy privacy;
  const char* name;
  const char* description;
};

constexpr PrivacyChoice kPrivacies[] = {
    {sessions::Privacy::everything, "Everything",
     "The picture with its boxes, the tables, the report."},
    {sessions::Privacy::blurred_faces, "Blurred faces",
     "Every face is pixelated beyond recognition before the video is written."},
    {sessions::Privacy::data_only, "Data only, no picture",
     "Tables and report alone: no image is saved."},
};

void encoder_items(PanelContext& context) {
  static const auto kThere = recording::video_encoders();
  const auto& view = context.view;
  const bool can_choose = !view.recording.active && !view.recording.finishing &&
                          view.privacy != sessions::Privacy::data_only;
  small_text(context.theme, "Video codec");
  for (const auto& encoder : kThere) {
    const bool chosen =
        (view.video_encoder.empty() ? kThere.front().name : view.video_encoder) == encoder.name;
    if (ImGui::MenuItem(encoder.title.c_str(), nullptr, chosen, can_choose)) {
      context.ask(action::ChooseEncoder{encoder.name});
    }
    describe_item(context, encoder.description);
  }
}

struct ColumnsChoice {
  sessions::Columns columns;
  const char* name;
  const char* description;
};

constexpr ColumnsChoice kColumnsChoices[] = {
    {sessions::Columns::basic, "Expressions", "Boxes, labels and verdicts."},
    {sessions::Columns::movements, "Movements, too",
     "The pose of the head, the movements and the eyes as well."},
    {sessions::Columns::landmarks, "Landmarks, too", "68 points of each face as well."},
};

void columns_items(PanelContext& context) {
  const auto& view = context.view;
  const bool can_choose =
      !view.recording.active && !view.recording.finishing && !view.status.landmarks_id.empty();
  small_text(context.theme, "Table of faces");
  for (const auto& [columns, name, description] : kColumnsChoices) {
    if (ImGui::MenuItem(name, nullptr, view.columns == columns, can_choose)) {
      context.ask(action::ChooseColumns{columns});
    }
    describe_item(context, description);
  }
}

void record_menu(PanelContext& context) {
  const auto& recording = context.view.recording;
  if (!begin_bar_menu(context, "Record")) return;
  if (ImGui::MenuItem(recording.active ? "Stop recording" : "Start recording", "R", false,
                      !recording.finishing)) {
    context.ask(action::Record{!recording.active});
  }
  if (ImGui::MenuItem("Screenshot", "S")) context.ask(action::TakeScreenshot{});
  if (ImGui::MenuItem("Past sessions…", "L")) context.state.sessions.show(context);
  ImGui::Separator();
  const auto& theme = context.theme;
  small_text(theme, "A recording keeps");
  for (const auto& [privacy, name, description] : kPrivacies) {
    if (ImGui::MenuItem(name, nullptr, context.view.privacy == privacy,
                        !recording.active && !recording.finishing)) {
      context.ask(action::ChoosePrivacy{privacy});
    }
    describe_item(context, description);
  }
  ImGui::Separator();
  columns_items(context);
  ImGui::Separator();
  encoder_items(context);
  ImGui::Separator();
  small_text(theme, "Sessions folder");
  small_text(theme, elide(theme.small, context.view.sessions_folder, theme.px(330)));
  ImGui::EndMenu();
}

/// "on 127.0.0.1:9000 · 2 listeners", or what is wrong.
void output_facts(PanelContext& context, const OutputView& output) {
  using State = OutputView::State;
  const auto& theme = context.theme;
  if (!output.problem.empty()) {
    ImGui::PushFont(theme.small);
    ImGui::PushStyleColor(ImGuiCol_Text, theme.colors.warning);
    ImGui::PushTextWrapPos(ImGui::GetCursorPosX() + theme.px(330));
    ImGui::TextUnformatted(output.problem.c_str());
    ImGui::PopTextWrapPos();
    ImGui::PopStyleColor();
    ImGui::PopFont();
  }
  if (output.state == State::failed) return;
  std::string facts = output.state == State::opening ? "opening…" : output.address;
  const auto add = [&](const std::string& more) {
    if (!more.empty()) facts += (facts.empty() ? "" : " · ") + more;
  };
  add(output.listeners);
  if (output.lost > 0) add(std::to_string(output.lost) + " frames lost");
  if (!facts.empty()) small_text(theme, elide(theme.small, facts, theme.px(330)));
}

void output_place(PanelContext& context, const OutputView& output) {
  auto& typed = context.state.output_places;
  const std::string key = output.word + ' ' + output.argument;
  if (ImGui::IsWindowAppearing()) typed.clear();
  auto& text = typed.try_emplace(key, output.argument).first->second;
  ImGui::SetNextItemWidth(context.theme.px(200));
  const bool entered = ImGui::InputTextWithHint(("##place " + key).c_str(), output.form.c_str(),
                                                &text, ImGuiInputTextFlags_EnterReturnsTrue);
  describe_item(context, output.form + "; Enter takes it.");
  if (entered && text != output.argument) {
    context.ask(action::SendTo{output.word, output.argument, base::trimmed(text)});
  }
  for (const auto& place : output.places) {
    const auto label = elide(context.theme.small, place.name, context.theme.px(330)) + "###" +
                       key + place.argument;
    // Whoever picks a device by its name expects it on; the line above it switches it off.
    const bool in_use = output.state != OutputView::State::off &&
                        (place.argument == output.argument || place.argument == output.place);
    if (ImGui::MenuItem(label.c_str(), nullptr, in_use) && !in_use) {
      context.ask(action::SendTo{output.word, output.argument, place.argument, true});
    }
    describe_item(context, place.argument);
  }
}

void send_menu(PanelContext& context) {
  if (!begin_bar_menu(context, "Send")) return;
  if (ImGui::IsWindowAppearing()) context.ask(action::RefreshLists{});
  const auto& theme = context.theme;
  small_text(theme, "Live, to other programs");
  for (const auto& output : context.view.outputs) {
    const bool on = output.state != OutputView::State::off;
    const std::string id = output.word + ' ' + output.argument;
    ImGui::Separator();
    if (ImGui::MenuItem((output.name + "###" + id).c_str(), nullptr, on)) {
      context.ask(action::Send{output.word, output.argument, !on});
    }
    describe_item(context, output.description);
    if (!output.form.empty()) output_place(context, output);
    if (!on) continue;
    output_facts(context, output);
    if (!output.address.empty() && ImGui::MenuItem(("Copy its address###copy " + id).c_str())) {
      ImGui::SetClipboardText(output.address.c_str());
    }
    if (!output.token.empty() && ImGui::MenuItem(("Copy its token###token " + id).c_str())) {
      ImGui::SetClipboardText(output.token.c_str());
    }
    if (!output.token.empty()) {
      describe_item(context, "For scripts that set markers or record; a new one each time.");
    }
  }
  ImGui::Separator();
  small_text(theme, "Nothing is sent that is not switched on here.");
  ImGui::EndMenu();
}

void mesh_items(PanelContext& context) {
  if (!ImGui::BeginMenu("Mesh")) return;
  const auto item = [&](const char* words, overlay::MeshStyle style) {
    if (ImGui::MenuItem(words, nullptr, context.view.settings.mesh == overlay::word(style))) {
      context.ask(action::ChooseMesh{style});
    }
  };
  item("Off", overlay::MeshStyle::off);
  item("Features", overlay::MeshStyle::features);
  item("Lines", overlay::MeshStyle::lines);
  ImGui::EndMenu();
}

void curve_items(PanelContext& context) {
  const auto& settings = context.view.settings;
  if (!ImGui::BeginMenu("Curves on the timeline", settings.show_timeline)) return;
  for (const auto& curve : curves()) {
    const bool on = std::find(settings.curves.begin(), settings.curves.end(), curve.id) !=
                    settings.curves.end();
    std::string name = curve.name;
    name.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(name.front())));
    if (ImGui::MenuItem((name + "###" + curve.id).c_str(), nullptr, on)) {
      context.ask(action::ChooseCurve{curve.id, !on});
    }
    describe_item(context, curve.description);
  }
  ImGui::EndMenu();
}

void view_menu(PanelContext& context) {
  if (!begin_bar_menu(context, "View")) return;
  const auto item = [&](const char* words, const char* key, bool base::Settings::*setting,
                        bool enabled = true) {
    bool on = context.view.settings.*setting;
    if (ImGui::MenuItem(words, key, &on, enabled)) {
      context.ask(action::ChangeSetting{setting, on});
    }
  };
  item("Bars beside the faces", "B", &base::Settings::show_bars);
  item("Side panel", nullptr, &base::Settings::show_panel);
  item("Timeline", "T", &base::Settings::show_timeline);
  item("Everyone on the timeline", nullptr, &base::Settings::timeline_lanes,
       context.view.settings.show_timeline);
  curve_items(context);
  item("Mirror cameras", nullptr, &base::Settings::mirror_cameras);
  ImGui::Separator();
  item("Detector's landmarks", nullptr, &base::Settings::show_landmarks);
  mesh_items(context);
  item("Head pose axes", nullptr, &base::Settings::show_pose);
  item("Movements", nullptr, &base::Settings::show_movements);
  if (context.view.status.landmarks_id.empty() && !context.view.replay) {
    small_text(context.theme, "These need a model: Model > Landmarks.");
  }
  ImGui::Separator();
  item("Full screen", "F11", &base::Settings::fullscreen);
  ImGui::EndMenu();
}

void help_menu(PanelContext& context) {
  if (!begin_bar_menu(context, "Help")) return;
  if (ImGui::MenuItem("Keyboard shortcuts and about", "F1")) context.state.help_wanted = true;
  if (ImGui::MenuItem("System check…")) context.state.system_check.show(context);
  ImGui::EndMenu();
}

/// The model's name, with that of its reading when it has a choice of them.
std::string model_words(const analysis::LiveStatus& status) {
  for (const auto& reading : status.readings) {
    if (reading.id == status.model_reading) return status.model_name + ", " + reading.name;
  }
  return status.model_name;
}

/// "camera · model · detector" at the right end, as far as there is room.
void draw_in_use(PanelContext& context, float from) {
  const auto& theme = context.theme;
  const auto& area = context.layout.menu;
  const auto& status = context.view.status;
  std::string text = status.source.name;
  for (const auto& part : {model_words(status), status.detector_id}) {
    if (!part.empty()) text += (text.empty() ? "" : " · ") + part;
  }
  const float right = area.max.x - theme.px(14);
  const std::string line = elide(theme.small, text, right - from - theme.px(24));
  Pen pen(context, "menu", ImGui::GetWindowDrawList());
  pen.text_right(theme.small, right,
                 area.min.y + (area.height() - font_height(theme.small)) / 2, theme.colors.dim,
                 line);
}

}  // namespace

void draw_menu_panel(PanelContext& context) {
  const auto& theme = context.theme;
  const auto& area = context.layout.menu;
  const float pad = (area.height() - font_height(theme.regular)) / 2;
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, ImVec2(theme.px(10), pad));
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 0);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(theme.px(14), 0));
  const bool open = ImGui::BeginMainMenuBar();
  ImGui::PopStyleVar(3);
  if (!open) return;
  ImGui::GetWindowDrawList()->AddLine({area.min.x, area.max.y - 1},
                                      {area.max.x, area.max.y - 1}, theme.colors.line);
  ImGui::SetCursorPosX(theme.px(14));
  ImGui::PushFont(theme.semibold);
  ImGui::PushStyleColor(ImGuiCol_Text, theme.colors.accent);
  ImGui::TextUnformatted("mien");
  ImGui::PopStyleColor();
  ImGui::PopFont();
  ImGui::SetCursorPosX(ImGui::GetCursorPosX() + theme.px(4));
  source_menu(context);
  detector_menu(context);
  model_menu(context);
  record_menu(context);
  send_menu(context);
  view_menu(context);
  help_menu(context);
  draw_in_use(context, ImGui::GetCursorScreenPos().x);
  ImGui::EndMainMenuBar();
}

}  // namespace mien::ui
