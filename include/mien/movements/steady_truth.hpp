#pragma once

namespace mien::movements {

/// Whether something holds over time, of frames of which single ones are wrong: true once it
/// held for most of the last moments, false once it did for little of them.
class SteadyTruth {
 public:
  /// `time_constant`: seconds of the moving average. `begins` and `ends`: the shares of it from
  /// which on, and below which, it holds and does not; 0..1, `ends` below `begins`.
  constexpr SteadyTruth(double time_constant, float begins, float ends)
      : time_constant_(time_constant), begins_(begins), ends_(ends) {}

  /// It holds, or not, from now on, whatever was before.
  void begin(bool now);
  /// `seconds` since the last call. Returns holds().
  bool update(bool now, double seconds);

  bool holds() const { return holds_; }
  /// The moving average, 0..1.
  float share() const { return share_; }

 private:
  double time_constant_;
  float begins_, ends_;
  float share_ = 0;
  bool holds_ = false;
};

}  // namespace mien::movements
