#pragma once

#include <string>
#include <vector>

#include <opencv2/core.hpp>

#include "mien/base/face.hpp"
#include "mien/base/model_card.hpp"

#include "anchors.hpp"
#include "card_options.hpp"
#include "square_network.hpp"

namespace mien {

/// A BlazeFace network as it is. Belongs to one thread.
class BlazeFace {
 public:
  /// Loads it, weights verified. Throws Error.
  explicit BlazeFace(const ModelCard& card);

  const std::string& id() const { return id_; }
  float score_threshold() const { return score_threshold_; }      ///< the card's
  float overlap_threshold() const { return overlap_threshold_; }  ///< the card's
  int side() const { return network_.side(); }                    ///< of its input, pixels

  /// A face for every anchor whose confidence passes `threshold`, so several for each real
  /// face; in the pixels of `bgr`, which must be 8-bit BGR, not empty, and is not written.
  std::vector<Face> find(const cv::Mat& bgr, float threshold);

 private:
  void check_shape(const ModelCard& card) const;
  Letterbox fill_input(const cv::Mat& bgr);
  const float* output(int count) const;

  std::string id_;
  SquareNetwork network_;
  bool swap_red_;
  double scale_;
  double shift_;
  CardOptions options_;
  float score_threshold_;
  float overlap_threshold_;
  std::vector<AnchorGrid> grids_;
  cv::Mat square_;
};

}  // namespace mien
