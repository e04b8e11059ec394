#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include <nlohmann/json.hpp>

#include "mien/base/reading.hpp"
#include "mien/models/model_card.hpp"

namespace mien::emotions {

/// What a model makes of one person's resting face: plain data, to be kept under a name when
/// the user asks for that.
struct NeutralBaseline {
  std::string model_id;             ///< it says nothing about other models
  std::vector<std::string> labels;  ///< the model's
  std::vector<float> resting;       ///< mean probabilities of the resting face; sum 1

  bool operator==(const NeutralBaseline&) const = default;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(NeutralBaseline, model_id, labels, resting)

/// What NeutralBaseline::model_id is for the model of a card: its id, and its reading behind a
/// slash when that is not the default one, since another prior gives other numbers.
std::string baseline_model(const models::ModelCard& card);

/// What a baseline adds to the logarithm of each label's probability, before they are scaled to
/// sum 1 again:
///
///     offset(i) = -clamp(log(resting(i) / resting(neutral)) - log(0.15), 0, 2.5)
///     offset(neutral) = 0
///
/// So a label that the resting face shows with more than 0.15 of neutral's probability is taken
/// back to that share, and labels that it does not show are left alone: a smile stays as easy
/// to see as before. Shifting log-probabilities is how a classifier is corrected for other
/// priors (Saerens, Latinne and Decaestecker, 2002); here the prior is one face's. The cap, a
/// factor of 12, keeps every expression reachable, even one that was worn while the baseline
/// was taken. All 0 when there is no neutral among the labels.
std::vector<float> baseline_offsets(const NeutralBaseline& baseline);

/// Probabilities with offsets on their logarithms, sum 1.
std::vector<float> offset_probabilities(const std::vector<float>& probabilities,
                                        const std::vector<float>& offsets);

/// Takes and applies everyone's baselines. Reversible: raw readings are not touched, and
/// clear() gives them back. One thread.
class NeutralBaselines {
 public:
  static constexpr std::chrono::nanoseconds kCollectFor = std::chrono::seconds{2};

  /// The model that readings come from now. Baselines of another one are dropped.
  void use_model(std::string model_id, std::vector<std::string> labels);

  /// From now on, two seconds of this person's readings make their baseline; an older one is
  /// used until then. Given up when that takes more than fifteen seconds. Throws Error when
  /// the model has no label "neutral".
  void begin(int person);

  /// Forgets this person's baseline, and one that is being taken.
  void clear(int person);

  /// One frame's reading of a person: corrected, when there is a baseline. `usable`: the
  /// picture is good enough to learn from.
  std::vector<float> update(int person, const std::vector<float>& raw,
                            std::chrono::nanoseconds time, bool usable);

  base::Calibration state(int person) const;
  /// How much of the two seconds is there, 0..1; 0 when none is being taken.
  float progress(int person) const;
  /// Which baseline this person's readings are corrected for: each that is taken or set has a
  /// number of its own, from 1; 0 when there is none.
  std::uint32_t number(int person) const;

  /// This person's baseline, to be kept; nothing when there is none.
  std::optional<NeutralBaseline> get(int person) const;
  /// Uses one that was kept. Throws Error when it is not one of the current model's, or its
  /// numbers are no probabilities.
  void set(int person, NeutralBaseline baseline);

  /// Forgets people not seen for a minute; their numbers never come back.
  void forget_absent(std::chrono::nanoseconds now);
  void reset();
  std::size_t remembered() const { return people_.size(); }

 private:
  struct Collecting {
    std::vector<double> log_sum;
    int readings = 0;
    std::chrono::nanoseconds collected{0};
    std::optional<std::chrono::nanoseconds> started;
    std::chrono::nanoseconds last{0};
  };
  struct State {
    std::optional<Collecting> collecting;
    std::optional<NeutralBaseline> baseline;
    std::vector<float> offsets;
    std::uint32_t number = 0;  ///< of the baseline
    std::optional<std::chrono::nanoseconds> seen;
  };
  void collect(State& state, const std::vector<float>& raw, std::chrono::nanoseconds time,
               bool usable);

  std::string model_id_;
  std::vector<std::string> labels_;
  std::unordered_map<int, State> people_;
  std::uint32_t begun_ = 0;  ///< baselines
};

}  // namespace mien::emotions
