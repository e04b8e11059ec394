#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include <opencv2/core.hpp>

#include "mien/models/model_library.hpp"

namespace mien::emotions {

/// Turns a cropped face into the numbers that a forest judges by. Belongs to one thread.
class FaceFeatures {
 public:
  virtual ~FaceFeatures() = default;

  /// How a face is to be cut out and read, in a card's words: `input`, `crop`, the
  /// preprocessing and `features`. The rest says nothing.
  virtual const models::ModelCard& recipe() const = 0;

  /// How many numbers there are of each face.
  virtual std::size_t count() const = 0;

  /// `face_bgr` is the cropped face, 8-bit BGR, any size. Throws Error.
  virtual std::vector<float> operator()(const cv::Mat& face_bgr) = 0;
};

/// The article's: the face as 48x48 pixels in colour, row by row, and each colour standardized
/// (ModelCard::Features).
std::unique_ptr<FaceFeatures> make_pixel_features();

/// What default_embedding_model() makes of the face. Loads that model. Throws Error.
std::unique_ptr<FaceFeatures> make_embedding_features(const models::ModelLibrary& library);

/// Those that a forest's card asks for. Throws Error when the embedding's model is missing or
/// another version than the one that the forest learned from.
std::unique_ptr<FaceFeatures> make_face_features(const models::ModelCard& forest,
                                                 const models::ModelLibrary& library);

}  // namespace mien::emotions
