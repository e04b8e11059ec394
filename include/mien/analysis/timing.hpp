#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include <opencv2/core.hpp>

#include "mien/analysis/analyzer.hpp"

namespace mien::analysis {

// How long it takes to read faces: what `mien bench` and the system check have in common.

/// The demo's portrait, 8-bit BGR. Throws Error when it is not there.
cv::Mat read_portrait();
/// The largest part of the picture with the requested shape, from its top where faces are,
/// scaled.
cv::Mat fitted(const cv::Mat& picture, cv::Size size);

struct TimingPlan {
  int frames = 300;
  /// Analysed before: the first analyses include lazy initialisation and cold caches.
  int warm_up = 20;
  double interval = 1.0 / 30;                         ///< seconds between the pictures
  std::function<bool()> stop = [] { return false; };  ///< asked before each frame
  std::function<void()> begin = [] {};                ///< called when the warm-up is over
};

/// Milliseconds, a value a frame.
struct StageSamples {
  std::vector<double> detect, align, classify, mesh, total;
  std::uint64_t faces = 0;  ///< read in all
};

/// Analyses the pictures again and again. Nothing when it was stopped: fewer frames than asked
/// for are no measurement. Throws as Analyzer::analyze() does. `pictures` has at least one.
std::optional<StageSamples> time_stages(Analyzer& analyzer,
                                        const std::vector<cv::Mat>& pictures,
                                        const TimingPlan& plan);

}  // namespace mien::analysis
