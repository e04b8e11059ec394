#include "forest_classifier.hpp"

#include "mien/base/error.hpp"
#include "mien/base/files.hpp"

#include "classifiers.hpp"
#include "probabilities.hpp"

namespace mien {
namespace {

class ForestClassifier : public EmotionModel {
 public:
  ForestClassifier(const ModelCard& card, std::shared_ptr<const Forest> forest,
                   std::unique_ptr<FaceFeatures> features)
      : card_(card), forest_(std::move(forest)), features_(std::move(features)) {
    if (static_cast<std::size_t>(forest_->features()) != features_->count()) {
      throw Error("The model " + card.id + " does not fit its card: its forest judges by " +
                  std::to_string(forest_->features()) +
                  " numbers where the card's features are " +
                  std::to_string(features_->count()) + "; correct the card.");
    }
    if (static_cast<std::size_t>(forest_->labels()) != card.labels.size()) {
      throw Error("The model " + card.id + " does not fit its card: its forest knows " +
                  std::to_string(forest_->labels()) + " classes where id2label has " +
                  std::to_string(card.labels.size()) + " labels; correct the card.");
    }
    classify(cv::Mat(card.input.height, card.input.width, CV_8UC3, cv::Scalar::all(127)));
  }

  const ModelCard& card() const override { return card_; }

  std::vector<float> classify(const cv::Mat& face_bgr) override {
    return translate_errors("The expression model " + card_.id + " failed", [&] {
      return to_probabilities(forest_->votes((*features_)(face_bgr)), card_.output);
    });
  }

 private:
  ModelCard card_;
  std::shared_ptr<const Forest> forest_;
  std::unique_ptr<FaceFeatures> features_;
};

}  // namespace

std::unique_ptr<EmotionModel> make_forest_classifier(const ModelCard& card,
                                                     std::shared_ptr<const Forest> forest,
                                                     std::unique_ptr<FaceFeatures> features) {
  return std::make_unique<ForestClassifier>(card, std::move(forest), std::move(features));
}

std::unique_ptr<EmotionModel> load_forest_classifier(const ModelCard& card) {
  if (card.output.activation != ModelCard::Activation::probabilities) {
    throw Error("The card of the forest " + card.id +
                " must have output.activation \"probabilities\": trees vote; correct it.");
  }
  verify_model_files(card);
  const auto file = card.folder / card.files.front().name;
  // Read once: what is checked is what votes.
  auto forest =
      std::make_shared<const Forest>(read_forest(read_text_file(file), file.string()));
  const bool alone = card.features.kind == ModelCard::FeatureKind::pixels;
  return make_forest_classifier(
      card, std::move(forest),
      make_face_features(card, alone ? ModelLibrary({}) : ModelLibrary::standard()));
}

}  // namespace mien
