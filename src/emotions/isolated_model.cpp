#include "isolated_model.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>

#include "mien/base/error.hpp"

namespace mien::emotions {
namespace {

constexpr double kRounding = 1e-3;  // of a sum of probabilities

bool are_probabilities(const std::vector<float>& values) {
  const double sum = std::accumulate(values.begin(), values.end(), 0.0);
  return std::all_of(values.begin(), values.end(),
                     [](float value) { return value >= 0 && value <= 1; }) &&
         std::abs(sum - 1) < kRounding;
}

}  // namespace

IsolatedModel::IsolatedModel(const models::ModelCard& card, models::ModelLimits limits)
    : card_(card), process_(card, limits) {}

std::vector<float> IsolatedModel::classify(const cv::Mat& face_bgr) {
  return answer(face_bgr).probabilities;
}

ModelAnswer IsolatedModel::answer(const cv::Mat& face_bgr) {
  ModelAnswer answer;
  // As serve_emotion_model() sends them: probabilities, what the card names beside them,
  // embedding.
  const auto numbers = process_.run(face_bgr);
  const std::size_t labels = card_.labels.size();
  const bool tells_covered = !card_.output.covered.name.empty();
  const bool tells_distance = !card_.output.unlike.name.empty();
  const std::size_t fixed = labels + (tells_covered ? 1 : 0) + (tells_distance ? 1 : 0);
  const bool complete =
      card_.output.embedding.empty() ? numbers.size() == fixed : numbers.size() >= fixed;
  if (complete) {
    auto next = numbers.begin() + static_cast<std::ptrdiff_t>(labels);
    answer.probabilities.assign(numbers.begin(), next);
    if (tells_covered) answer.covered = *next++;
    if (tells_distance) answer.distance = *next++;
    answer.embedding.assign(next, numbers.end());
  }
  // Everything received is validated.
  const auto refuse = [&](const std::string& what) {
    throw base::Error("The model " + card_.id + " returned " + what +
                      "; choose another model.");
  };
  const auto in_range = [](const std::optional<float>& value, float most) {
    return !value || (*value >= 0 && *value <= most);
  };
  if (!complete || !are_probabilities(answer.probabilities)) {
    refuse("values that are not probabilities of its labels");
  }
  if (!in_range(answer.covered, 1)) {
    refuse("no probability for its output " + card_.output.covered.name);
  }
  if (!in_range(answer.distance, std::numeric_limits<float>::max())) {
    refuse("a distance that is not 0 or more for its output " + card_.output.unlike.name);
  }
  return answer;
}

}  // namespace mien::emotions
