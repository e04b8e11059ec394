#pragma once

#include <array>

#include <opencv2/core.hpp>

namespace mien {

/// How someone looks, coarsely: a histogram of lightness and of the two colour differences in
/// each of three bands (hair, face, what is worn below). Costs microseconds, and tells two
/// people apart whose boxes cannot.
class Appearance {
 public:
  /// Of what is around `box`: a little to the sides and above, half a box below. Nothing when
  /// less than a few pixels of it are in the picture.
  static Appearance of(const cv::Mat& bgr, const cv::Rect2f& box);

  bool known() const { return known_; }

  /// 0 for the same, 1 for nothing in common: the Hellinger distance, averaged over the
  /// histograms (Comaniciu, Ramesh and Meer, "Kernel-Based Object Tracking", 2003, track by
  /// it). 0 when either is not known.
  float distance(const Appearance& other) const;

  /// Moves towards `now` by `share`.
  void adapt(const Appearance& now, float share);

 private:
  static constexpr int kBands = 3;
  static constexpr int kChannels = 3;
  static constexpr int kBins = 8;
  std::array<float, kBands * kChannels * kBins> share_{};
  bool known_ = false;
};

}  // namespace mien
