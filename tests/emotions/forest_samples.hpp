#pragma once

#include <random>

#include "mien/emotions/forest_training.hpp"

namespace mien::emotions {

/// Points around one centre a label, the first number far apart enough to tell them.
inline Samples cloud(int labels, int each, int length, unsigned seed = 1) {
  std::mt19937 random(seed);
  Samples samples;
  for (int i = 0; i < labels * each; ++i) {
    std::vector<float> point;
    for (int k = 0; k < length; ++k) {
      point.push_back(static_cast<float>(random() % 1000) / 1000.0F);
    }
    point[0] += static_cast<float>(2 * (i % labels));
    samples.add(point, i % labels);
  }
  return samples;
}

inline std::vector<int> all_of(const Samples& samples) {
  std::vector<int> all(static_cast<std::size_t>(samples.count()));
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<int>(i);
  return all;
}

}  // namespace mien::emotions
