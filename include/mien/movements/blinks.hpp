#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <unordered_map>
#include <vector>

#include "mien/base/face_mesh.hpp"

namespace mien::movements {

/// How open both eyes are, in any unit that falls when they close.
struct EyeOpenings {
  float right = 0;
  float left = 0;
};

/// Counts everybody's blinks from the opening of their eyes. One thread.
///
/// Each eye is compared with how open it usually is: the 80th percentile of the last thirty
/// seconds in which the eyes were not closed, so that narrow eyes are judged by themselves. The
/// eye that is open further counts: a wink is no blink. Eyes close when they fall, within an
/// eighth of a second, to 0.85 of what they were, or slowly to 0.75 of what is usual; from 0.91
/// (0.81) on they are open again. The fall must be fast because a head that turns seems to
/// close its eyes a little, too. Closed for at most half a second is a blink, as long as no
/// frame is missing in it; longer is no blink but counts as time closed. What has been held for
/// ten seconds begins to count as usual: a strong squint looks the same to the mesh, and so
/// does whoever looks down for long.
///
/// Blinks and the time closed are counted by the frames as they come. That eyes are closed, or
/// open again, is said once it has lasted for 45 ms, where the first frame stands for half of
/// the time since the one before: of 12 frames a second or more, a single one that is wrong
/// says neither. At fewer one frame is all that there is of a blink, so one is enough; under
/// four frames a second nothing is counted, and each frame says what it shows.
class BlinkCounter {
 public:
  /// One frame of a person. `openings`: nothing when the eyes were not seen (turned away, no
  /// mesh): then they are neither open nor closed, and a blink or a closure that has begun ends
  /// unknown. The same frame once more changes nothing and has the same answer; the one in
  /// which the eyes are seen counts.
  base::EyeActivity update(int person, const std::optional<EyeOpenings>& openings,
                           std::chrono::nanoseconds time);

  /// Forgets people not seen for a minute; their numbers never come back.
  void forget_absent(std::chrono::nanoseconds now);
  void reset() { people_.clear(); }
  std::size_t remembered() const { return people_.size(); }

 private:
  struct Sample {
    std::chrono::nanoseconds time{0};
    EyeOpenings openings;
  };
  struct Recent {
    std::chrono::nanoseconds time{0};
    float share = 0;  ///< of the usual opening
  };
  struct State {
    base::EyeActivity activity;
    std::vector<Sample> samples;                     ///< of open eyes, oldest first
    EyeOpenings usual;                               ///< 0: not known yet
    std::chrono::nanoseconds last{0};                ///< when the eyes were seen last
    std::optional<std::chrono::nanoseconds> unseen;  ///< the newest frame since, without them
    std::vector<Recent> recent;          ///< of the last eighth of a second, oldest first
    float opens = 0;                     ///< the share from which closed eyes are open again
    std::chrono::nanoseconds step{0};    ///< between the last two frames; 0 after a gap
    std::chrono::nanoseconds turned{0};  ///< when the lids went down or up
    std::chrono::nanoseconds closed_since{0};
    bool closing_seen = false;         ///< no frame was missing when they went down
    std::chrono::nanoseconds seen{0};  ///< the person
    bool started = false;
    bool rare = false;  ///< the last step was a gap
  };
  static void learn(State& state, const EyeOpenings& openings, std::chrono::nanoseconds time);

  std::unordered_map<int, State> people_;
};

}  // namespace mien::movements
