#include "mien/analysis/evaluation.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "mien/base/error.hpp"

namespace mien::analysis {
namespace {

double ratio(double part, double whole) { return whole > 0 ? part / whole : 0; }

}  // namespace

Evaluation::Evaluation(std::vector<std::string> labels)
    : labels_(std::move(labels)),
      confusion_(labels_.size(), std::vector<std::uint64_t>(labels_.size(), 0)) {}

void Evaluation::add(std::size_t truth, std::span<const float> probabilities, bool said) {
  if (truth >= labels_.size() || probabilities.size() != labels_.size()) {
    throw base::Error("An answer does not fit the model's labels; check its card.");
  }
  const auto best = std::max_element(probabilities.begin(), probabilities.end());
  const auto answer = static_cast<std::size_t>(best - probabilities.begin());
  ++confusion_[truth][answer];
  answers_.push_back({*best, answer == truth, said});
}

double Evaluation::accuracy() const {
  const auto right = std::count_if(answers_.begin(), answers_.end(),
                                   [](const Answer& answer) { return answer.right; });
  return ratio(static_cast<double>(right), static_cast<double>(answers_.size()));
}

double Evaluation::balanced_accuracy() const {
  double sum = 0;
  int occurring = 0;
  for (const auto& score : classes()) {
    if (score.support == 0) continue;
    sum += score.recall;
    ++occurring;
  }
  return ratio(sum, occurring);
}

std::vector<ClassScore> Evaluation::classes() const {
  std::vector<ClassScore> scores;
  for (std::size_t i = 0; i < labels_.size(); ++i) {
    std::uint64_t answered = 0;
    for (const auto& row : confusion_) answered += row[i];
    ClassScore score;
    score.label = labels_[i];
    score.support =
        std::accumulate(confusion_[i].begin(), confusion_[i].end(), std::uint64_t{0});
    const auto right = static_cast<double>(confusion_[i][i]);
    score.precision = ratio(right, static_cast<double>(answered));
    score.recall = ratio(right, static_cast<double>(score.support));
    score.f1 = ratio(2 * score.precision * score.recall, score.precision + score.recall);
    scores.push_back(std::move(score));
  }
  return scores;
}

double Evaluation::calibration_error(int bins) const {
  struct Bin {
    double confidence = 0;
    double right = 0;
    double count = 0;
  };
  std::vector<Bin> filled(static_cast<std::size_t>(bins));
  for (const auto& answer : answers_) {
    const int place =
        std::clamp(static_cast<int>(std::ceil(answer.confidence * bins)) - 1, 0, bins - 1);
    Bin& bin = filled[static_cast<std::size_t>(place)];
    bin.confidence += answer.confidence;
    bin.right += answer.right ? 1 : 0;
    ++bin.count;
  }
  double error = 0;
  for (const auto& bin : filled) error += std::abs(bin.right - bin.confidence);
  return ratio(error, static_cast<double>(answers_.size()));
}

template <typename Kept>
Evaluation::Selection Evaluation::select(double threshold, const Kept& kept) const {
  double count = 0;
  double right = 0;
  for (const auto& answer : answers_) {
    if (!kept(answer)) continue;
    ++count;
    right += answer.right ? 1 : 0;
  }
  return {threshold, ratio(count, static_cast<double>(answers_.size())), ratio(right, count)};
}

Evaluation::Selection Evaluation::said() const {
  return select(0, [](const Answer& answer) { return answer.said; });
}

std::vector<Evaluation::Selection> Evaluation::coverage_curve(int steps) const {
  std::vector<Selection> curve;
  for (int i = 0; i < steps; ++i) {
    const double threshold = static_cast<double>(i) / steps;
    curve.push_back(select(threshold, [&](const Answer& answer) {
      // As judge() compares: in float.
      return answer.confidence >= static_cast<float>(threshold);
    }));
  }
  return curve;
}

}  // namespace mien::analysis
