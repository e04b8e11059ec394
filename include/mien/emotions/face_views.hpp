#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <span>
#include <unordered_map>
#include <vector>

#include "mien/emotions/emotion_model.hpp"

namespace mien::emotions {

/// The mean of a model's answers about several views of one face: of the probabilities the
/// geometric one, made to sum up to 1 again (for a softmax, that of the mean logits); of
/// everything else the arithmetic one, and none of what not all of them have (of an embedding:
/// in the same length). `answers` must not be empty, their probabilities of the same labels.
ModelAnswer mean_answer(std::span<const ModelAnswer> answers);

/// Reads each person's face in several views (ModelCard::Crop::views) and gives the mean, which
/// is right more often than one view. Where time is short every frame has one of them in turn,
/// and the mean is of what was seen while answers hold: of four views from 24 frames a second
/// on, of two or three at 15, of the first alone when frames are rarer than eight. One thread.
class FaceViews {
 public:
  /// For how long an answer counts: three frames of a film, at 24 a second, and a little for a
  /// camera whose frames come unevenly.
  static constexpr std::chrono::milliseconds kHolds{130};

  /// The answer about the view of that index.
  using Look = std::function<ModelAnswer(std::size_t view)>;

  explicit FaceViews(std::size_t count = 1);

  /// The mean for this frame of `person`; `look` is called for every view that has no answer
  /// that holds, and for one at least; when `short_of_time` for one. What `look` throws
  /// goes through, and nothing has changed.
  ModelAnswer read(int person, std::chrono::nanoseconds time, bool short_of_time,
                   const Look& look);

  /// Forgets people whose answers are too old to count.
  void forget_absent(std::chrono::nanoseconds now);
  void reset();
  std::size_t remembered() const { return people_.size(); }

 private:
  struct Seen {
    std::size_t view = 0;
    std::chrono::nanoseconds time{0};
    ModelAnswer answer;
  };
  std::size_t count_;
  std::unordered_map<int, std::vector<Seen>> people_;  ///< oldest first, each view once
};

}  // namespace mien::emotions
