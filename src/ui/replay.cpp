#include "mien/ui/replay.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <utility>

#include "mien/base/movements.hpp"

#include "replay_state.hpp"
#include "ui_state.hpp"

namespace mien::ui {
namespace {

base::FaceReading reading_in_row(const sessions::SessionRow& row,
                                 const std::vector<std::string>& labels) {
  base::FaceReading reading;
  reading.person = row.person;
  reading.face.box = row.box;
  reading.face.confidence = row.confidence;
  reading.smoothed = row.probabilities;
  reading.smoothed.resize(labels.size());
  for (float& share : reading.smoothed) {
    if (!std::isfinite(share)) share = 0;
  }
  reading.raw = reading.smoothed;
  reading.verdict.certainty = row.certainty;
  const auto said = std::find(labels.begin(), labels.end(), row.verdict);
  if (said != labels.end()) {
    reading.verdict.label = static_cast<int>(said - labels.begin());
  } else {
    const auto most = std::max_element(reading.smoothed.begin(), reading.smoothed.end());
    reading.verdict.label = static_cast<int>(most - reading.smoothed.begin());
    // A row without a label has a reason, though maybe one of a later version.
    const auto doubt = base::doubt_from_text(row.reason).value_or(base::Doubt::none);
    reading.verdict.doubt = doubt == base::Doubt::none ? base::Doubt::low_probability : doubt;
  }
  reading.valence = std::isfinite(row.valence) ? row.valence : 0;
  return reading;
}

/// Which of this version's movements each column is; nothing for one of another version.
std::vector<std::optional<std::size_t>> movement_places(
    const sessions::RecordedSession& session) {
  std::vector<std::optional<std::size_t>> places;
  for (const auto& id : session.movements) places.push_back(base::movement_index(id));
  return places;
}

/// The mesh itself is not in a table.
base::FaceGeometry geometry_in_row(const sessions::RowGeometry& row,
                                   const std::vector<std::optional<std::size_t>>& places) {
  base::FaceGeometry geometry;
  geometry.mesh.presence = std::isfinite(row.presence) ? row.presence : 0;
  if (!row.has_pose()) {
    // A row without a pose has a reason, though maybe one of a later version.
    const auto doubt = base::mesh_doubt_from_text(row.no_mesh).value_or(base::MeshDoubt::none);
    geometry.doubt = doubt == base::MeshDoubt::none ? base::MeshDoubt::invalid : doubt;
  } else {
    geometry.pose = base::HeadPose{row.pitch, row.yaw, row.roll, row.translation};
    geometry.movements.assign(base::movements().size(), sessions::RowGeometry::kNothing);
    for (std::size_t i = 0; i < std::min(places.size(), row.movements.size()); ++i) {
      if (places[i]) geometry.movements[*places[i]] = row.movements[i];
    }
  }
  geometry.eyes.opening = std::isfinite(row.eyes_open) ? row.eyes_open : 0;
  geometry.eyes.closed = row.eyes_closed;
  geometry.towards_camera = row.looks_at_camera;
  return geometry;
}

}  // namespace

std::vector<RecordedFrame> recorded_frames(const sessions::RecordedSession& session) {
  std::vector<RecordedFrame> frames;
  for (std::size_t i = 0; i < session.rows.size(); ++i) {
    const auto& row = session.rows[i];
    if (frames.empty() || session.rows[i - 1].frame != row.frame) {
      frames.push_back({row.timestamp, i, i});
    }
    frames.back().last = i + 1;
  }
  return frames;
}

base::AnalyzedFramePtr replayed_frame(const sessions::RecordedSession& session,
                                      const RecordedFrame& recorded,
                                      const std::vector<sessions::SessionBlinks::Row>& blinks,
                                      std::shared_ptr<const std::vector<std::string>> labels,
                                      cv::Mat picture) {
  auto frame = std::make_shared<base::Frame>();
  frame->image = std::move(picture);
  frame->time = std::chrono::nanoseconds(std::llround(recorded.timestamp * 1e9));
  frame->arrived = std::chrono::steady_clock::now();
  auto result = std::make_shared<base::AnalyzedFrame>();
  result->labels = std::move(labels);
  const auto places = movement_places(session);
  for (std::size_t i = recorded.first; i < recorded.last; ++i) {
    const auto& row = session.rows[i];
    frame->sequence = row.frame;
    if (!row.success) continue;
    result->readings.push_back(reading_in_row(row, *result->labels));
    if (row.geometry) {
      auto& geometry =
          result->readings.back().geometry.emplace(geometry_in_row(*row.geometry, places));
      geometry.eyes.blinks = blinks.at(i).blinks;
      geometry.eyes.blinked = blinks.at(i).ended;
    }
  }
  result->frame = std::move(frame);
  return result;
}

namespace {

constexpr double kMinEpisode = 0.3;  // seconds: shorter ones are transitions
constexpr double kMaxGap = 1.0;      // seconds: then the person was away
// Going back during playback must skip the one that was passed just now.
constexpr double kClearlyBefore = 0.7;

/// The beginnings of stretches in which a person was sure to show the same.
std::map<int, std::vector<double>> find_episodes(const sessions::RecordedSession& session) {
  struct Open {
    std::string verdict;
    double start = 0, last = 0;
  };
  std::map<int, Open> open;
  std::map<int, std::vector<double>> episodes;
  const auto close = [&](int person, const Open& one) {
    if (one.verdict.empty() || one.last - one.start < kMinEpisode) return;
    episodes[person].push_back(one.start);
  };
  for (const auto& row : session.rows) {
    if (!row.success) continue;
    auto& one = open[row.person];
    const std::string verdict = row.verdict == sessions::kNotSure ? "" : row.verdict;
    if (verdict != one.verdict || row.timestamp - one.last > kMaxGap) {
      close(row.person, one);
      one = {verdict, row.timestamp, row.timestamp};
    }
    one.last = row.timestamp;
  }
  for (const auto& [person, one] : open) close(person, one);
  return episodes;
}

}  // namespace

std::shared_ptr<ReplayHistory> prepare_replay(const sessions::RecordedSession& session,
                                              double length) {
  auto all = std::make_shared<ReplayHistory>();
  all->history = TimelineHistory(std::max(length, 1.0) + 1);
  all->episodes = find_episodes(session);
  const auto labels = std::make_shared<const std::vector<std::string>>(session.labels);
  const auto blinks = sessions::blinks_in_session(session);
  for (const auto& frame : recorded_frames(session)) {
    const auto analysis = replayed_frame(session, frame, blinks, labels);
    all->history.add(*analysis, frame.timestamp);
    all->signals.update(*analysis);
  }
  for (const auto& event : session.events) {
    // The way from marker to marker leaves these out, which nobody set to find a place again.
    if (event.kind == sessions::SessionEvent::Kind::neutral) {
      all->history.add_marker(event.timestamp,
                              session.name_of(event.person) + ": neutral face " + event.text);
    }
    if (event.kind != sessions::SessionEvent::Kind::marker) continue;
    all->history.add_marker(event.timestamp, event.text);
    all->markers.push_back(event.timestamp);
  }
  std::sort(all->markers.begin(), all->markers.end());
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
}

double shown_time(const PanelContext& context) {
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

}  // namespace mien::ui
