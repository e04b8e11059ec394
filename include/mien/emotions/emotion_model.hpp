#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <opencv2/core.hpp>

#include "mien/models/model_library.hpp"
#include "mien/models/model_worker.hpp"

namespace mien::emotions {

/// What a model makes of one face, from one run.
struct ModelAnswer {
  std::vector<float> probabilities;  ///< as EmotionModel::classify()
  /// How the model describes the face to others: what comes out of card().output.embedding.
  /// Empty when its card names none.
  std::vector<float> embedding;
  /// The probability, 0..1, that the face is covered by a mask, a hand or sunglasses. None when
  /// the card names no output.covered.
  std::optional<float> covered;
  /// How far the face is from those that the model learned from, >= 0. None when the card names
  /// no output.unlike.
  std::optional<float> distance;
};

/// Reads the expression of one face. Belongs to one thread (a cv::dnn::Net does).
class EmotionModel {
 public:
  virtual ~EmotionModel() = default;

  virtual const models::ModelCard& card() const = 0;

  /// Probabilities in the order of card().labels, each 0..1, sum 1. `face_bgr` is the cropped
  /// face, 8-bit BGR, any size; it is resized and converted as the card says.
  virtual std::vector<float> classify(const cv::Mat& face_bgr) = 0;

  /// As classify(), and whatever else the card promises, of the same run.
  virtual ModelAnswer answer(const cv::Mat& face_bgr) {
    ModelAnswer answer;
    answer.probabilities = classify(face_bgr);
    return answer;
  }
};

/// The model that is used when none is asked for: the default of the shipped ones.
std::string default_emotion_model(const models::ModelLibrary& library);

/// The model whose embedding others learn from: the first of the same order whose card offers
/// one. Throws Error when there is none.
models::ModelCard default_embedding_model(const models::ModelLibrary& library);

/// Loads the weights that a card names, after checking sizes and hashes, and runs it once. The
/// program's own models (is_shipped()) are loaded here, all others in a process of their own
/// (mien/models/model_process.hpp says how, and when they throw ModelProcessEnded). Throws
/// Error. Loads are serialised inside; any thread.
std::unique_ptr<EmotionModel> load_emotion_model(const models::ModelCard& card);

/// As load_emotion_model(), always in this process: for model workers, and for files that this
/// process has just written.
std::unique_ptr<EmotionModel> load_emotion_model_here(const models::ModelCard& card);

/// Loads an expression model and lets it go, to find out whether it can be used. Throws Error,
/// also for a card of another task.
void try_emotion_model(const models::ModelCard& card);

/// For model workers: the model as numbers for a picture, its probabilities and then its
/// embedding.
models::ServedModel serve_emotion_model(const models::ModelCard& card);

/// What a face may take in a live picture: at 30 a second, finding faces and reading two of
/// them fits between two pictures.
constexpr double kLiveMillisecondsPerFace = 12;

/// The model for a live picture when none is asked for: the default one, or, where that takes
/// more than `milliseconds_at_most` of processor time for a face (a weak machine), mien-small.
/// With the reading of that id if it has one. Throws Error as load_emotion_model() does.
std::unique_ptr<EmotionModel> load_live_model(
    const models::ModelLibrary& library, double milliseconds_at_most = kLiveMillisecondsPerFace,
    const std::string& reading = {});

}  // namespace mien::emotions
