#include "mien/emotions/face_features.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "mien/base/error.hpp"
#include "mien/emotions/emotion_model.hpp"

#include "support/model_folder.hpp"
#include "support/onnx_bytes.hpp"
#include "support/shipped_models.hpp"

namespace mien::emotions {
namespace {

using ::testing::HasSubstr;
using testing::TemporaryFolder;
namespace fs = std::filesystem;

cv::Mat portrait() {
  const cv::Mat picture =
      cv::imread(std::string(MIEN_SOURCE_DIR) + "/assets/demo/astronaut.png");
  return picture(cv::Rect(170, 60, 110, 110)).clone();
}

TEST(PixelFeatures, AreThePixelsInColour) {
  models::ModelCard recipe = make_pixel_features()->recipe();
  recipe.features.standardize = false;
  const auto features = make_face_features(recipe, models::ModelLibrary({}));
  EXPECT_EQ(features->count(), 48U * 48 * 3);
  cv::Mat face(48, 48, CV_8UC3, cv::Scalar(0, 51, 255));
  face.at<cv::Vec3b>(0, 1) = {102, 0, 0};
  const auto values = (*features)(face);
  ASSERT_EQ(values.size(), features->count());
  EXPECT_NEAR(values[1], 0.2, 1e-5);
  EXPECT_NEAR(values[2], 1, 1e-5);
  EXPECT_NEAR(values[3], 0.4, 1e-5) << "row by row, blue first";
  EXPECT_THROW((*features)(cv::Mat()), base::Error);
}

TEST(PixelFeatures, StandardizedDoNotKnowTheLight) {
  const auto features = make_pixel_features();
  EXPECT_TRUE(features->recipe().features.standardize);
  cv::Mat face(48, 48, CV_8UC3);
  cv::RNG random(4);
  random.fill(face, cv::RNG::UNIFORM, 20, 120);
  const auto values = (*features)(face);
  const auto brighter = (*features)(face * 2 + cv::Scalar(10, 5, 3));
  for (std::size_t i = 0; i < values.size(); ++i) ASSERT_NEAR(values[i], brighter[i], 0.02);
  double sum = 0;
  for (std::size_t i = 1; i < values.size(); i += 3) sum += values[i];
  EXPECT_NEAR(sum, 0, 0.1) << "each colour's mean";
  for (const float value : (*features)(cv::Mat(9, 9, CV_8UC3, cv::Scalar::all(77)))) {
    ASSERT_EQ(std::abs(value) < 1e-3, true) << "one colour all over";
  }
}

TEST(Embedding, ComesWithTheAnswerFromOneRun) {
  const models::ModelLibrary library({testing::kShippedModels});
  const auto model = load_emotion_model(default_embedding_model(library));
  const cv::Mat face = portrait();
  const ModelAnswer answer = model->answer(face);
  EXPECT_EQ(answer.probabilities, model->classify(face));
  EXPECT_GE(answer.embedding.size(), 64U);
  const auto features = make_embedding_features(library);
  EXPECT_EQ((*features)(face), answer.embedding);
  EXPECT_EQ(features->count(), answer.embedding.size());
  cv::Mat other;
  cv::flip(face, other, 0);
  EXPECT_NE((*features)(other), answer.embedding) << "it looks at the face";
  EXPECT_EQ(features->recipe().features.kind, models::ModelCard::FeatureKind::embedding);
  EXPECT_EQ(features->recipe().features.model, model->card().id);
}

TEST(Embedding, IsWhatTheLastLayerGoesBy) {
  // The means of the three channels are what this network's labels are made of.
  const TemporaryFolder folder;
  auto document = testing::emotion_card(
      folder, testing::onnx_bytes::constant_classifier({1, 2, 3}, 8, 3, 0.5F));
  document["input"]["channels"] = "rgb";
  document["image_mean"] = {0, 0, 0};
  document["image_std"] = {1, 1, 1};
  document["output"]["embedding"] = "flat";
  folder.write("card.json", document.dump());
  const auto model = load_emotion_model(models::load_model_card(folder.path()));
  const auto answer = model->answer(cv::Mat(8, 8, CV_8UC3, cv::Scalar(0, 51, 255)));
  ASSERT_EQ(answer.embedding.size(), 3U);
  EXPECT_NEAR(answer.embedding[0], 1, 1e-4);
  EXPECT_NEAR(answer.embedding[1], 0.2, 1e-4);
  EXPECT_NEAR(answer.embedding[2], 0, 1e-4);
  ASSERT_EQ(answer.probabilities.size(), 3U);

  document["output"]["embedding"] = "nowhere";
  folder.write("card.json", document.dump());
  try {
    load_emotion_model(models::load_model_card(folder.path()));
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("\"nowhere\""));
  }
}

TEST(Embedding, NeedsAModelThatOffersOne) {
  EXPECT_THROW(default_embedding_model(models::ModelLibrary({})), base::Error);
  const TemporaryFolder folder;
  const auto error_message = [&](const std::string& id, const std::string& sha256) {
    models::ModelCard forest;
    forest.id = "mine";
    forest.features = {models::ModelCard::FeatureKind::embedding, false, id, sha256};
    try {
      make_face_features(forest, models::ModelLibrary({testing::kShippedModels}));
    } catch (const base::Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  const models::ModelCard known =
      default_embedding_model(models::ModelLibrary({testing::kShippedModels}));
  EXPECT_EQ(error_message(known.id, known.files.front().sha256), "");
  EXPECT_THAT(error_message(known.id, std::string(64, '0')), HasSubstr("another version"));
  EXPECT_THAT(error_message("gone", known.files.front().sha256), HasSubstr("gone"));
}

}  // namespace
}  // namespace mien::emotions
