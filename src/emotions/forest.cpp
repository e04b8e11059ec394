#include "forest.hpp"

#include "mien/base/error.hpp"

namespace mien {

void Forest::add(const cv::ml::RTrees& grown) {
  const auto& nodes = grown.getNodes();
  const auto& splits = grown.getSplits();
  for (const int root : grown.getRoots()) {
    Tree tree;
    // In the order of the file: a node, all of its left, all of its right.
    struct Step {
      int node;
      std::int32_t parent;
      bool left;
    };
    std::vector<Step> open = {{root, -1, false}};
    while (!open.empty()) {
      const Step step = open.back();
      open.pop_back();
      const auto& from = nodes.at(static_cast<std::size_t>(step.node));
      const auto place = static_cast<std::int32_t>(tree.size());
      if (step.parent >= 0) {
        Node& parent = tree[static_cast<std::size_t>(step.parent)];
        (step.left ? parent.left : parent.right) = place;
      }
      Node node;
      node.label = cvRound(from.value);
      if (from.split >= 0) {
        const auto& split = splits.at(static_cast<std::size_t>(from.split));
        node.feature = split.varIdx;
        node.threshold = split.c;
        open.push_back({from.right, place, false});
        open.push_back({from.left, place, true});
      }
      tree.push_back(node);
    }
    add(std::move(tree));
  }
}

std::vector<float> Forest::votes(std::span<const float> sample) const {
  if (sample.size() != static_cast<std::size_t>(features_) || trees_.empty()) {
    throw Error("A forest was given " + std::to_string(sample.size()) + " numbers and wants " +
                std::to_string(features_) + ".");
  }
  std::vector<float> shares(static_cast<std::size_t>(labels_), 0.0F);
  for (const auto& tree : trees_) {
    std::size_t at = 0;
    while (tree[at].feature >= 0) {
      const Node& node = tree[at];
      const bool left = sample[static_cast<std::size_t>(node.feature)] <= node.threshold;
      at = static_cast<std::size_t>(left ? node.left : node.right);
    }
    ++shares[static_cast<std::size_t>(tree[at].label)];
  }
  for (float& share : shares) share /= static_cast<float>(trees_.size());
  return shares;
}

}  // namespace mien
