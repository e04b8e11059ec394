#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mien/emotions/signals.hpp"
#include "mien/ui/view_model.hpp"

#include "timeline_history.hpp"

namespace mien::ui {

struct UiState;
struct PanelContext;

/// What the panels need of the session that is replayed, beside what is in the history.
struct ReplayState {
  std::shared_ptr<const sessions::RecordedSession> session;  ///< that this is of; null: none
  std::vector<double> markers;                               ///< seconds, ascending
  /// When each person began to show something for a while, seconds, ascending.
  std::map<int, std::vector<double>> episodes;
};

/// What is shown of a whole session. Goes over to the panels as it is taken up, without a copy.
struct ReplayHistory {
  TimelineHistory history;
  emotions::Signals signals;
  std::vector<double> markers;
  std::map<int, std::vector<double>> episodes;
  bool taken = false;
};

/// Takes the whole session into the history, the sums and the markers.
void load_replay(UiState& state, const ReplayView& replay);

/// The moment that cards are about: that of the picture in a replay, else now.
double shown_time(const PanelContext& context);

/// The next of `times` after `position`, or the last one clearly before it.
std::optional<double> next_time(const std::vector<double>& times, double position);
std::optional<double> previous_time(const std::vector<double>& times, double position);

}  // namespace mien::ui
