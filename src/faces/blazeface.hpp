#pragma once

#include <string>
#include <vector>

#include <opencv2/core.hpp>

#include "mien/base/face.hpp"
#include "mien/faces/square_network.hpp"
#include "mien/models/model_card.hpp"

#include "detectors.hpp"

namespace mien::faces {

/// One layer of an SSD detector: a square grid of cells with as many anchors in each.
struct AnchorGrid {
  int cells = 0;    ///< per row and per column
  int anchors = 0;  ///< per cell

  int count() const { return cells * cells * anchors; }
};

/// How a picture lies in the network's square input: input = picture * scale + offset, in
/// pixels.
struct Letterbox {
  float scale = 1;
  cv::Point2f offset;
};

/// The largest picture that fits a `side` x `side` square, centred.
Letterbox letterbox(cv::Size picture, int side);

/// BlazeFace's numbers for each anchor: centre x, y, width, height, then x, y of right eye,
/// left eye, nose, mouth, right ear, left ear; in input pixels, points relative to the anchor.
inline constexpr int kBlazeFaceValues = 16;

/// Appends the faces of one grid whose score (a logit; its sigmoid is the confidence) passes
/// `threshold`, in the picture's pixels. `scores` holds grid.count() values and `boxes`
/// kBlazeFaceValues times as many, cell by cell, row by row. Values that are not finite are
/// left out.
void decode_blazeface(const AnchorGrid& grid, int side, const float* scores, const float* boxes,
                      float threshold, const Letterbox& where, std::vector<base::Face>& faces);

/// A BlazeFace network as it is. Belongs to one thread.
class BlazeFace {
 public:
  /// Loads it, weights verified. Throws Error.
  explicit BlazeFace(const models::ModelCard& card);

  const std::string& id() const { return id_; }
  float score_threshold() const { return score_threshold_; }      ///< the card's
  float overlap_threshold() const { return overlap_threshold_; }  ///< the card's
  int side() const { return network_.side(); }                    ///< of its input, pixels

  /// A face for every anchor whose confidence passes `threshold`, so several for each real
  /// face; in the pixels of `bgr`, which must be 8-bit BGR, not empty, and is not written.
  std::vector<base::Face> find(const cv::Mat& bgr, float threshold);

 private:
  void check_shape(const models::ModelCard& card) const;
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

}  // namespace mien::faces
