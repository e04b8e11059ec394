#pragma once

#include <functional>
#include <utility>

#include "mien/movements/covered_mouth.hpp"

namespace mien::testing {

/// Says what it is told of every mouth; its limit is 0.5.
class FakeCoveredMouth : public movements::CoveredMouth {
 public:
  explicit FakeCoveredMouth(std::function<float()> answer) : answer_(std::move(answer)) {}

  float probability(const cv::Mat& /*square*/) override { return answer_(); }
  float limit() const override { return 0.5F; }

 private:
  std::function<float()> answer_;
};

}  // namespace mien::testing
