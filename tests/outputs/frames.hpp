#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "mien/base/movements.hpp"
#include "mien/base/reading.hpp"

namespace mien::testing {

/// Somebody who smiles, at `x`, in a frame of people_frame().
inline base::FaceReading smiling_person(int person, float x = 10) {
  base::FaceReading reading;
  reading.person = person;
  reading.face.box = {x, 20, 100, 120};
  reading.face.confidence = 0.875F;
  reading.raw = {0.5F, 0.5F};
  reading.smoothed = {0.25F, 0.75F};
  reading.verdict = {1, 0.75F, base::Doubt::none};
  reading.valence = 0.5F;
  return reading;
}

/// What a landmarks model gives: the chin is down, and the movements are `values`, by the
/// table's order.
inline base::FaceGeometry measured(std::vector<float> values) {
  base::FaceGeometry geometry;
  geometry.pose = base::HeadPose{10, -20, 3, {1, 2, 600}};
  geometry.movements = std::move(values);
  return geometry;
}

/// Frame 41 of a picture of 640x480, two and a half seconds after the source opened.
inline base::AnalyzedFrame people_frame(std::vector<base::FaceReading> readings,
                                        std::vector<std::string> labels = {"neutral",
                                                                           "happiness"}) {
  auto picture = std::make_shared<base::Frame>();
  picture->sequence = 41;
  picture->time = std::chrono::milliseconds{2500};
  picture->arrived = std::chrono::steady_clock::now();
  picture->image = cv::Mat(480, 640, CV_8UC3, cv::Scalar::all(0));
  base::AnalyzedFrame frame;
  frame.frame = std::move(picture);
  frame.readings = std::move(readings);
  frame.labels = std::make_shared<const std::vector<std::string>>(std::move(labels));
  return frame;
}

/// The same, but that it is the frame of that number, 40 ms after the one before.
inline base::AnalyzedFrame numbered_frame(std::uint64_t sequence,
                                          std::vector<base::FaceReading> readings = {}) {
  auto frame = people_frame(std::move(readings));
  auto picture = std::make_shared<base::Frame>(*frame.frame);
  picture->sequence = sequence;
  picture->time = std::chrono::milliseconds(40) * sequence;
  frame.frame = std::move(picture);
  return frame;
}

}  // namespace mien::testing
