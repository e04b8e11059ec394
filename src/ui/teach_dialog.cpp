#include "teach_dialog.hpp"

#include <algorithm>
#include <utility>

#include <imgui_stdlib.h>

#include "mien/base/labels.hpp"

#include "dialog.hpp"
#include "panels.hpp"
#include "pen.hpp"
#include "people_state.hpp"
#include "teach_rows.hpp"
#include "teach_words.hpp"
#include "ui_state.hpp"

namespace mien {
namespace {

constexpr float kFaceSide = 208;
constexpr std::size_t kLongestLabel = 40;  // bytes, as FaceTeacher has it
constexpr std::size_t kLongestName = 60;
constexpr int kKeypad1 = 321;  // GLFW's

std::string trimmed(std::string text) {
  text.erase(0, text.find_first_not_of(" \t"));
  text.erase(text.find_last_not_of(" \t") + 1);
  return text;
}

/// No more than `most` bytes, none of them half a letter.
void shorten(std::string& text, std::size_t most) {
  if (text.size() <= most) return;
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  text.resize(end);
}

/// The digit that is down, unless a text is being typed.
std::optional<std::size_t> digit_down(std::size_t labels) {
  const auto& io = ImGui::GetIO();
  if (io.WantTextInput || io.KeyCtrl || io.KeyAlt || io.KeySuper) return std::nullopt;
  for (std::size_t i = 0; i < labels; ++i) {
    const int place = static_cast<int>(i);
    if (ImGui::IsKeyDown('1' + place) || ImGui::IsKeyDown(kKeypad1 + place)) return i;
  }
  return std::nullopt;
}

const FaceReading* reading_of(const ViewModel& view, int person) {
  if (!view.analysis || view.reading_strength <= 0.01f) return nullptr;
  const auto& readings = view.analysis->readings;
  const auto it = std::find_if(readings.begin(), readings.end(),
                               [&](const auto& r) { return r.person == person; });
  return it == readings.end() ? nullptr : &*it;
}

bool busy(const TeachingView& teaching) {
  return teaching.state == TeachingView::State::learning ||
         teaching.state == TeachingView::State::keeping;
}

}  // namespace

void TeachDialog::show(PanelContext& context) {
  wanted_ = true;
  forgetting_.reset();
  held_.reset();
  person_ = chosen_person(context.state);
  context.ask(action::RefreshLists{});  // what was kept
}

void TeachDialog::add_label(const std::string& word) {
  std::string label = trimmed(word);
  if (const auto canonical = canonical_label(label)) label = *canonical;
  if (label.empty() || labels_.size() >= kMostLabels) return;
  if (std::find(labels_.begin(), labels_.end(), label) == labels_.end()) {
    labels_.push_back(std::move(label));
  }
}

void TeachDialog::follow_labels(const TeachingView& teaching) {
  for (const auto& label : teaching.labels) add_label(label.name);
}

/// Whoever was chosen stays it, also while out of view, once there is an example of them.
void TeachDialog::follow_person(PanelContext& context) {
  if (reading_of(context.view, person_) != nullptr) return;
  if (person_ == 0 || context.view.teaching.labels.empty()) {
    person_ = chosen_person(context.state);
  }
}

void TeachDialog::take(PanelContext& context) {
  refused_.clear();
  if (!held_) return;
  context.animating = true;
  refused_ = face_refusal(context.view, context.state, person_);
  if (refused_.empty()) context.ask(action::ShowFace{labels_[*held_], person_});
}

/// With several people, or when the one who is taught has gone, it is asked whose face it is.
void TeachDialog::draw_whose(PanelContext& context) {
  const auto& view = context.view;
  const FaceReading* reading = reading_of(view, person_);
  const std::size_t in_view = view.analysis ? view.analysis->readings.size() : 0;
  if (in_view == 0 || (in_view == 1 && reading != nullptr)) return;
  ImGui::SetNextItemWidth(-1);
  const std::string shown =
      person_ == 0 ? "Whose face?" : "The face of " + person_name(context.state, person_);
  if (!ImGui::BeginCombo("##whose", shown.c_str())) return;
  for (const auto& one : view.analysis->readings) {
    const std::string name =
        person_name(context.state, one.person) + "###" + std::to_string(one.person);
    if (ImGui::Selectable(name.c_str(), one.person == person_)) {
      person_ = context.state.chosen = one.person;
    }
  }
  ImGui::EndCombo();
}

void TeachDialog::draw_face(PanelContext& context) {
  const auto& theme = context.theme;
  ImGui::BeginChild("##face", {theme.px(kFaceSide), 0});
  Pen pen(context, "teach", ImGui::GetWindowDrawList());
  const FaceReading* reading = reading_of(context.view, person_);
  ImU32 frame = reading != nullptr ? to_imgui(person_color(person_)) : theme.colors.line;
  if (held_) {
    frame = refused_.empty() ? to_imgui(label_color(labels_[*held_], static_cast<int>(*held_)))
                             : theme.colors.alarm;
  }
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float side = theme.px(kFaceSide);
  draw_face_preview(context, pen, {at, {at.x + side, at.y + side}},
                    reading != nullptr ? &reading->face.box : nullptr, frame);
  if (reading == nullptr) {
    const std::string words = person_ == 0
                                  ? std::string("Nobody is in view")
                                  : person_name(context.state, person_) + " is not in view";
    const std::string line = elide(theme.small, words, side - theme.px(16));
    pen.text(theme.small,
             {at.x + (side - text_width(theme.small, line)) / 2,
              at.y + (side - font_height(theme.small)) / 2},
             theme.colors.dim, line);
  }
  ImGui::Dummy({side, side});
  draw_whose(context);
  std::string words =
      "Make a face and hold the number of its label, or the mouse on it. Ten of "
      "each are good; move a little meanwhile.";
  ImU32 color = theme.colors.dim;
  if (held_ && !refused_.empty()) {
    words = refused_;
    color = theme.colors.alarm;
  } else if (held_ && context.view.teaching.state == TeachingView::State::getting_ready) {
    words = "Getting ready; hold on…";
    color = theme.colors.soft;
  } else if (held_) {
    words = "Taking “" + std::string(display_word(labels_[*held_])) + "” of " +
            person_name(context.state, person_) + "…";
    color = theme.colors.good;
  }
  pen.wrapped(theme.small, ImGui::GetCursorScreenPos(), side, color, words);
  ImGui::EndChild();
}

void TeachDialog::draw_labels(PanelContext& context) {
  const auto& theme = context.theme;
  const auto& taught = context.view.teaching.labels;
  const float adding = ImGui::GetFrameHeightWithSpacing();
  ImGui::BeginChild("##labels", {0, -adding});
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(0, 0));
  std::optional<std::size_t> mouse;
  std::optional<std::size_t> removed;
  for (std::size_t i = 0; i < labels_.size(); ++i) {
    LabelRow row{.digit = static_cast<int>(i) + 1, .name = labels_[i]};
    const auto it = std::find_if(taught.begin(), taught.end(),
                                 [&](const auto& label) { return label.name == row.name; });
    if (it != taught.end()) {
      row.taught = &*it;
      row.thumbnail_row = static_cast<int>(it - taught.begin());
    }
    row.down = held_ == i;
    const auto events = draw_label_row(context, row);
    if (events.held) mouse = i;
    if (events.taken_back) context.ask(action::TakeBackFace{row.name, *events.taken_back});
    if (events.removed && !busy(context.view.teaching)) {
      removed = i;
      if (row.taught != nullptr) context.ask(action::TakeBackLabel{row.name});
    }
  }
  ImGui::PopStyleVar();
  if (labels_.empty()) dialog_text(theme, "Add two labels or more, below.");
  ImGui::EndChild();
  draw_adding(context);
  held_ = mouse ? mouse : digit_down(labels_.size());
  take(context);
  if (removed) {
    labels_.erase(labels_.begin() + static_cast<std::ptrdiff_t>(*removed));
    held_.reset();
  }
}

void TeachDialog::draw_adding(PanelContext& context) {
  const auto& theme = context.theme;
  if (labels_.size() >= kMostLabels) {
    ImGui::AlignTextToFramePadding();
    ImGui::TextDisabled("Nine labels are the most: one for each digit.");
    return;
  }
  ImGui::SetNextItemWidth(theme.px(132));
  if (ImGui::BeginCombo("##usual", "Add a label")) {
    for (const auto label : canonical_labels()) {
      if (std::find(labels_.begin(), labels_.end(), label) != labels_.end()) continue;
      if (ImGui::Selectable(std::string(display_word(label)).c_str())) {
        add_label(std::string(label));
      }
    }
    ImGui::EndCombo();
  }
  ImGui::SameLine();
  const float button = theme.px(64);
  ImGui::SetNextItemWidth(-button - ImGui::GetStyle().ItemSpacing.x);
  bool entered = ImGui::InputTextWithHint("##own", "or a word of your own, such as thinking",
                                          &own_, ImGuiInputTextFlags_EnterReturnsTrue);
  shorten(own_, kLongestLabel);
  ImGui::SameLine();
  entered |= ImGui::Button("Add", {button, 0});
  if (entered) add_label(std::exchange(own_, {}));
}

/// Two lines: what goes on, went wrong, was learned or is missing.
void TeachDialog::draw_state(PanelContext& context) {
  const auto& theme = context.theme;
  const auto& teaching = context.view.teaching;
  Pen pen(context, "teach", ImGui::GetWindowDrawList());
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  const float line = font_height(theme.small);
  std::string words = readiness_words(teaching);
  ImU32 color = theme.colors.soft;
  if (forgetting_) {
    words = "Forget “" + forgetting_->name +
            "”? What it learned is deleted, here and on the disk, and cannot be had back.";
    color = theme.colors.text;
  } else if (teaching.state == TeachingView::State::learning) {
    context.animating = true;
    words = "Learning…";
    const float top = at.y + line + theme.px(6);
    pen.pill({at.x, top}, {at.x + width, top + theme.px(6)}, theme.colors.track);
    const float done = std::max(theme.px(6), width * std::clamp(teaching.progress, 0.0f, 1.0f));
    pen.pill({at.x, top}, {at.x + done, top + theme.px(6)}, theme.colors.accent);
  } else if (!teaching.problem.empty()) {
    words = teaching.problem;
    color = theme.colors.alarm;
  } else if (teaching.lesson) {
    words = lesson_words(*teaching.lesson);
    color =
        hardly_better_than_chance(*teaching.lesson) ? theme.colors.warning : theme.colors.good;
  }
  pen.wrapped(theme.small, at, width, color, words);
  ImGui::Dummy({width, 2 * line});
}

/// Forgetting cannot be taken back, so it is asked for twice.
void TeachDialog::draw_question(PanelContext& context) {
  const auto& theme = context.theme;
  const std::string id = forgetting_->id;
  if (alarming_button(theme, "Forget for ever", theme.px(140))) {
    context.ask(action::ForgetTaught{id});
    forgetting_.reset();
  }
  ImGui::SameLine();
  if (ImGui::Button("Leave it", {theme.px(90), 0})) forgetting_.reset();
}

/// Taught earlier, and on this computer.
void TeachDialog::draw_kept(PanelContext& context) {
  const auto& kept = context.view.teaching.kept;
  if (!ImGui::BeginPopup("##kept")) return;
  for (const auto& model : kept) {
    const std::string label =
        elide(context.theme.regular, model.name, context.theme.px(240)) + "###" + model.id;
    if (!ImGui::BeginMenu(label.c_str())) continue;
    const bool used = model.id == context.view.status.model_id;
    if (ImGui::MenuItem("Use it", nullptr, used)) context.ask(action::UseModel{model.id});
    if (ImGui::MenuItem("Forget it…")) forgetting_ = model;
    ImGui::EndMenu();
  }
  ImGui::EndPopup();
}

void TeachDialog::draw_buttons(PanelContext& context) {
  const auto& theme = context.theme;
  const auto& teaching = context.view.teaching;
  const auto button = [&](const char* words, float width, bool enabled, bool primary) {
    ImGui::BeginDisabled(!enabled);
    const bool clicked = primary ? primary_button(theme, words, theme.px(width))
                                 : ImGui::Button(words, {theme.px(width), 0});
    ImGui::EndDisabled();
    ImGui::SameLine();
    return clicked;
  };
  if (teaching.state == TeachingView::State::learning) {
    if (button("Stop", 76, true, false)) context.ask(action::StopLearning{});
    return;
  }
  const auto& lesson = teaching.lesson;
  const bool current = lesson && lesson->current;
  const bool idle = teaching.state == TeachingView::State::idle;
  ImGui::SetNextItemWidth(theme.px(136));
  ImGui::InputTextWithHint("##name", "Name of the model", &name_);
  shorten(name_, kLongestName);
  ImGui::SameLine();
  if (button("Learn", 76, idle && teaching.missing.empty() && !teaching.labels.empty(),
             !current)) {
    const std::string name = trimmed(name_);
    context.ask(action::LearnFaces{name.empty() ? "My face" : name});
  }
  if (lesson) {
    const bool used = lesson->id == context.view.status.model_id;
    if (button(used ? "In use" : "Use it", 72, !used, current)) {
      context.ask(action::UseModel{lesson->id});
    }
    if (button(lesson->kept ? "Kept" : "Keep", 66, idle && !lesson->kept, false)) {
      context.ask(action::KeepTaught{});
    }
    if (button("Forget…", 84, idle, false)) forgetting_ = {lesson->id, lesson->name, {}};
  }
  if (!teaching.kept.empty()) {
    if (button("Kept ones…", 104, idle, false)) ImGui::OpenPopup("##kept");
    draw_kept(context);
  }
}

void TeachDialog::draw(PanelContext& context) {
  const auto& theme = context.theme;
  if (!begin_dialog(context, "##teach", std::exchange(wanted_, false),
                    {theme.px(900), theme.px(640)})) {
    held_.reset();
    return;
  }
  follow_labels(context.view.teaching);
  follow_person(context);
  dialog_title(theme, "Teach it your face");
  const float spacing = ImGui::GetStyle().ItemSpacing.y;
  const float footer = ImGui::GetFrameHeight() + 2 * font_height(theme.small) + 3 * spacing;
  ImGui::BeginChild("##body", {0, -footer});
  draw_face(context);
  ImGui::SameLine(0, theme.px(20));
  ImGui::BeginChild("##right", {0, 0});
  draw_labels(context);
  ImGui::EndChild();
  ImGui::EndChild();
  draw_state(context);
  if (forgetting_) {
    draw_question(context);
    ImGui::SameLine();
  } else {
    draw_buttons(context);
  }
  close_button(theme);
  ImGui::EndPopup();
}

void draw_teach_panel(PanelContext& context) { context.state.teach.draw(context); }

}  // namespace mien
