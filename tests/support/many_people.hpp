#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "mien/base/movements.hpp"
#include "mien/base/reading.hpp"

namespace mien::testing {

/// Person `number` of `people` in a picture of 1280x720, measured whole: in rows and columns
/// over the picture, and each with a swing of their own.
inline base::FaceReading person_of_many(int number, int people, double time,
                                        std::size_t labels) {
  base::FaceReading reading;
  reading.person = number;
  const int across = people <= 1 ? 1 : people <= 6 ? 3 : 5;
  const int rows = (people + across - 1) / across;
  const float cell_w = 1280.0F / static_cast<float>(across);
  const float cell_h = 720.0F / static_cast<float>(rows);
  const float side = 0.55F * std::min(cell_w, cell_h);
  const int at = number - 1;
  reading.face.box = {cell_w * (static_cast<float>(at % across) + 0.5F) - side / 2 +
                          10 * static_cast<float>(std::sin(time + at)),
                      cell_h * (static_cast<float>(at / across) + 0.55F) - side / 2, side,
                      side};
  reading.face.confidence = 0.98F;
  double sum = 0;
  std::vector<double> weights(labels);
  for (std::size_t i = 0; i < labels; ++i) {
    weights[i] = std::exp(2.5 * std::sin(0.3 * time + 1.7 * static_cast<double>(i) + at));
    sum += weights[i];
  }
  for (const double weight : weights) {
    reading.smoothed.push_back(static_cast<float>(weight / sum));
    if (reading.verdict.certainty < reading.smoothed.back()) {
      reading.verdict.certainty = reading.smoothed.back();
      reading.verdict.label = static_cast<int>(reading.smoothed.size()) - 1;
    }
  }
  reading.raw = reading.smoothed;
  if (reading.verdict.certainty < 0.45F) {
    reading.verdict.doubt = base::Doubt::low_probability;
  }
  reading.valence = static_cast<float>(0.9 * std::sin(0.5 * time + at));
  auto& geometry = reading.geometry.emplace();
  geometry.pose = base::HeadPose{5, static_cast<float>(20 * std::sin(time)), 1, {1, 2, 600}};
  geometry.movements.assign(base::movements().size(), 0.1234F);
  geometry.eyes.opening = 0.97F;
  geometry.eyes.blinks = static_cast<int>(time / 4);
  return reading;
}

}  // namespace mien::testing
