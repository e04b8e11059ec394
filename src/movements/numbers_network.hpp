#pragma once

#include <string>
#include <vector>

#include <opencv2/dnn.hpp>

#include "mien/models/model_card.hpp"

namespace mien::movements {

/// A network of a card of task movements, which takes `input.width` numbers and gives some, run
/// in this process. Belongs to one thread.
class NumbersNetwork {
 public:
  /// Reads the card's first file, all files verified, and runs it once. Throws Error with one
  /// sentence; also when it does not give `outputs` numbers, which `asked` says for people:
  /// "the card has 20 labels".
  NumbersNetwork(const models::ModelCard& card, std::size_t outputs, const std::string& asked);

  const std::string& id() const { return id_; }

  /// For `input.width` numbers, those of the network. Throws Error.
  std::vector<float> run(const std::vector<float>& numbers);

 private:
  std::string id_;
  std::string input_name_;
  std::string output_name_;  ///< empty: the last layer's
  cv::Mat input_;
  cv::dnn::Net net_;
};

}  // namespace mien::movements
