#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <imgui.h>

#include "mien/base/reading.hpp"
#include "mien/ui/panel.hpp"

namespace mien::ui {

/// What everyone showed during the last quarter of an hour, or in a whole past session, ten
/// times a second, in memory that is bounded whoever comes and goes. Time is any clock that
/// does not go back, in seconds. One thread.
class TimelineHistory {
 public:
  static constexpr double kSpan = 15 * 60;  ///< seconds that are kept of what is live
  static constexpr double kStep = 0.1;      ///< seconds of one sample
  static constexpr std::size_t kMaxPeople = 64;
  static constexpr std::size_t kMaxLabels = 16;     ///< a model's further ones have no line
  static constexpr std::size_t kMaxMovements = 32;  ///< there are fewer
  static constexpr std::size_t kMaxMarkers = 500;

  /// `span`: seconds that are kept.
  explicit TimelineHistory(double span = kSpan) : span_(span) {}
  double span() const { return span_; }

  struct Sample {
    std::int64_t step = 0;       ///< time / kStep, rounded down
    std::uint8_t label_set = 0;  ///< for labels_of()
    bool sure = false;
    std::int16_t label = -1;  ///< the verdict's
    float valence = 0;
    std::array<std::uint8_t, kMaxLabels> shares{};  ///< 255: certain
    // What was measured, in few bytes; kUnknown: not.
    std::int8_t yaw_degrees = kUnknown, pitch_degrees = kUnknown;
    std::array<std::int8_t, kMaxMovements> movement_steps = all_unknown();
    bool blinked = false;  ///< a blink ended within the step

    /// Degrees, as base::HeadPose; NaN: not known.
    float yaw() const { return measured(yaw_degrees, 1); }
    float pitch() const { return measured(pitch_degrees, 1); }
    /// By its place in base::movements(); NaN: not known.
    float movement(std::size_t index) const {
      return index < kMaxMovements ? measured(movement_steps[index], kMovementSteps)
                                   : measured(kUnknown, 1);
    }

    float share(std::size_t label_index) const {
      return label_index < kMaxLabels ? static_cast<float>(shares[label_index]) / 255.0F : 0;
    }

    static constexpr std::int8_t kUnknown = -128;
    static constexpr float kMovementSteps = 60;  ///< of one: movements lie within -2 and 2
    static float measured(std::int8_t value, float steps) {
      return value == kUnknown ? std::numeric_limits<float>::quiet_NaN()
                               : static_cast<float>(value) / steps;
    }
    static std::array<std::int8_t, kMaxMovements> all_unknown() {
      std::array<std::int8_t, kMaxMovements> all{};
      all.fill(kUnknown);
      return all;
    }
  };

  struct Lane {
    std::deque<Sample> samples;  ///< oldest first; a step without the person has none
    double in_view_since = 0;    ///< absences of up to kMaxAbsence do not count
    double last_seen = 0;
    std::optional<std::int64_t> measured{};  ///< the newest step whose frame was
  };
  static constexpr double kMaxAbsence = 2.5;  ///< seconds: the tracker finds people again

  struct Marker {
    std::uint64_t id = 0;
    double time = 0;
    std::string text;  ///< may be empty
  };

  /// What was read at `now`; of the readings within one step the last one counts.
  void add(const base::AnalyzedFrame& analysis, double now);

  /// Everyone of whom something is kept, by number.
  const std::map<int, Lane>& lanes() const { return lanes_; }
  /// Null when nothing is kept.
  const Lane* lane(int person) const;
  /// What a person showed at `time`, or shortly before; null when they were not in view.
  /// `tolerance` in seconds.
  const Sample* at(int person, double time, double tolerance = 3 * kStep) const;
  const std::vector<std::string>& labels_of(const Sample& sample) const;

  /// The time of the oldest sample; `now` when there is none.
  double oldest(double now) const;

  /// Returns its id. The oldest one goes when there are too many.
  std::uint64_t add_marker(double time, std::string text);
  void name_marker(std::uint64_t id, std::string text);
  const std::deque<Marker>& markers() const { return markers_; }

 private:
  std::uint8_t label_set(const std::vector<std::string>& labels);
  void trim(double now);

  double span_;
  std::map<int, Lane> lanes_;
  std::vector<std::vector<std::string>> label_sets_;
  std::deque<Marker> markers_;
  std::uint64_t next_marker_ = 1;
};

/// A piece of the history on a piece of the screen.
struct TimelinePlot {
  Area area;
  double end = 0;    ///< the time at the right end
  double span = 60;  ///< seconds from left to right

  float x_at(double time) const {
    return area.max.x - static_cast<float>((end - time) / span) * area.width();
  }
  double time_at(float x) const {
    return end - static_cast<double>((area.max.x - x) / area.width()) * span;
  }
};

/// Draws `value`, 0..1 from bottom to top, of one person as a line; broken where they were not
/// in view and where it is NaN.
void plot_line(ImDrawList* list, const TimelineHistory& history, int person,
               const TimelinePlot& plot,
               const std::function<float(const TimelineHistory::Sample&)>& value, ImU32 color,
               float thickness);

/// Marks at the plot's lower edge when a person blinked.
void plot_blinks(ImDrawList* list, const TimelineHistory& history, int person,
                 const TimelinePlot& plot, ImU32 color, float height, float thickness);

/// A stretch of time in which a person showed the same.
struct TimelineRun {
  float left = 0, right = 0;  ///< pixels
  const TimelineHistory::Sample* sample = nullptr;
};

/// What a person showed, from left to right; nothing where they were not in view. Runs shorter
/// than a pixel are left out.
std::vector<TimelineRun> plot_runs(const TimelineHistory& history, int person,
                                   const TimelinePlot& plot);

/// The labels, by index, that reach `least` somewhere in the plot.
std::vector<std::size_t> labels_in_sight(const TimelineHistory& history, int person,
                                         const TimelinePlot& plot, float least);

/// The newest sample of a person in the plot; null when there is none.
const TimelineHistory::Sample* newest_in_sight(const TimelineHistory& history, int person,
                                               const TimelinePlot& plot);

}  // namespace mien::ui
