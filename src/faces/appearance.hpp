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

  /// How alike the two are pixel by pixel, whatever the light: the normalised correlation of
  /// their small gray pictures, -1 to 1. Near 1 for one head from frame to frame, about 0.2 to
  /// 0.6 for two people's. 1 when either is not known, or without any contrast.
  float correlation(const Appearance& other) const;

  /// Cannot be the same person a moment later: other colours, and another picture. Sudden light
  /// changes the first only, a turn of the head the second only.
  bool is_someone_else(const Appearance& other) const;

  /// Moves towards `now` by `share`; the small picture becomes that of `now`.
  void adapt(const Appearance& now, float share);

 private:
  static constexpr int kBands = 3;
  static constexpr int kChannels = 3;
  static constexpr int kBins = 8;
  static constexpr int kGrid = 24;  ///< samples across and down: enough for 8 bins a band
  std::array<float, std::size_t{kBands} * kChannels * kBins> share_{};
  std::array<float, std::size_t{kGrid} * kGrid> gray_{};  ///< 0 outside the picture
  bool known_ = false;
};

}  // namespace mien
