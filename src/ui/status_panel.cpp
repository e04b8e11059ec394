#include <algorithm>
#include <vector>

#include "formatting.hpp"
#include "panels.hpp"
#include "pen.hpp"

namespace mien::ui {
namespace {

constexpr double kSoonFull = 10 * 60;  // seconds

struct Part {
  std::string text;
  ImU32 color;
  int priority = 0;       ///< the lowest is left out first when there is no room
  std::string tooltip{};  ///< a line or several
};

/// "not sending: OSC · sending: web (2 listeners)", or "" when nothing is on.
std::string sending_words(const ViewModel& view, bool with_listeners) {
  std::string sending, failed;
  for (const auto& output : view.outputs) {
    if (output.state == OutputView::State::off) continue;
    auto& names = output.state == OutputView::State::failed ? failed : sending;
    names += (names.empty() ? "" : ", ") + output.name;
    if (output.state == OutputView::State::failed) continue;
    if (output.state == OutputView::State::opening) names += " (opening…)";
    if (!output.problem.empty()) {
      names += " (problem)";
      continue;
    }
    if (with_listeners && !output.listeners.empty()) names += " (" + output.listeners + ")";
  }
  // What is wrong stands first: what does not fit is cut at the end.
  std::string text = failed.empty() ? "" : "not sending: " + failed;
  if (!sending.empty()) text += (text.empty() ? "" : " · ") + ("sending: " + sending);
  return text;
}

/// What is sent, with the addresses and what went wrong as its tooltip, or "all local".
Part sending_part(const ViewModel& view, const Theme& theme, float most) {
  bool troubled = false;
  std::string tooltip;
  for (const auto& output : view.outputs) {
    if (output.state == OutputView::State::off) continue;
    std::string line = output.name;
    const auto& where = output.address.empty() ? output.place : output.address;
    if (!where.empty()) line += ", " + where;
    if (!output.problem.empty()) {
      troubled = true;
      line = output.problem;
    }
    tooltip += (tooltip.empty() ? "" : "\n") + line;
  }
  std::string text = sending_words(view, true);
  if (text.empty()) return {"all local", theme.colors.good, 2};
  if (text_width(theme.small, text) > most) text = sending_words(view, false);
  // What leaves this computer is always seen.
  return {elide(theme.small, text, most), troubled ? theme.colors.warning : theme.colors.accent,
          7, std::move(tooltip)};
}

/// "HD Pro Webcam C920" and what follows it; the name alone is shortened when room is short.
std::string source_facts(const ViewModel& view) {
  const auto& source = view.status.source;
  std::string facts;
  if (!source.size.empty()) {
    facts += " · " + format_size(source.size);
    if (!source.format.empty()) facts += " " + source.format;
  }
  switch (view.status.state) {
    case analysis::LiveStatus::State::opening:
      return facts + " · opening…";
    case analysis::LiveStatus::State::paused:
      return facts + " · paused";
    case analysis::LiveStatus::State::ended:
      return source.kind == "image" ? facts : facts + " · ended";
    case analysis::LiveStatus::State::failed:
      return facts + " · stopped";
    case analysis::LiveStatus::State::running:
      break;
  }
  if (view.replay) return facts;  // a replay has no capture rate
  const char* who = source.kind == "camera" ? "camera " : "";
  return facts + " · " + who + base::decimal(view.status.capture_fps, 1) + " fps";
}

std::vector<Part> parts_of(const ViewModel& view, const Theme& theme, float width) {
  const auto& c = theme.colors;
  std::vector<Part> parts;
  if (view.recording.active && view.recording.seconds_left) {
    const double left = *view.recording.seconds_left;
    parts.push_back({"room for " + (left > 99 * 3600 ? "days" : format_duration(left)),
                     left < kSoonFull ? c.warning : c.soft, 6});
  }
  if (view.status.analysed > 0) {
    std::string text = "analysis ";
    if (view.status.analysis_fps > 0)
      text += base::decimal(view.status.analysis_fps, 1) + " fps · ";
    parts.push_back({text + base::decimal(view.status.times.total, 1) + " ms", c.soft, 5});
  }
  if (view.latency_ms) {
    parts.push_back({"latency " + base::decimal(*view.latency_ms, 0) + " ms", c.soft, 4});
  }
  if (view.status.source.live) {
    parts.push_back({"dropped " + std::to_string(view.status.dropped), c.soft, 3});
  }
  parts.push_back(sending_part(view, theme, 0.3F * width));
  return parts;
}

std::string recording_text(const RecordingView& recording) {
  if (recording.finishing) return "saving…";
  std::string text =
      "REC " + format_clock(recording.seconds) + " · " + format_bytes(recording.bytes);
  if (recording.privacy == sessions::Privacy::blurred_faces) text += " · faces blurred";
  if (recording.privacy == sessions::Privacy::data_only) text += " · data only";
  return text;
}

}  // namespace

void draw_status_panel(PanelContext& context) {
  const auto& theme = context.theme;
  const auto& area = context.layout.status;
  const auto& view = context.view;
  begin_panel_window("##status", area);
  Pen pen(context, "status", ImGui::GetWindowDrawList());
  pen.list()->AddRectFilled(area.min, area.max, theme.colors.bar);
  pen.list()->AddLine(area.min, {area.max.x, area.min.y}, theme.colors.line);

  ImFont* font = theme.small;
  const float top = area.min.y + (area.height() - font_height(font)) / 2;
  const float gap = theme.px(22);
  float x = area.min.x + theme.px(14);
  float right = area.max.x - theme.px(14);

  if (view.recording.active || view.recording.finishing) {
    const float radius = theme.px(4.5F);
    pen.list()->AddCircleFilled({x + radius, area.min.y + area.height() / 2}, radius,
                                theme.colors.alarm);
    x = pen.number(font, {x + 2 * radius + theme.px(6), top}, theme.colors.alarm,
                   recording_text(view.recording)) +
        gap;
  }

  // What does not fit is left out, the lowest priority first; the source's name keeps some
  // room.
  auto parts = parts_of(view, theme, area.width());
  const std::string facts = source_facts(view);
  const auto& name = view.status.source.name;
  const float name_width = text_width(font, name);
  const float name_least = std::min(name_width, theme.px(60));
  const auto needed = [&] {
    float width = number_width(font, facts);
    for (const auto& part : parts) width += gap + number_width(font, part.text);
    return width;
  };
  while (!parts.empty() && x + name_least + needed() > right) {
    parts.erase(std::min_element(parts.begin(), parts.end(), [](const Part& a, const Part& b) {
      return a.priority < b.priority;
    }));
  }
  const char* help = "F1 help";
  const float help_width = text_width(font, help);
  if (x + name_width + needed() + 2 * gap + help_width <= right) {
    pen.text_right(font, right, top, theme.colors.dim, help);
    right -= help_width + gap;
  }
  const float room = right - x - needed();
  x = pen.text(font, {x, top}, theme.colors.text, elide(font, name, room));
  x = pen.number(font, {x, top}, theme.colors.soft,
                 elide(font, facts, std::max(0.0F, right - x)));
  for (const auto& part : parts) {
    const float from = x + gap;
    x = pen.number(font, {from, top}, part.color, part.text);
    if (part.tooltip.empty() ||
        !ImGui::IsMouseHoveringRect({from, area.min.y}, {x, area.max.y}, false)) {
      continue;
    }
    ImGui::BeginTooltip();
    ImGui::PushTextWrapPos(theme.px(340));
    ImGui::TextUnformatted(part.tooltip.c_str());
    ImGui::PopTextWrapPos();
    ImGui::EndTooltip();
  }
  ImGui::End();
}

}  // namespace mien::ui
