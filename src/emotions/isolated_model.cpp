#include "isolated_model.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "mien/base/error.hpp"

namespace mien {
namespace {

constexpr double kRounding = 1e-3;  // of a sum of probabilities

bool are_probabilities(const std::vector<float>& values) {
  const double sum = std::accumulate(values.begin(), values.end(), 0.0);
  return std::all_of(values.begin(), values.end(),
                     [](float value) { return value >= 0 && value <= 1; }) &&
         std::abs(sum - 1) < kRounding;
}

}  // namespace

IsolatedModel::IsolatedModel(const ModelCard& card, ModelLimits limits)
    : card_(card), process_(card, limits) {}

std::vector<float> IsolatedModel::classify(const cv::Mat& face_bgr) {
  return answer(face_bgr).probabilities;
}

ModelAnswer IsolatedModel::answer(const cv::Mat& face_bgr) {
  ModelAnswer answer;
  answer.probabilities = process_.run(face_bgr);
  const std::size_t labels = card_.labels.size();
  if (answer.probabilities.size() > labels && !card_.output.embedding.empty()) {
    const auto end = answer.probabilities.begin() + static_cast<std::ptrdiff_t>(labels);
    answer.embedding.assign(end, answer.probabilities.end());
    answer.probabilities.erase(end, answer.probabilities.end());
  }
  // Nothing that comes from there is believed.
  if (answer.probabilities.size() != labels || !are_probabilities(answer.probabilities)) {
    throw Error("The model " + card_.id +
                " gives what are no probabilities of its labels; choose another model.");
  }
  return answer;
}

}  // namespace mien
