#include "replay_state.hpp"

#include <algorithm>

#include "mien/ui/replayed_frame.hpp"

#include "ui_state.hpp"

namespace mien {
namespace {

constexpr double kLeastEpisode = 0.3;  // seconds: shorter ones are on their way to another
constexpr double kLongestGap = 1.0;    // seconds: then the person was away
// Who goes back while it plays must get beyond the one that has just been passed.
constexpr double kClearlyBefore = 0.7;

/// The beginnings of stretches in which a person was sure to show the same.
std::map<int, std::vector<double>> find_episodes(const RecordedSession& session) {
  struct Open {
    std::string verdict;
    double start = 0, last = 0;
  };
  std::map<int, Open> open;
  std::map<int, std::vector<double>> episodes;
  const auto close = [&](int person, const Open& one) {
    if (one.verdict.empty() || one.last - one.start < kLeastEpisode) return;
    episodes[person].push_back(one.start);
  };
  for (const auto& row : session.rows) {
    if (!row.success) continue;
    auto& one = open[row.person];
    const std::string verdict = row.verdict == kNotSure ? "" : row.verdict;
    if (verdict != one.verdict || row.timestamp - one.last > kLongestGap) {
      close(row.person, one);
      one = {verdict, row.timestamp, row.timestamp};
    }
    one.last = row.timestamp;
  }
  for (const auto& [person, one] : open) close(person, one);
  return episodes;
}

}  // namespace

std::shared_ptr<ReplayHistory> prepare_replay(const RecordedSession& session, double length) {
  auto all = std::make_shared<ReplayHistory>();
  all->history = TimelineHistory(std::max(length, 1.0) + 1);
  all->episodes = find_episodes(session);
  const auto labels = std::make_shared<const std::vector<std::string>>(session.labels);
  for (const auto& frame : recorded_frames(session)) {
    const auto analysis = replayed_frame(session, frame, labels);
    all->history.add(*analysis, frame.timestamp);
    all->signals.update(*analysis);
  }
  for (const auto& event : session.events) {
    if (event.kind != SessionEvent::Kind::marker) continue;
    all->history.add_marker(event.timestamp, event.text);
    all->markers.push_back(event.timestamp);
  }
  std::sort(all->markers.begin(), all->markers.end());
  for (const auto& [person, name] : session.names) {
    if (!name.empty()) all->names[person] = name;
  }
  return all;
}

void load_replay(UiState& state, const ReplayView& replay) {
  auto all = replay.history;
  if (!all || all->taken) all = prepare_replay(*replay.session, replay.length);
  all->taken = true;
  state.replay = {replay.session, std::move(all->markers), std::move(all->episodes)};
  state.history = std::move(all->history);
  state.signals = std::move(all->signals);
  state.people.clear();
  state.chosen = state.largest = 0;
  state.timeline = {};
  state.timeline.span = replay.length;
  state.names = std::move(all->names);
  state.told_names = state.names;
}

double moment(const PanelContext& context) {
  return context.view.replay ? context.view.replay->position : context.state.clock;
}

std::optional<double> next_time(const std::vector<double>& times, double position) {
  const auto it = std::upper_bound(times.begin(), times.end(), position + 0.05);
  return it == times.end() ? std::nullopt : std::optional(*it);
}

std::optional<double> previous_time(const std::vector<double>& times, double position) {
  const auto it = std::lower_bound(times.begin(), times.end(), position - kClearlyBefore);
  return it == times.begin() ? std::nullopt : std::optional(*(it - 1));
}

}  // namespace mien
