#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <opencv2/ml.hpp>

#include "mien/emotions/emotion_model.hpp"

namespace mien::emotions {

/// The trees of a cv::ml::RTrees that tells classes apart by numbers, and nothing else of it.
///
/// cv::ml believes a file's counts and indices and writes out of bounds when they lie, so files
/// are read here and every index is looked at; what was looked at is what votes. Immutable
/// after its making: any thread.
class Forest {
 public:
  struct Node {
    std::int32_t feature = -1;  ///< what is compared; -1: a leaf
    float threshold = 0;        ///< at most this: left
    std::int32_t left = -1;     ///< places in the tree, after the node's own
    std::int32_t right = -1;
    std::int32_t label = 0;
  };
  using Tree = std::vector<Node>;  ///< the root first

  Forest(int features, int labels) : features_(features), labels_(labels) {}

  int features() const { return features_; }
  int labels() const { return labels_; }
  const std::vector<Tree>& trees() const { return trees_; }

  void add(Tree tree) { trees_.push_back(std::move(tree)); }
  /// The trees that cv::ml has grown. Its classes must be 0..labels()-1.
  void add(const cv::ml::RTrees& grown);

  /// The share of the trees that vote for each label. `sample` has features() numbers.
  std::vector<float> votes(std::span<const float> sample) const;

 private:
  int features_;
  int labels_;
  std::vector<Tree> trees_;
};

/// A file's bytes as cv::ml::RTrees::save() writes them (YAML or XML, gzipped or not) of the
/// format that OpenCV has had since version 3. `where` names it in the Error. Any thread.
Forest read_forest(std::string_view bytes, const std::string& where);

/// Gzipped YAML that cv::ml::RTrees::load() reads; the same bytes for the same forest.
std::string write_forest(const Forest& forest);

/// The expression model of a card whose `files` start with a forest of cv::ml::RTrees (.yml or
/// .xml, also .gz): checks the files, loads and runs once. A forest over an embedding looks for
/// that model in ModelLibrary::standard(). Throws Error. Any thread. In forest_model.cpp.
std::unique_ptr<EmotionModel> load_forest_classifier(const models::ModelCard& card);

}  // namespace mien::emotions
