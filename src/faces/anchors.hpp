#pragma once

#include <vector>

#include <opencv2/core.hpp>

#include "mien/base/face.hpp"

namespace mien {

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
                      float threshold, const Letterbox& where, std::vector<Face>& faces);

/// Intersection over union, 0..1.
float overlap(const cv::Rect2f& a, const cv::Rect2f& b);

/// Non-maximum suppression that blends, as MediaPipe does: every group of faces that overlap
/// the most confident one by more than `overlap_threshold` becomes one face, the mean of its
/// boxes and landmarks weighted by confidence. Steadier from frame to frame than keeping the
/// best alone. Most confident first.
std::vector<Face> blend_overlapping(std::vector<Face> faces, float overlap_threshold);

}  // namespace mien
