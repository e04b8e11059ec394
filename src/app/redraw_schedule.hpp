#pragma once

#include <algorithm>
#include <chrono>

namespace mien::app {

/// When the window is drawn next: soon after something has happened, rarely else. The UI
/// thread's.
class RedrawSchedule {
 public:
  using Clock = std::chrono::steady_clock;

  /// There is something new to draw.
  void request() { requested_ = true; }
  /// A person did something, or what they did has an effect: ImGui settles over a few redraws.
  void request_several() { several_ = kSettling; }

  /// How long to wait for events before the window has to be looked after. `shown`: it is not
  /// minimised.
  double seconds_to_wait(Clock::time_point now, bool shown) const {
    constexpr double kIdle = 0.25;
    if (!shown || !wanted()) return kIdle;
    // Where there is no vsync to wait for, sixty redraws a second are enough.
    return std::max(0.0, 1.0 / 60 - since_drawn(now));
  }

  /// `recording`: its seconds and bytes are to be seen going on.
  bool is_due(Clock::time_point now, bool shown, bool recording) const {
    if (!shown) return false;
    // Figures that stand still are drawn once a second.
    return (wanted() && since_drawn(now) >= 1.0 / 75) ||
           since_drawn(now) >= (recording ? 0.25 : 1.0);
  }

  /// A redraw begins: what is requested from here on needs another one.
  void begin() { requested_ = false; }
  /// It can be seen since `now`. `animating`: something in it moves.
  void drawn(Clock::time_point now, bool animating) {
    drawn_ = now;
    several_ = std::max(0, several_ - 1);
    animating_ = animating;
  }

 private:
  static constexpr int kSettling = 3;  // redraws

  bool wanted() const { return several_ > 0 || animating_ || requested_; }
  double since_drawn(Clock::time_point now) const {
    return std::chrono::duration<double>(now - drawn_).count();
  }

  Clock::time_point drawn_{};
  int several_ = kSettling;
  bool animating_ = false;
  bool requested_ = true;
};

}  // namespace mien::app
