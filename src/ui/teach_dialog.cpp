#include "teach_dialog.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include <imgui_stdlib.h>

#include "mien/base/labels.hpp"
#include "mien/base/text.hpp"
#include "mien/base/utf8.hpp"

#include "formatting.hpp"
#include "panels.hpp"
#include "pen.hpp"
#include "ui_state.hpp"
#include "widgets.hpp"

namespace mien::ui {
namespace {

// Share of the way from chance to an accuracy of 100 %; a model below is not worth using.
constexpr double kWorthUsing = 0.3;
constexpr double kOften = 0.25;  // a label that is taken for another one so often is named

/// Pictures too bad to learn from. A turned or covered face and closed eyes are accepted: they
/// may be part of the expression.
bool bad_picture(base::Doubt doubt) {
  switch (doubt) {
    case base::Doubt::too_small:
    case base::Doubt::blurred:
    case base::Doubt::too_dark:
    case base::Doubt::too_bright:
    case base::Doubt::cut_off:
      return true;
    case base::Doubt::none:
    case base::Doubt::low_probability:
    case base::Doubt::close_labels:
    case base::Doubt::turned_away:
    case base::Doubt::eyes_closed:
    case base::Doubt::mouth_covered:
    case base::Doubt::covered:
    case base::Doubt::unlike:
      return false;
  }
  return false;
}

std::string quoted(const std::string& label) {
  return "“" + std::string(base::display_word(label)) + "”";
}

double chance(const TeachingView::TrainingResult& result) {
  return 1.0 / static_cast<double>(std::max<std::size_t>(1, result.labels));
}

/// Why the face of `person` cannot be an example now, in a sentence; empty when it can.
std::string face_refusal(const ViewModel& view, int person) {
  using Status = analysis::LiveStatus::State;
  if (view.teaching.state == TeachingView::State::training ||
      view.teaching.state == TeachingView::State::saving) {
    return "Training is running.";
  }
  if (view.status.state == Status::paused || view.status.state == Status::ended) {
    return "The video is paused; press Space in the main window to continue.";
  }
  const bool seen = view.analysis && view.reading_strength > 0.01F;
  if (!seen || view.analysis->readings.empty()) return "Nobody is in view.";
  const auto& readings = view.analysis->readings;
  const auto it = std::find_if(readings.begin(), readings.end(),
                               [&](const auto& r) { return r.person == person; });
  if (it == readings.end()) {
    return person_name(view, person) +
           " is not in view, somebody else is; choose whose face to use.";
  }
  if (bad_picture(it->verdict.doubt)) {
    return std::string("Not taken: ") + base::describe(it->verdict.doubt) + ".";
  }
  return {};
}

/// Right hardly more often than by guessing.
bool hardly_better_than_chance(const TeachingView::TrainingResult& result) {
  return result.accuracy < chance(result) + kWorthUsing * (1 - chance(result));
}

/// How good a model is, and which two labels it takes for each other.
std::string result_text(const TeachingView::TrainingResult& result) {
  const auto share = [](double value) { return format_percent(static_cast<float>(value)); };
  std::string text = "“" + result.name + "” was right about " + share(result.accuracy) +
                     " of the faces that were held out; guessing gets " +
                     share(chance(result)) + ".";
  if (result.mistaken >= kOften) {
    text += " It takes " + quoted(result.shown) + " for " + quoted(result.answered) + " in " +
            share(result.mistaken) + " of the cases; make them more distinct.";
  } else if (hardly_better_than_chance(result)) {
    text += " The expressions look too similar; make them more distinct.";
  } else if (!result.current) {
    text += " The examples have changed since; train again.";
  }
  return text;
}

/// What the examples allow or lack.
std::string readiness_text(const TeachingView& teaching) {
  if (teaching.labels.empty()) {
    return "No examples yet. Examples stay in memory; saving writes the model, never a "
           "picture.";
  }
  if (!teaching.missing.empty()) return teaching.missing;
  std::size_t all = 0;
  for (const auto& label : teaching.labels) all += label.examples;
  return "Ready to train on " + std::to_string(all) + " examples of " +
         std::to_string(teaching.labels.size()) +
         " labels. They stay in memory; saving writes the model, never a picture.";
}

/// What was done with a label's row.
struct LabelRowEvents {
  bool held = false;  ///< the mouse is down on its key
  bool removed = false;
  std::optional<std::size_t> taken_back;  ///< the place of an example
};

struct LabelRow {
  int digit = 1;  ///< its key
  std::string name;
  /// Of it, once it has examples, and where its thumbnails lie; or null.
  const TeachingView::Label* taught = nullptr;
  int thumbnail_row = 0;
  bool down = false;  ///< its key is held
};

constexpr float kKey = 34;
constexpr float kNames = 118;
constexpr float kThumbnail = 40;
constexpr float kGap = 4;
constexpr float kRemove = 26;

ImU32 color_of(const LabelRow& row) {
  return to_imgui(overlay::label_color(row.name, row.digit - 1));
}

/// The key, as a button that can be held with the mouse too.
bool draw_key(const Theme& theme, Pen& pen, const LabelRow& row, ImVec2 at) {
  const float side = theme.px(kKey);
  ImGui::SetCursorScreenPos(at);
  ImGui::InvisibleButton("##key", {side, side});
  const bool down = row.down || ImGui::IsItemActive();
  const ImU32 ground = down                     ? color_of(row)
                       : ImGui::IsItemHovered() ? theme.colors.line
                                                : theme.colors.track;
  pen.list()->AddRectFilled(at, {at.x + side, at.y + side}, ground, theme.px(7));
  const std::string digit = std::to_string(row.digit);
  const ImU32 ink =
      down ? to_imgui(overlay::ink_on(overlay::label_color(row.name, row.digit - 1)))
           : theme.colors.text;
  pen.text(theme.semibold,
           {at.x + (side - text_width(theme.semibold, digit)) / 2,
            at.y + (side - font_height(theme.semibold)) / 2},
           ink, digit);
  return ImGui::IsItemActive();
}

/// Which of the thumbnails was clicked, counted from the newest.
std::optional<int> draw_thumbnails(PanelContext& context, Pen& pen, const LabelRow& row,
                                   ImVec2 at, float width) {
  const auto& theme = context.theme;
  const auto& teaching = context.view.teaching;
  const cv::Size grid = teaching.thumbnail_grid;
  const float side = theme.px(kThumbnail);
  const float step = side + theme.px(kGap);
  const int fit = std::max(0, static_cast<int>((width + theme.px(kGap)) / step));
  const int count = std::min({row.taught->thumbnails, fit, grid.width});
  std::optional<int> clicked;
  for (int i = 0; i < count; ++i) {
    const ImVec2 corner{at.x + step * static_cast<float>(i), at.y};
    const ImVec2 end{corner.x + side, corner.y + side};
    ImGui::PushID(i);
    ImGui::SetCursorScreenPos(corner);
    if (ImGui::InvisibleButton("##face", {side, side})) clicked = i;
    const bool hovered = ImGui::IsItemHovered();
    ImGui::PopID();
    const auto columns = static_cast<float>(grid.width);
    const auto rows = static_cast<float>(grid.height);
    ImVec2 uv0{static_cast<float>(i) / columns, static_cast<float>(row.thumbnail_row) / rows};
    ImVec2 uv1{uv0.x + 1 / columns, uv0.y + 1 / rows};
    if (context.view.mirrored) std::swap(uv0.x, uv1.x);
    pen.picture(teaching.thumbnails, corner, end, uv0, uv1,
                IM_COL32(255, 255, 255, hovered ? 120 : 255), theme.px(5));
    if (hovered) {
      pen.list()->AddRect(corner, end, theme.colors.alarm, theme.px(5), 0, theme.px(2));
      ImGui::SetTooltip("Remove this example");
    }
  }
  return clicked;
}

bool draw_remove(const Theme& theme, Pen& pen, ImVec2 at, float height) {
  const float side = theme.px(kRemove);
  const ImVec2 corner{at.x, at.y + (height - side) / 2};
  ImGui::SetCursorScreenPos(corner);
  const bool clicked = ImGui::InvisibleButton("##remove", {side, side});
  const bool hovered = ImGui::IsItemHovered();
  if (hovered) ImGui::SetTooltip("Remove this label and its examples");
  pen.text(theme.semibold,
           {corner.x + (side - text_width(theme.semibold, "×")) / 2,
            corner.y + (side - font_height(theme.semibold)) / 2},
           hovered ? theme.colors.alarm : theme.colors.dim, "×");
  return clicked;
}

/// The height of a row.
float label_row_height(const Theme& theme) { return theme.px(kThumbnail + 10); }

/// A label with its key, how many examples it has and the newest of them, which a click takes
/// back.
LabelRowEvents draw_label_row(PanelContext& context, const LabelRow& row) {
  const auto& theme = context.theme;
  const float height = label_row_height(theme);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  ImGui::PushID(row.name.c_str());
  Pen pen(context, "teach", ImGui::GetWindowDrawList());
  LabelRowEvents events;
  events.held = draw_key(theme, pen, row, {at.x, at.y + (height - theme.px(kKey)) / 2});

  const float left = at.x + theme.px(kKey + 10);
  const float lines = font_height(theme.semibold) + font_height(theme.small);
  const float top = at.y + (height - lines) / 2;
  pen.text(theme.semibold, {left, top}, color_of(row),
           elide(theme.semibold, base::display_word(row.name), theme.px(kNames - 8)));
  const std::size_t examples = row.taught != nullptr ? row.taught->examples : 0;
  pen.text(theme.small, {left, top + font_height(theme.semibold)},
           examples == 0 ? theme.colors.dim : theme.colors.soft,
           examples == 0   ? std::string("no example yet")
           : examples == 1 ? std::string("1 example")
                           : std::to_string(examples) + " examples");

  const float faces = left + theme.px(kNames);
  const float right = at.x + width - theme.px(kRemove + 4);
  if (row.taught != nullptr && context.view.teaching.thumbnails != 0) {
    const auto clicked = draw_thumbnails(
        context, pen, row, {faces, at.y + (height - theme.px(kThumbnail)) / 2}, right - faces);
    if (clicked) events.taken_back = examples - 1 - static_cast<std::size_t>(*clicked);
  }
  events.removed = draw_remove(theme, pen, {right + theme.px(4), at.y}, height);
  ImGui::PopID();
  ImGui::SetCursorScreenPos(at);
  ImGui::Dummy({width, height});
  return events;
}

/// The face at `box` of the picture, or an empty place, as a square.
void draw_face_preview(PanelContext& context, Pen& pen, const Area& area, const cv::Rect2f* box,
                       ImU32 frame_color) {
  const auto& theme = context.theme;
  const auto& view = context.view;
  const float rounding = theme.px(8);
  pen.list()->AddRectFilled(area.min, area.max, theme.colors.well, rounding);
  const cv::Size2f picture = view.picture_size;
  if (box != nullptr && view.picture != 0 && !picture.empty()) {
    const float side =
        std::min({1.5F * std::max(box->width, box->height), picture.width, picture.height});
    const auto fitted = [&](float middle, float length) {
      return std::clamp(middle - side / 2, 0.0F, length - side);
    };
    const float x = fitted(box->x + box->width / 2, picture.width);
    const float y = fitted(box->y + box->height / 2, picture.height);
    ImVec2 uv0{x / picture.width, y / picture.height};
    ImVec2 uv1{(x + side) / picture.width, (y + side) / picture.height};
    if (view.mirrored) std::swap(uv0.x, uv1.x);
    pen.picture(view.picture, area.min, area.max, uv0, uv1, IM_COL32_WHITE, rounding);
  }
  pen.list()->AddRect(area.min, area.max, frame_color, rounding, 0, theme.px(3));
}

constexpr float kFaceSide = 208;
constexpr std::size_t kMaxLabelLength = 40;  // bytes, as FaceTeacher has it
constexpr std::size_t kMaxNameLength = 60;

/// The digit that is down, unless a text is being typed.
std::optional<std::size_t> digit_down(std::size_t labels) {
  const auto& io = ImGui::GetIO();
  if (io.WantTextInput || io.KeyCtrl || io.KeyAlt || io.KeySuper) return std::nullopt;
  for (std::size_t i = 0; i < labels; ++i) {
    const int place = static_cast<int>(i);
    const auto at = [place](Key first) {
      return static_cast<Key>(static_cast<int>(first) + place);
    };
    if (key_down(at(key_of('1'))) || key_down(at(Key::keypad_1))) return i;
  }
  return std::nullopt;
}

const base::FaceReading* reading_of(const ViewModel& view, int person) {
  if (!view.analysis || view.reading_strength <= 0.01F) return nullptr;
  const auto& readings = view.analysis->readings;
  const auto it = std::find_if(readings.begin(), readings.end(),
                               [&](const auto& r) { return r.person == person; });
  return it == readings.end() ? nullptr : &*it;
}

bool busy(const TeachingView& teaching) {
  return teaching.state == TeachingView::State::training ||
         teaching.state == TeachingView::State::saving;
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
  std::string label = base::trimmed(word);
  if (const auto canonical = base::canonical_label(label)) label = *canonical;
  if (label.empty() || labels_.size() >= kMaxLabels) return;
  if (std::find(labels_.begin(), labels_.end(), label) == labels_.end()) {
    labels_.push_back(std::move(label));
  }
}

void TeachDialog::follow_labels(const TeachingView& teaching) {
  for (const auto& label : teaching.labels) add_label(label.name);
}

/// Keeps the chosen person, also while out of view, once there are examples of them.
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
  refused_ = face_refusal(context.view, person_);
  if (refused_.empty()) context.ask(action::AddExample{labels_[*held_], person_});
}

/// With several people, or when the one who is taught has gone, it is asked whose face it is.
void TeachDialog::draw_whose(PanelContext& context) {
  const auto& view = context.view;
  const base::FaceReading* reading = reading_of(view, person_);
  const std::size_t in_view = view.analysis ? view.analysis->readings.size() : 0;
  if (in_view == 0 || (in_view == 1 && reading != nullptr)) return;
  ImGui::SetNextItemWidth(-1);
  const std::string shown =
      person_ == 0 ? "Whose face?" : "The face of " + person_name(context.view, person_);
  if (!ImGui::BeginCombo("##whose", shown.c_str())) return;
  for (const auto& one : view.analysis->readings) {
    const std::string name =
        person_name(context.view, one.person) + "###" + std::to_string(one.person);
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
  const base::FaceReading* reading = reading_of(context.view, person_);
  ImU32 frame =
      reading != nullptr ? to_imgui(overlay::person_color(person_)) : theme.colors.line;
  if (held_) {
    frame = refused_.empty()
                ? to_imgui(overlay::label_color(labels_[*held_], static_cast<int>(*held_)))
                : theme.colors.alarm;
  }
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float side = theme.px(kFaceSide);
  draw_face_preview(context, pen, {at, {at.x + side, at.y + side}},
                    reading != nullptr ? &reading->face.box : nullptr, frame);
  if (reading == nullptr) {
    const std::string text = person_ == 0
                                 ? std::string("Nobody is in view")
                                 : person_name(context.view, person_) + " is not in view";
    const std::string line = elide(theme.small, text, side - theme.px(16));
    pen.text(theme.small,
             {at.x + (side - text_width(theme.small, line)) / 2,
              at.y + (side - font_height(theme.small)) / 2},
             theme.colors.dim, line);
  }
  ImGui::Dummy({side, side});
  draw_whose(context);
  std::string text =
      "Make a face and hold its number key, or press its button. Ten examples of each "
      "are good; move a little meanwhile.";
  ImU32 color = theme.colors.dim;
  if (held_ && !refused_.empty()) {
    text = refused_;
    color = theme.colors.alarm;
  } else if (held_ && context.view.teaching.state == TeachingView::State::loading) {
    text = "Loading; keep holding…";
    color = theme.colors.soft;
  } else if (held_) {
    text = "Taking “" + std::string(base::display_word(labels_[*held_])) + "” of " +
           person_name(context.view, person_) + "…";
    color = theme.colors.good;
  }
  pen.wrapped(theme.small, ImGui::GetCursorScreenPos(), side, color, text);
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
    if (events.taken_back) context.ask(action::RemoveExample{row.name, *events.taken_back});
    if (events.removed && !busy(context.view.teaching)) {
      removed = i;
      if (row.taught != nullptr) context.ask(action::RemoveLabel{row.name});
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
  if (labels_.size() >= kMaxLabels) {
    ImGui::AlignTextToFramePadding();
    ImGui::TextDisabled("At most nine labels, one per digit key.");
    return;
  }
  ImGui::SetNextItemWidth(theme.px(132));
  if (ImGui::BeginCombo("##usual", "Add a label")) {
    for (const auto label : base::canonical_labels()) {
      if (std::find(labels_.begin(), labels_.end(), label) != labels_.end()) continue;
      if (ImGui::Selectable(std::string(base::display_word(label)).c_str())) {
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
  own_.resize(base::fitting_characters(own_, kMaxLabelLength).size());
  ImGui::SameLine();
  entered |= ImGui::Button("Add", {button, 0});
  if (entered) add_label(std::exchange(own_, {}));
}

/// Two lines: progress, an error, the result or what is missing.
void TeachDialog::draw_state(PanelContext& context) {
  const auto& theme = context.theme;
  const auto& teaching = context.view.teaching;
  Pen pen(context, "teach", ImGui::GetWindowDrawList());
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  const float line = font_height(theme.small);
  std::string text = readiness_text(teaching);
  ImU32 color = theme.colors.soft;
  if (forgetting_) {
    text = "Delete “" + forgetting_->name +
           "”? The model and its examples are deleted. This cannot be undone.";
    color = theme.colors.text;
  } else if (teaching.state == TeachingView::State::training) {
    context.animating = true;
    text = "Training…";
    const float top = at.y + line + theme.px(6);
    pen.pill({at.x, top}, {at.x + width, top + theme.px(6)}, theme.colors.track);
    const float done = std::max(theme.px(6), width * std::clamp(teaching.progress, 0.0F, 1.0F));
    pen.pill({at.x, top}, {at.x + done, top + theme.px(6)}, theme.colors.accent);
  } else if (!teaching.problem.empty()) {
    text = teaching.problem;
    color = theme.colors.alarm;
  } else if (teaching.result) {
    text = result_text(*teaching.result);
    color =
        hardly_better_than_chance(*teaching.result) ? theme.colors.warning : theme.colors.good;
  }
  pen.wrapped(theme.small, at, width, color, text);
  ImGui::Dummy({width, 2 * line});
}

/// Deleting cannot be undone, so it must be confirmed.
void TeachDialog::draw_confirmation(PanelContext& context) {
  const auto& theme = context.theme;
  const std::string id = forgetting_->id;
  if (destructive_button(theme, "Delete permanently", theme.px(150))) {
    context.ask(action::DeleteModel{id});
    forgetting_.reset();
  }
  ImGui::SameLine();
  if (ImGui::Button("Cancel", {theme.px(90), 0})) forgetting_.reset();
}

/// Models trained earlier and saved on this computer.
void TeachDialog::draw_saved(PanelContext& context) {
  const auto& saved = context.view.teaching.saved;
  if (!ImGui::BeginPopup("##saved")) return;
  for (const auto& model : saved) {
    const std::string label =
        elide(context.theme.regular, model.name, context.theme.px(240)) + "###" + model.id;
    if (!ImGui::BeginMenu(label.c_str())) continue;
    const bool used = model.id == context.view.status.model_id;
    if (ImGui::MenuItem("Use it", nullptr, used)) context.ask(action::UseModel{model.id});
    if (ImGui::MenuItem("Delete it…")) forgetting_ = model;
    ImGui::EndMenu();
  }
  ImGui::EndPopup();
}

void TeachDialog::draw_buttons(PanelContext& context) {
  const auto& theme = context.theme;
  const auto& teaching = context.view.teaching;
  const auto button = [&](const char* text, float width, bool enabled, bool primary) {
    ImGui::BeginDisabled(!enabled);
    const bool clicked = primary ? primary_button(theme, text, theme.px(width))
                                 : ImGui::Button(text, {theme.px(width), 0});
    ImGui::EndDisabled();
    ImGui::SameLine();
    return clicked;
  };
  if (teaching.state == TeachingView::State::training) {
    if (button("Cancel", 76, true, false)) context.ask(action::CancelTraining{});
    return;
  }
  const auto& result = teaching.result;
  const bool current = result && result->current;
  const bool idle = teaching.state == TeachingView::State::idle;
  ImGui::SetNextItemWidth(theme.px(136));
  ImGui::InputTextWithHint("##name", "Name of the model", &name_);
  name_.resize(base::fitting_characters(name_, kMaxNameLength).size());
  ImGui::SameLine();
  if (button("Train", 76, idle && teaching.missing.empty() && !teaching.labels.empty(),
             !current)) {
    const std::string name = base::trimmed(name_);
    context.ask(action::TrainModel{name.empty() ? "My face" : name});
  }
  if (result) {
    const bool used = result->id == context.view.status.model_id;
    if (button(used ? "In use" : "Use it", 72, !used, current)) {
      context.ask(action::UseModel{result->id});
    }
    if (button(result->saved ? "Saved" : "Save", 66, idle && !result->saved, false)) {
      context.ask(action::SaveModel{});
    }
    if (button("Delete…", 84, idle, false)) forgetting_ = {result->id, result->name, {}};
  }
  if (!teaching.saved.empty()) {
    if (button("Saved…", 84, idle, false)) ImGui::OpenPopup("##saved");
    draw_saved(context);
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
    draw_confirmation(context);
    ImGui::SameLine();
  } else {
    draw_buttons(context);
  }
  close_button(theme);
  ImGui::EndPopup();
}

void draw_teach_panel(PanelContext& context) { context.state.teach.draw(context); }

}  // namespace mien::ui
