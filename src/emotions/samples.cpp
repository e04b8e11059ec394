#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "mien/base/error.hpp"
#include "mien/emotions/forest_training.hpp"

namespace mien {
namespace {

constexpr std::size_t kMostNumbers = (std::size_t{1} << 31) / sizeof(float);

}  // namespace

void Samples::add(std::span<const float> features, int label) {
  if (labels_.empty()) length_ = features.size();
  if (features.empty() || features.size() != length_ || label < 0) {
    throw Error("A face to learn from has " + std::to_string(features.size()) +
                " numbers where the others have " + std::to_string(length_) + ".");
  }
  if (numbers_.size() + length_ > kMostNumbers) {
    throw Error(
        "There are too many faces to learn from at once: more than " +
        std::to_string(labels_.size()) +
        " do not fit into 2 GiB; take fewer, or features that are shorter (embedding).");
  }
  numbers_.insert(numbers_.end(), features.begin(), features.end());
  labels_.push_back(label);
}

std::span<const float> Samples::features(int sample) const {
  return std::span(numbers_).subspan(static_cast<std::size_t>(sample) * length_, length_);
}

cv::Mat Samples::rows() const {
  return {count(), static_cast<int>(length_), CV_32F, const_cast<float*>(numbers_.data())};
}

std::vector<bool> hold_out(std::span<const int> labels, double share, std::uint64_t seed) {
  if (!(share > 0 && share < 1)) {
    throw Error("The share to hold out for the test must lie between 0 and 1, both excluded.");
  }
  std::vector<bool> out(labels.size(), false);
  const int most = labels.empty() ? -1 : *std::max_element(labels.begin(), labels.end());
  std::mt19937_64 random(seed);
  for (int label = 0; label <= most; ++label) {
    std::vector<std::size_t> mine;
    for (std::size_t i = 0; i < labels.size(); ++i) {
      if (labels[i] == label) mine.push_back(i);
    }
    if (mine.empty()) continue;
    if (mine.size() == 1) {
      throw Error("A label has one sample only; two are the least, one of them for the test.");
    }
    // By hand: std::shuffle may differ from one standard library to the next.
    for (std::size_t i = mine.size() - 1; i > 0; --i)
      std::swap(mine[i], mine[random() % (i + 1)]);
    const auto wanted =
        static_cast<std::size_t>(std::lround(share * static_cast<double>(mine.size())));
    const auto count = std::clamp<std::size_t>(wanted, 1, mine.size() - 1);
    for (std::size_t i = 0; i < count; ++i) out[mine[i]] = true;
  }
  return out;
}

}  // namespace mien
