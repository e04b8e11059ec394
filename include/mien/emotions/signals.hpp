#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mien/base/reading.hpp"

namespace mien::emotions {

/// Happiness minus the strongest of sadness, anger, disgust, fear and contempt, as FaceReader
/// defines it; labels that are absent count 0.
float valence(const std::vector<float>& probabilities, const std::vector<std::string>& labels);

/// A face in words: the likeliest label and, when it has at least 15 %, the second one, in
/// percent: "happy 62, surprised 30". Empty without probabilities.
std::string blend(const std::vector<float>& probabilities,
                  const std::vector<std::string>& labels);

/// What one person showed so far, in seconds of the frames' own clock.
struct PersonSignals {
  double seconds = 0;                 ///< seen
  std::vector<double> label_seconds;  ///< in the order of the labels: said with certainty
  double not_sure_seconds = 0;
  int transitions =
      0;  ///< changes from one label to another; *not sure* between them is not one
  std::chrono::nanoseconds first_seen{0};
  std::chrono::nanoseconds last_seen{0};

  /// Share of the time seen that went to a label, 0..1; 0 when never seen.
  double share(std::size_t label) const {
    return seconds > 0 && label < label_seconds.size() ? label_seconds[label] / seconds : 0;
  }
};

/// Sums up what people show. Each reading stands until the next one of the same person, unless
/// that is more than a second away: then nobody was looking. Frames may be left out. Memory is
/// bounded: the 200 people seen last. One thread.
class Signals {
 public:
  static constexpr std::size_t kMaxPeople = 200;

  /// Frames of one analyzer, in order. Another model's labels start everyone anew.
  void update(const base::AnalyzedFrame& frame);

  /// By number.
  const std::map<int, PersonSignals>& people() const { return people_; }
  /// Nothing for who is not known.
  std::optional<PersonSignals> of(int person) const;
  void forget(int person);
  void reset();

 private:
  struct Last {
    base::Verdict verdict;
    int said = -1;            ///< the label that was last said with certainty
    std::uint64_t frame = 0;  ///< counted here
  };
  std::shared_ptr<const std::vector<std::string>> labels_;
  std::uint64_t source_ = 0;
  std::uint64_t frames_ = 0;
  std::map<int, PersonSignals> people_;
  std::map<int, Last> last_;
};

}  // namespace mien::emotions
