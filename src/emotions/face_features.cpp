#include "mien/emotions/face_features.hpp"

#include <algorithm>
#include <cmath>

#include "mien/base/error.hpp"
#include "mien/emotions/emotion_model.hpp"

#include "preprocess.hpp"

namespace mien::emotions {
namespace {

constexpr int kPixelSide = 48;
constexpr double kMinDeviation = 1e-3;  // for a picture of one colour

models::ModelCard pixel_recipe() {
  models::ModelCard recipe;
  recipe.input.width = recipe.input.height = kPixelSide;
  recipe.input.channels = models::ModelCard::Channels::bgr;
  recipe.input.layout = models::ModelCard::Layout::nhwc;
  recipe.rescale_factor = 1.0F / 255;
  recipe.image_mean.assign(3, 0.0F);
  recipe.image_std.assign(3, 1.0F);
  recipe.features.standardize = true;
  recipe.crop = {0.0F, models::ModelCard::Align::eyes};
  return recipe;
}

class PixelFeatures : public FaceFeatures {
 public:
  explicit PixelFeatures(models::ModelCard recipe)
      : recipe_(std::move(recipe)), preprocess_(recipe_) {}

  const models::ModelCard& recipe() const override { return recipe_; }

  std::size_t count() const override {
    const int channels = recipe_.input.channels == models::ModelCard::Channels::gray ? 1 : 3;
    return static_cast<std::size_t>(recipe_.input.width) *
           static_cast<std::size_t>(recipe_.input.height) * static_cast<std::size_t>(channels);
  }

  std::vector<float> operator()(const cv::Mat& face_bgr) override {
    const cv::Mat& blob = preprocess_(face_bgr);
    const auto* begin = blob.ptr<float>();
    std::vector<float> values(begin, begin + blob.total());
    if (recipe_.features.standardize) standardize(values);
    return values;
  }

 private:
  void standardize(std::vector<float>& values) const {
    const auto channels = values.size() / (static_cast<std::size_t>(recipe_.input.width) *
                                           static_cast<std::size_t>(recipe_.input.height));
    const bool planes = recipe_.input.layout == models::ModelCard::Layout::nchw;
    const std::size_t count = values.size() / channels;
    const std::size_t step = planes ? 1 : channels;
    for (std::size_t c = 0; c < channels; ++c) {
      const std::size_t first = planes ? c * count : c;
      double sum = 0;
      double squares = 0;
      for (std::size_t i = 0; i < count; ++i) {
        const double value = values[first + i * step];
        sum += value;
        squares += value * value;
      }
      const auto pixels = static_cast<double>(count);
      const double mean = sum / pixels;
      const double deviation = std::sqrt(std::max(0.0, squares / pixels - mean * mean));
      for (std::size_t i = 0; i < count; ++i) {
        float& value = values[first + i * step];
        value = static_cast<float>((value - mean) / (deviation + kMinDeviation));
      }
    }
  }

  models::ModelCard recipe_;
  Preprocessor preprocess_;
};

class EmbeddingFeatures : public FaceFeatures {
 public:
  explicit EmbeddingFeatures(const models::ModelCard& card)
      : recipe_(card), model_(load_emotion_model(card)) {
    recipe_.features = {models::ModelCard::FeatureKind::embedding, false, card.id,
                        card.files.front().sha256};
    const cv::Mat gray(card.input.height, card.input.width, CV_8UC3, cv::Scalar::all(127));
    count_ = (*this)(gray).size();
  }

  const models::ModelCard& recipe() const override { return recipe_; }
  std::size_t count() const override { return count_; }
  std::vector<float> operator()(const cv::Mat& face_bgr) override {
    return model_->answer(face_bgr).embedding;
  }

 private:
  models::ModelCard recipe_;
  std::unique_ptr<EmotionModel> model_;
  std::size_t count_ = 0;
};

/// The model that a forest learned from, and no other version of it.
models::ModelCard find_embedding(const models::ModelCard& forest,
                                 const models::ModelLibrary& library) {
  const auto& wanted = forest.features;
  for (const auto& card : library.cards(models::ModelCard::Task::emotion)) {
    if (card.id != wanted.model) continue;
    if (card.format == models::ModelCard::Format::opencv_forest ||
        card.output.embedding.empty()) {
      throw base::Error("The model " + forest.id + " learned from the embedding of " + card.id +
                        ", which offers none; name it in that card's output.embedding.");
    }
    if (card.files.front().sha256 != wanted.sha256) {
      throw base::Error("The model " + forest.id + " learned from another version of " +
                        card.id + " than the one that is here; train it again.");
    }
    return card;
  }
  throw base::Error("The model " + forest.id + " judges by what the model " + wanted.model +
                    " sees, and that one is not here; add it, or train again.");
}

}  // namespace

std::unique_ptr<FaceFeatures> make_pixel_features() {
  return std::make_unique<PixelFeatures>(pixel_recipe());
}

std::unique_ptr<FaceFeatures> make_embedding_features(const models::ModelLibrary& library) {
  return std::make_unique<EmbeddingFeatures>(default_embedding_model(library));
}

std::unique_ptr<FaceFeatures> make_face_features(const models::ModelCard& forest,
                                                 const models::ModelLibrary& library) {
  if (forest.features.kind == models::ModelCard::FeatureKind::pixels) {
    return std::make_unique<PixelFeatures>(forest);
  }
  return std::make_unique<EmbeddingFeatures>(find_embedding(forest, library));
}

}  // namespace mien::emotions
