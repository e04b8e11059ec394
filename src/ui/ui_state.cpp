#include "ui_state.hpp"

#include <algorithm>
#include <cmath>

namespace mien::ui {
namespace {

constexpr float kEasing = 0.09F;  // seconds in which a bar goes most of its way
// Hysteresis: two faces of about the same size must not alternate as the largest.
constexpr float kClearlyLarger = 1.4F;
// Seconds until what was measured is old. Frames between two that are measured have none of
// it, and the card must not flicker.
constexpr double kMeasuredLately = 0.5;
constexpr double kGazeEasing = 0.25;  // seconds
constexpr float kGazeBegins = 0.65F;  // share of the time; as much of the other ends it

void update_history(PanelContext& context) {
  auto& state = context.state;
  const auto& view = context.view;
  if (view.replay) {
    if (state.replay.session != view.replay->session) load_replay(state, *view.replay);
    state.clock = std::max(view.replay->length, 0.1);
    return;
  }
  // While a session is paused its time stands still, and so does the timeline.
  if (view.status.state == analysis::LiveStatus::State::running)
    state.clock += ImGui::GetIO().DeltaTime;
  for (const auto& marker : view.markers) {
    const std::chrono::duration<double> ago = std::chrono::steady_clock::now() - marker.at;
    state.history.add_marker(state.clock - std::max(0.0, ago.count()), marker.text);
  }
  if (!view.analysis || view.analysis == state.in_history) return;
  state.in_history = view.analysis;
  state.history.add(*view.analysis, state.clock);
  state.signals.update(*view.analysis);
}

/// Adds a notice when the calibration of a resting face was given up.
void notify_calibration_failure(PanelContext& context, PersonCard& card,
                                const base::FaceReading& now,
                                const std::shared_ptr<const std::vector<std::string>>& labels) {
  const bool over = card.reading.calibration == base::Calibration::collecting &&
                    now.calibration != base::Calibration::collecting;
  // A change of model clears all baselines, which is no failure.
  if (over && now.calibration == base::Calibration::none && !card.cancelled &&
      card.labels == labels) {
    context.state.notices.add(
        {base::Notice::Level::warning,
         "The resting face of " + person_name(context.view, now.person) +
             " could not be measured; look into the camera, near enough and in good light, and "
             "set it again."},
        ImGui::GetTime());
  }
  if (over) card.cancelled = false;
}

/// What the rules say of a reading with geometry that is new, or of one whose rules are.
void update_opinions(PanelContext& context, PersonCard& card) {
  const auto& view = context.view;
  if (!view.opinions) {
    card.opinions.clear();
    return;
  }
  const double seconds = view.replay ? view.replay->position : ImGui::GetTime();
  card.opinions = context.state.opinions.update(card.reading.person,
                                                view.opinions->opinions(card.reading), seconds);
}

/// Single frames are wrong now and then; the card says what holds for a moment of the frames'
/// time, however often one of them is drawn. A past session is shown as it stands.
void hold_gaze(PersonCard& card, std::optional<bool> said, const base::AnalyzedFrame& analysis,
               bool at_once) {
  const auto time = analysis.frame->time;
  const double passed = std::chrono::duration<double>(time - card.gazed).count();
  const bool follows = !at_once && analysis.source == card.gazed_source && passed >= 0 &&
                       passed <= kMeasuredLately;
  if (!follows) card.looks.reset();
  if (said) {
    if (card.looks) {
      card.looks->update(*said, passed);
    } else {
      card.looks.emplace(kGazeEasing, kGazeBegins, 1 - kGazeBegins).begin(*said);
    }
    card.gazed = time;
    card.gazed_source = analysis.source;
  }
  card.geometry->towards_camera =
      card.looks ? std::optional(card.looks->holds()) : std::nullopt;
}

/// A reading that the card does not have yet.
void take_reading(PanelContext& context, PersonCard& card, const base::FaceReading& reading,
                  const std::shared_ptr<const std::vector<std::string>>& labels) {
  if (card.bars.size() != reading.smoothed.size() || card.labels != labels) {
    card.bars = reading.smoothed;
  }
  notify_calibration_failure(context, card, reading, labels);
  if (reading.geometry) card.geometry = reading.geometry;
  card.reading = reading;
  card.labels = labels;
}

void update_cards(PanelContext& context) {
  auto& state = context.state;
  auto& people = state.people;
  const double now = ImGui::GetTime();
  const auto& analysis = context.view.analysis;
  const bool other_rules = state.rules != context.view.opinions;
  if (other_rules) state.opinions.forget_all();
  state.rules = context.view.opinions;
  const bool is_new = analysis != state.in_cards;
  state.in_cards = analysis;
  if (analysis && context.view.reading_strength > 0.01F) {
    for (const auto& reading : analysis->readings) {
      const auto [entry, added] = people.try_emplace(reading.person);
      auto& card = entry->second;
      if (is_new || added) take_reading(context, card, reading, analysis->labels);
      if (reading.geometry) {
        if (is_new || added) {
          hold_gaze(card, reading.geometry->towards_camera, *analysis,
                    context.view.replay.has_value());
        }
        if (is_new || added || other_rules) update_opinions(context, card);
        card.measured = now;
      } else if (now - card.measured > kMeasuredLately) {
        card.geometry.reset();
        card.looks.reset();
        card.opinions.clear();
      }
      card.seen = now;
    }
  }
  std::erase_if(people, [&](const auto& entry) {
    const bool gone = now - entry.second.seen > kLinger;
    if (gone) state.opinions.forget(entry.first);
    return gone;
  });
  const float step = 1 - std::exp(-ImGui::GetIO().DeltaTime / kEasing);
  for (auto& [person, card] : people) {
    if (card.seen < now) context.animating = true;
    for (std::size_t i = 0; i < card.bars.size(); ++i) {
      const float way = card.reading.smoothed[i] - card.bars[i];
      if (std::abs(way) > 0.002F) {
        card.bars[i] += way * step;
        context.animating = true;
      } else {
        card.bars[i] = card.reading.smoothed[i];
      }
    }
  }
}

void update_chosen(UiState& state) {
  const auto& people = state.people;
  // In a past session whoever is chosen stays so between their appearances.
  const bool known = people.find(state.chosen) != people.end() ||
                     (state.replay.session && state.history.lane(state.chosen) != nullptr);
  if (!known) state.chosen = 0;
  const auto area = [](const PersonCard& card) { return card.reading.face.box.area(); };
  const auto most = std::max_element(
      people.begin(), people.end(),
      [&](const auto& a, const auto& b) { return area(a.second) < area(b.second); });
  const auto current = people.find(state.largest);
  if (most == people.end()) {
    state.largest = 0;
  } else if (current == people.end() ||
             area(most->second) > kClearlyLarger * area(current->second)) {
    state.largest = most->first;
  }
}

}  // namespace

void update_people(PanelContext& context) {
  update_history(context);
  update_cards(context);
  update_chosen(context.state);
}

int chosen_person(const UiState& state) {
  return state.chosen != 0 ? state.chosen : state.largest;
}

std::string person_name(const ViewModel& view, int person) {
  const auto it = view.names.find(person);
  return it != view.names.end() ? it->second : "P" + std::to_string(person);
}

}  // namespace mien::ui
