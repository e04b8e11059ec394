#pragma once

#include <memory>
#include <string>
#include <vector>

#include <opencv2/core.hpp>

#include "mien/faces/face_detector.hpp"
#include "mien/models/model_card.hpp"

namespace mien::faces {

/// Reads a detector's own settings out of a card's `options`; throws Error that names the key.
class CardOptions {
 public:
  explicit CardOptions(const models::ModelCard& card)
      : card_id_(card.id), options_(card.options) {}

  float number(const std::string& key, float fallback, float low, float high) const;

  /// A short line of text; `fallback` when it is missing or something else.
  std::string text(const std::string& key, const std::string& fallback) const;

  /// Whatever stands there; null when there is nothing.
  const nlohmann::json* find(const std::string& key) const;

  [[noreturn]] void fail(const std::string& key, const std::string& what) const;

 private:
  std::string card_id_;
  nlohmann::json options_;
};

/// OpenCV's cascade of Debian's opencv-data; needs no card.
DetectorInfo haar_info();
std::unique_ptr<FaceDetector> make_haar_detector(const models::ModelLibrary& library);

/// The near and the far BlazeFace of the library together: the default. Throws Error when one
/// of them is missing.
DetectorInfo auto_info();
std::unique_ptr<FaceDetector> make_auto_detector(const models::ModelLibrary& library);

/// Squares of `side` pixels, cut at the picture's edges, that cover the picture in rows;
/// neighbours share at least `shared` pixels (less than `side`), so that a face up to that size
/// lies whole in one of them. What the automatic detector searches; here for its tests.
std::vector<cv::Rect> cover_with_tiles(cv::Size picture, int side, int shared);

/// MediaPipe's BlazeFace in ONNX; a card of architecture "blazeface".
std::unique_ptr<FaceDetector> make_blazeface_detector(const models::ModelCard& card);

/// YuNet of March 2022 or March 2023 in ONNX; a card of architecture "yunet".
std::unique_ptr<FaceDetector> make_yunet_detector(const models::ModelCard& card);

/// Reads the twelve outputs of YuNet of March 2023: for each stride of 8, 16 and 32 pixels two
/// scores, a box and five points for every cell of a grid over `input` (a multiple of 32 on
/// both sides). Outputs are told apart by their shapes, 1 x cells x numbers, in any order.
/// Faces with a confidence of at least `score_threshold`, in the input's pixels, overlaps
/// included. Throws Error when the outputs are others. Here for its tests.
std::vector<base::Face> decode_yunet_2023(const std::vector<cv::Mat>& outputs, cv::Size input,
                                          float score_threshold);

}  // namespace mien::faces
