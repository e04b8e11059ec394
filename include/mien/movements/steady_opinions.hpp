#pragma once

#include <map>
#include <vector>

#include "mien/movements/opinion_rules.hpp"
#include "mien/movements/steady_truth.hpp"

namespace mien::movements {

/// Opinions of people over time, for the screen: one begins when it was true for most of the
/// last half second and ends when it was for little of it, so that no text flickers. One
/// thread.
class SteadyOpinions {
 public:
  static constexpr double kTimeConstant = 0.4;  ///< seconds of the moving average of truth
  static constexpr float kBegins = 0.7F;        ///< share of the time in which it was true
  static constexpr float kEnds = 0.3F;
  static constexpr double kLongestGap = 1;  ///< seconds after which somebody begins anew

  /// What is to be shown of a person, given what the rules say of their newest measured frame.
  /// `seconds` is that frame's time on any clock; one that lies before the last, or more than
  /// kLongestGap after it, begins anew, and so does who is not known: then `now` holds at once.
  /// The result is valid until the next call for the person.
  const std::vector<Opinion>& update(int person, const std::vector<Opinion>& now,
                                     double seconds);
  void forget(int person) { people_.erase(person); }
  void forget_all() { people_.clear(); }  ///< other rules

 private:
  static constexpr float kForgotten = 0.02F;  ///< share of what is no longer counted
  struct Held {
    Opinion opinion;
    SteadyTruth truth;
  };
  struct Person {
    double seconds = 0;
    std::vector<Held> held;
    std::vector<Opinion> shown;
  };
  std::map<int, Person> people_;
};

}  // namespace mien::movements
