#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mien/emotions/signals.hpp"
#include "mien/movements/steady_opinions.hpp"
#include "mien/ui/panel.hpp"

#include "notices_panel.hpp"
#include "open_dialog.hpp"
#include "replay_state.hpp"
#include "sessions_dialog.hpp"
#include "system_check_dialog.hpp"
#include "teach_dialog.hpp"
#include "text_prompt.hpp"
#include "timeline_history.hpp"

namespace mien::ui {

/// What is drawn of a person, easing towards the readings, and staying a moment after they
/// left.
struct PersonCard {
  base::FaceReading reading;
  std::shared_ptr<const std::vector<std::string>> labels;
  std::vector<float> bars;  ///< shown, 0..1
  double seen = 0;          ///< ImGui time
  /// The newest that was measured: not every frame is. Nothing when that is a while ago.
  std::optional<base::FaceGeometry> geometry{};
  double measured = 0;                         ///< ImGui time
  std::vector<movements::Opinion> opinions{};  ///< of what was measured
  /// Whether they look at the camera, held for a moment; nothing while that is not known.
  std::optional<movements::SteadyTruth> looks{};
  std::chrono::nanoseconds gazed{0};  ///< time of the newest frame in which it was known
  std::uint64_t gazed_source = 0;     ///< whose clock that is
  bool cancelled = false;             ///< learning their resting face was ended by the user
};

/// What part of the history the timeline shows. Times are UiState::clock's.
struct TimelineView {
  double span = 60;       ///< seconds from the left to the right end
  bool following = true;  ///< the right end is now
  double end = 0;         ///< the right end, when it is not now
  bool dragging = false;
  float dragged = 0;  ///< pixels, so that a click is told from a drag
};

/// What the panels remember from one redraw to the next.
struct UiState {
  NoticeBoard notices;
  std::map<std::string, std::string> output_places;  ///< being typed in the Send menu
  OpenDialog dialog;
  TextPrompt prompt;
  SessionsDialog sessions;
  SystemCheckDialog system_check;
  TeachDialog teach;
  std::map<int, PersonCard> people;
  double nobody_since = -1;  ///< ImGui time; negative: somebody is in view
  int chosen = 0;            ///< by a click; 0: nobody, then the largest face counts
  int largest = 0;           ///< the largest face, until another one is clearly larger
  TimelineHistory history;
  emotions::Signals signals;
  movements::SteadyOpinions opinions;
  std::shared_ptr<const movements::OpinionRules> rules;  ///< that they are of
  base::AnalyzedFramePtr in_cards;                       ///< the newest analysis there
  ReplayState replay;
  base::AnalyzedFramePtr in_history;  ///< the newest analysis there
  double clock = 0;                   ///< of the history, seconds: stands while nothing runs
  TimelineView timeline;
  bool help_wanted = false;  ///< opens the help at the next chance
  bool help_open = false;
  bool recovery_open = false;
  float notices_bottom = 0;  ///< notices keep above this: the hint lies below it
};

constexpr double kLinger = 1.2;  ///< seconds a card stays after its face left

/// Takes the newest readings into the cards and the history. Once per redraw, before the
/// panels.
void update_people(PanelContext& context);

/// The person that keys and the timeline's lines refer to: who was clicked, else the largest
/// face; 0 when nobody is in view.
int chosen_person(const UiState& state);

/// The name that the user gave, or "P1".
std::string person_name(const ViewModel& view, int person);

}  // namespace mien::ui
