#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace mien::analysis {

/// Precision, recall and F1 of one class; a ratio over nothing is 0.
struct ClassScore {
  std::string label;
  std::uint64_t support = 0;  ///< pictures that show it
  double precision = 0;
  double recall = 0;
  double f1 = 0;
};

/// Scores a model's answers against known labels. One thread.
class Evaluation {
 public:
  /// `labels`: the model's, in its order.
  explicit Evaluation(std::vector<std::string> labels);

  /// One answer: the index of the true label and the model's probabilities. `said`: the verdict
  /// was a label and not *not sure*.
  void add(std::size_t truth, std::span<const float> probabilities, bool said = true);

  const std::vector<std::string>& labels() const { return labels_; }
  std::uint64_t count() const { return answers_.size(); }

  /// Right answers over all; 0 without any.
  double accuracy() const;
  /// Mean recall over the classes that occur.
  double balanced_accuracy() const;
  std::vector<ClassScore> classes() const;
  /// [truth][answer], counts.
  const std::vector<std::vector<std::uint64_t>>& confusion() const { return confusion_; }
  /// Expected calibration error: answers fall by their highest probability into `bins` bins of
  /// equal width; the mean of |share that is right - mean probability|, weighted by how many
  /// fall there (Guo et al., "On Calibration of Modern Neural Networks", 2017).
  double calibration_error(int bins = 15) const;

  /// How much is answered, and how well, when the least sure are left out (selective
  /// classification: El-Yaniv and Wiener, "On the Foundations of Noise-free Selective
  /// Classification", 2010).
  struct Selection {
    double threshold = 0;  ///< least probability of the likeliest label
    double coverage = 0;   ///< share of all answers that is left
    double accuracy = 0;   ///< of what is left; 0 when nothing is
  };
  /// With the verdicts that were added; their threshold is not known here and 0.
  Selection said() const;
  /// By probability alone, at 0, 1/steps ... (steps - 1)/steps.
  std::vector<Selection> coverage_curve(int steps = 20) const;

 private:
  struct Answer;
  template <typename Kept>
  Selection select(double threshold, const Kept& kept) const;

  struct Answer {
    float confidence;
    bool right;
    bool said;
  };
  std::vector<std::string> labels_;
  std::vector<std::vector<std::uint64_t>> confusion_;
  std::vector<Answer> answers_;
};

}  // namespace mien::analysis
