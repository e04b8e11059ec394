#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>
#include <opencv2/core.hpp>

#include "mien/emotions/emotion_model.hpp"
#include "mien/emotions/face_features.hpp"

namespace mien::emotions {

class Forest;

/// What one forest may have.
inline constexpr int kMaxTrees = 10000;

/// Faces as numbers, each with the place of its label. All rows are of one length.
class Samples {
 public:
  /// Throws Error when the length is not that of the ones before, or when there would be more
  /// than 2 GiB of them.
  void add(std::span<const float> features, int label);

  int count() const { return static_cast<int>(labels_.size()); }
  std::span<const float> features(int sample) const;
  std::span<const int> labels() const { return labels_; }
  /// One row a sample, CV_32F. It holds on to this object's numbers.
  cv::Mat rows() const;

 private:
  std::size_t length_ = 0;
  std::vector<float> numbers_;
  std::vector<int> labels_;
};

/// Which of the samples to hold out: of every label the nearest to `share` of its samples, at
/// least one and never all. A label must have two samples or none. The same for the same seed,
/// everywhere. Throws Error when `share` is not between 0 and 1.
std::vector<bool> hold_out(std::span<const int> labels, double share, std::uint64_t seed);

struct ForestOptions {
  int trees = 100;  ///< 1 to 10000
  std::uint64_t seed = 1;
  int threads = 0;  ///< 0: one a processor. The trees are the same whatever it is
};

/// Told how many trees there are of how many; growing ends soon after it gives false.
using TrainingProgress = std::function<bool(int done, int all)>;

/// Grows the trees of cv::ml::RTrees: each on a draw with replacement of the `chosen` samples,
/// each split the best of sqrt(features) drawn ones, at most 18 deep. Every label 0..`labels`-1
/// must occur among them. Null when `progress`, called from this thread, ended it. Throws
/// Error.
std::shared_ptr<const Forest> grow_forest(const Samples& samples,
                                          const std::vector<int>& chosen, int labels,
                                          const ForestOptions& options,
                                          const TrainingProgress& progress = {});

/// The share of the trees that vote for each label.
std::vector<float> forest_votes(const Forest& forest, std::span<const float> features);

/// What is said of a model that was trained here.
struct ForestDescription {
  std::string id;  ///< as a card wants it: see model_id_from()
  std::string name;
  std::vector<std::string> labels;
  std::string source;       ///< what it was trained on
  std::string limitations;  ///< empty: the usual sentence
  nlohmann::ordered_json metrics;
};

/// A name made into an id: letters, digits, - _ and .; at most 64 of them.
std::string model_id_from(const std::string& name);

/// The forest as a model in memory; nothing is written. Takes the features over.
std::unique_ptr<EmotionModel> make_forest_model(const ForestDescription& description,
                                                std::shared_ptr<const Forest> forest,
                                                std::unique_ptr<FaceFeatures> features);

/// Writes card.json, forest.yml.gz and README.md into the folder `folder`, which is there, and
/// loads them once as any other program will. `recipe`: FaceFeatures::recipe(). Throws Error,
/// with the folder half filled: give it a StagedFolder's.
models::ModelCard write_forest_model(const std::filesystem::path& folder,
                                     const ForestDescription& description, const Forest& forest,
                                     const models::ModelCard& recipe);

}  // namespace mien::emotions
