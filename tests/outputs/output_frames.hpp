#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "mien/base/reading.hpp"

namespace mien::testing {

/// Somebody who is 0.7 happy of neutral, happiness and sadness.
inline base::FaceReading output_reading(int person) {
  base::FaceReading reading;
  reading.person = person;
  reading.face.box = {10, 12, 30, 32};
  reading.face.confidence = 0.875F;
  reading.raw = {0.5F, 0.25F, 0.25F};
  reading.smoothed = {0.2F, 0.7F, 0.1F};
  reading.verdict = {1, 0.7F, base::Doubt::none};
  reading.valence = 0.6F;
  return reading;
}

/// A frame of 64 x 48 that has just arrived.
inline base::AnalyzedFrame output_frame(std::vector<base::FaceReading> readings,
                                        std::uint64_t sequence = 0) {
  auto frame = std::make_shared<base::Frame>();
  frame->sequence = sequence;
  frame->time = std::chrono::milliseconds(40) * sequence;
  frame->arrived = std::chrono::steady_clock::now();
  frame->image = cv::Mat(48, 64, CV_8UC3, cv::Scalar(40, 80, 120));
  base::AnalyzedFrame result;
  result.frame = std::move(frame);
  result.readings = std::move(readings);
  result.labels = std::make_shared<const std::vector<std::string>>(
      std::vector<std::string>{"neutral", "happiness", "sadness"});
  return result;
}

}  // namespace mien::testing
