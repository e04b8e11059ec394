#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include <opencv2/core.hpp>

namespace mien::movements {

/// "Set neutral" for movements: the mean of the points (HeadFit::face) that somebody shows at
/// rest, from which their movements are counted. One thread.
class NeutralFaces {
 public:
  static constexpr std::chrono::nanoseconds kCollectFor = std::chrono::seconds{2};

  /// From now on, two seconds of what update() is given of this person make their neutral face;
  /// an older one is used until then. Given up fifteen seconds after the first of it.
  void begin(int person);
  /// Forgets this person's neutral face, and one that is being taken.
  void clear(int person);

  /// One frame's points of a person, who should face the camera: what is given counts. True
  /// when their neutral face has changed with it.
  bool update(int person, const std::vector<cv::Point3f>& face, std::chrono::nanoseconds time);

  /// This person's, or null; until the next call of a member.
  const std::vector<cv::Point3f>* get(int person) const;
  /// Which one that is: each that is taken has a number of its own, from 1; 0 when there is
  /// none.
  std::uint32_t number(int person) const;

  /// Forgets people not seen for a minute; their numbers never come back.
  void forget_absent(std::chrono::nanoseconds now);
  void reset() { people_.clear(); }
  std::size_t remembered() const { return people_.size(); }

 private:
  struct Collecting {
    std::vector<cv::Point3d> sum;
    int meshes = 0;
    std::chrono::nanoseconds collected{0};
    std::optional<std::chrono::nanoseconds> started;
    std::chrono::nanoseconds last{0};
  };
  struct State {
    std::optional<Collecting> collecting;
    std::vector<cv::Point3f> face;  ///< empty: none yet
    std::uint32_t number = 0;       ///< of the face
    std::optional<std::chrono::nanoseconds> seen;
  };
  std::unordered_map<int, State> people_;
  std::uint32_t taken_ = 0;
};

}  // namespace mien::movements
