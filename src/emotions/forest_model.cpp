#include <cctype>

#include "mien/base/error.hpp"
#include "mien/base/files.hpp"
#include "mien/emotions/forest_training.hpp"
#include "mien/models/model_files.hpp"
#include "mien/models/sha256.hpp"

#include "forest.hpp"
#include "probabilities.hpp"

namespace fs = std::filesystem;
using nlohmann::ordered_json;

namespace mien::emotions {
namespace {

class ForestClassifier : public EmotionModel {
 public:
  ForestClassifier(const models::ModelCard& card, std::shared_ptr<const Forest> forest,
                   std::unique_ptr<FaceFeatures> features)
      : card_(card), forest_(std::move(forest)), features_(std::move(features)) {
    if (static_cast<std::size_t>(forest_->features()) != features_->count()) {
      throw base::Error(
          "The model " + card.id + " does not fit its card: its forest judges by " +
          std::to_string(forest_->features()) + " numbers where the card's features are " +
          std::to_string(features_->count()) + "; correct the card.");
    }
    if (static_cast<std::size_t>(forest_->labels()) != card.labels.size()) {
      throw base::Error("The model " + card.id + " does not fit its card: its forest knows " +
                        std::to_string(forest_->labels()) + " classes where id2label has " +
                        std::to_string(card.labels.size()) + " labels; correct the card.");
    }
    classify(cv::Mat(card.input.height, card.input.width, CV_8UC3, cv::Scalar::all(127)));
  }

  const models::ModelCard& card() const override { return card_; }

  std::vector<float> classify(const cv::Mat& face_bgr) override {
    return base::translate_errors("The expression model " + card_.id + " failed", [&] {
      return to_probabilities(forest_->votes((*features_)(face_bgr)), card_.output);
    });
  }

 private:
  models::ModelCard card_;
  std::shared_ptr<const Forest> forest_;
  std::unique_ptr<FaceFeatures> features_;
};

}  // namespace

std::unique_ptr<EmotionModel> load_forest_classifier(const models::ModelCard& card) {
  if (card.output.activation != models::ModelCard::Activation::probabilities) {
    throw base::Error(
        "The card of the forest " + card.id +
        " must have output.activation \"probabilities\": trees vote; correct it.");
  }
  const auto& name = card.files.front().name;
  auto forest = std::make_shared<const Forest>(
      read_forest(models::read_model_files(card).at(name), (card.folder / name).string()));
  const bool alone = card.features.kind == models::ModelCard::FeatureKind::pixels;
  return std::make_unique<ForestClassifier>(
      card, std::move(forest),
      make_face_features(card,
                         alone ? models::ModelLibrary({}) : models::ModelLibrary::standard()));
}

namespace {

constexpr const char* kFile = "forest.yml.gz";
constexpr const char* kLimitations =
    "Knows only what it was shown: the faces, the light and the labels of its own pictures. "
    "The "
    "accuracy above is of pictures from the same set; on other people it will be lower.";

const char* word(models::ModelCard::Channels channels) {
  switch (channels) {
    case models::ModelCard::Channels::gray:
      return "gray";
    case models::ModelCard::Channels::rgb:
      return "rgb";
    case models::ModelCard::Channels::bgr:
      return "bgr";
  }
  return "bgr";
}

const char* word(models::ModelCard::Align align) {
  switch (align) {
    case models::ModelCard::Align::none:
      return "none";
    case models::ModelCard::Align::eyes:
      return "eyes";
    case models::ModelCard::Align::arcface:
      return "arcface";
    case models::ModelCard::Align::fer2013:
      return "fer2013";
  }
  return "none";
}

ordered_json make_document(const ForestDescription& about, const models::ModelCard& recipe,
                           std::uintmax_t size, const std::string& sha256) {
  auto labels = ordered_json::object();
  for (std::size_t i = 0; i < about.labels.size(); ++i) {
    labels[std::to_string(i)] = about.labels[i];
  }
  ordered_json features = {{"kind", "pixels"}, {"standardize", recipe.features.standardize}};
  if (recipe.features.kind == models::ModelCard::FeatureKind::embedding) {
    features = {{"kind", "embedding"},
                {"model", recipe.features.model},
                {"sha256", recipe.features.sha256}};
  }
  return {
      {"schema_version", 1},
      {"id", about.id},
      {"name", about.name},
      {"version", "1"},
      {"task", "emotion"},
      {"format", "opencv-forest"},
      {"license", "LicenseRef-own"},
      {"source", about.source},
      {"files", {{{"name", kFile}, {"size", size}, {"sha256", sha256}}}},
      {"features", features},
      {"input",
       {{"width", recipe.input.width},
        {"height", recipe.input.height},
        {"channels", word(recipe.input.channels)},
        {"layout", recipe.input.layout == models::ModelCard::Layout::nchw ? "nchw" : "nhwc"}}},
      {"rescale_factor", recipe.rescale_factor},
      {"image_mean", recipe.image_mean},
      {"image_std", recipe.image_std},
      {"crop", {{"margin", recipe.crop.margin}, {"align", word(recipe.crop.align)}}},
      {"output", {{"activation", "probabilities"}}},
      {"id2label", labels},
      {"metrics", about.metrics},
      {"limitations", about.limitations.empty() ? kLimitations : about.limitations}};
}

/// A folder's or a user's word may be no UTF-8, which JSON cannot hold.
std::string dump(const ordered_json& document, const std::string& id) {
  try {
    return document.dump(2) + "\n";
  } catch (const nlohmann::json::type_error&) {
    throw base::Error("The model " + id +
                      " cannot be described: a name or label is not valid UTF-8; rename it.");
  }
}

std::string readme(const ForestDescription& about, const models::ModelCard& recipe) {
  std::string labels;
  for (const auto& label : about.labels) labels += (labels.empty() ? "" : ", ") + label;
  return "# " + about.name + "\n\nA random forest (`cv::ml::RTrees`) that mien trained. " +
         about.source + "\n\nLabels: " + labels + ". It judges by " +
         (recipe.features.kind == models::ModelCard::FeatureKind::embedding
              ? "what the model `" + recipe.features.model + "` sees, which must be there too"
              : std::string("pixels")) +
         ".\n\n    mien --model " + about.id + "     (after: mien models --add FOLDER)\n" +
         "    mien --model FOLDER\n\n" +
         (about.limitations.empty() ? kLimitations : about.limitations) + "\n";
}

}  // namespace

std::string model_id_from(const std::string& name) {
  std::string id;
  for (const unsigned char c : name) {
    const bool good = c < 128 && (std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.');
    if (good) {
      id += static_cast<char>(c);
    } else if (id.empty() || id.back() != '-') {
      id += '-';
    }
  }
  id.erase(0, id.find_first_not_of("-."));
  if (id.size() > 64) id.resize(64);
  while (!id.empty() && id.back() == '-') id.pop_back();
  return id.empty() ? "model" : id;
}

std::unique_ptr<EmotionModel> make_forest_model(const ForestDescription& description,
                                                std::shared_ptr<const Forest> forest,
                                                std::unique_ptr<FaceFeatures> features) {
  // There is no file yet; the card's rules want one all the same.
  const auto document = make_document(description, features->recipe(), 0, std::string(64, '0'));
  const models::ModelCard card = models::parse_model_card(
      nlohmann::json::parse(dump(document, description.id)), "of " + description.name);
  return std::make_unique<ForestClassifier>(card, std::move(forest), std::move(features));
}

models::ModelCard write_forest_model(const fs::path& folder,
                                     const ForestDescription& description, const Forest& forest,
                                     const models::ModelCard& recipe) {
  const std::string bytes = write_forest(forest);
  base::write_file_atomically(folder / kFile, bytes);
  base::write_file_atomically(folder / "README.md", readme(description, recipe));
  const auto document =
      make_document(description, recipe, bytes.size(), models::sha256_file(folder / kFile));
  base::write_file_atomically(folder / "card.json", dump(document, description.id));
  models::ModelCard card = models::load_model_card(folder);
  load_emotion_model_here(card);
  return card;
}

}  // namespace mien::emotions
