#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mien/base/error.hpp"
#include "mien/base/files.hpp"
#include "mien/emotions/forest_training.hpp"
#include "mien/models/model_installer.hpp"
#include "mien/models/sha256.hpp"

#include "forest.hpp"
#include "support/temporary_folder.hpp"

namespace mien::emotions {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using testing::ScopedEnvironment;
using testing::TemporaryFolder;
namespace fs = std::filesystem;

/// Blue above, red below.
cv::Mat plain(int blue, int red) {
  cv::Mat face(20, 20, CV_8UC3, cv::Scalar(blue, 90, red));
  face.rowRange(10, 20).setTo(cv::Scalar(red, 90, blue));
  return face;
}

/// Tells red pictures from blue ones.
std::shared_ptr<const Forest> colour_forest(FaceFeatures& features) {
  Samples samples;
  std::vector<int> all;
  for (int i = 0; i < 20; ++i) {
    samples.add(features(i % 2 == 0 ? plain(200 - i, i) : plain(i, 200 - i)), i % 2);
    all.push_back(i);
  }
  return grow_forest(samples, all, 2, {.trees = 11});
}

ForestDescription colours() {
  return {.id = "my-colours",
          .name = "My colours",
          .labels = {"happiness", "thinking"},
          .source = "made by a test",
          .limitations = "",
          .metrics = {{"accuracy", 1.0}}};
}

std::string error_message(const fs::path& folder, const std::function<void(json&)>& change) {
  json document = json::parse(base::read_text_file(folder / "card.json"));
  change(document);
  models::ModelCard card = models::parse_model_card(document, "here");
  card.folder = folder;
  try {
    load_emotion_model(card);
  } catch (const base::Error& error) {
    return error.what();
  }
  return "";
}

TEST(ForestModel, InMemoryAndFromItsFolderSaysTheSame) {
  auto features = make_pixel_features();
  const auto forest = colour_forest(*features);
  const TemporaryFolder folder;
  const models::ModelCard card =
      write_forest_model(folder.path(), colours(), *forest, features->recipe());
  EXPECT_EQ(card.id, "my-colours");
  EXPECT_EQ(card.format, models::ModelCard::Format::opencv_forest);
  EXPECT_EQ(card.labels, colours().labels);
  EXPECT_EQ(card.metrics["accuracy"], 1.0);
  EXPECT_TRUE(fs::exists(folder / "README.md"));
  const auto loaded = load_emotion_model(models::load_model_card(folder.path()));
  const auto made = make_forest_model(colours(), forest, std::move(features));
  EXPECT_EQ(made->card().labels, loaded->card().labels);
  for (const auto& face : {plain(200, 5), plain(5, 200), plain(120, 100)}) {
    const auto said = loaded->classify(face);
    EXPECT_EQ(said, made->classify(face));
    EXPECT_NEAR(said[0] + said[1], 1, 1e-5);
  }
  EXPECT_GT(loaded->classify(plain(200, 5))[0], 0.9);
  EXPECT_GT(loaded->classify(plain(5, 200))[1], 0.9) << "a label of one's own";
}

// Examples are cut out as the features' recipe says; a forest that is read from its folder must
// see faces framed alike.
TEST(ForestModel, ItsFacesAreCutOutAsItsExamplesWere) {
  auto features = make_pixel_features();
  const auto forest = colour_forest(*features);
  using Align = models::ModelCard::Align;
  for (const auto align : {Align::none, Align::eyes, Align::arcface, Align::fer2013}) {
    models::ModelCard recipe = features->recipe();
    recipe.crop = {-0.075F, align};
    const TemporaryFolder folder;
    write_forest_model(folder.path(), colours(), *forest, recipe);
    const auto crop = models::load_model_card(folder.path()).crop;
    EXPECT_EQ(crop.align, align);
    EXPECT_FLOAT_EQ(crop.margin, -0.075F);
  }
}

TEST(ForestModel, IsInstalledAsAnyOther) {
  const models::ModelLibrary none({});
  auto features = make_pixel_features();
  const TemporaryFolder folder;
  write_forest_model(folder.path(), colours(), *colour_forest(*features), features->recipe());
  const TemporaryFolder models;
  EXPECT_EQ(models::install_model(folder.path(), models.path(), none, try_emotion_model).id,
            "my-colours");
  EXPECT_THAT(models::ModelLibrary({models.path()})
                  .find("my-colours", models::ModelCard::Task::emotion)
                  .labels,
              ::testing::ElementsAre("happiness", "thinking"));
}

TEST(ForestModel, WhatDoesNotFitItsCardIsASentence) {
  auto features = make_pixel_features();
  const TemporaryFolder folder;
  write_forest_model(folder.path(), colours(), *colour_forest(*features), features->recipe());
  EXPECT_EQ(error_message(folder.path(), [](json&) {}), "");
  EXPECT_THAT(error_message(folder.path(), [](json& c) { c["input"]["width"] = 24; }),
              HasSubstr("judges by 6912 numbers where the card's features are 3456"));
  EXPECT_THAT(error_message(folder.path(), [](json& c) { c["id2label"]["2"] = "anger"; }),
              HasSubstr("2 classes where id2label has 3"));
  EXPECT_THAT(
      error_message(folder.path(), [](json& c) { c["output"]["activation"] = "softmax"; }),
      HasSubstr("trees vote"));
  EXPECT_THAT(error_message(folder.path(),
                            [](json& c) {
                              c["features"] = {{"kind", "embedding"},
                                               {"model", "nothing"},
                                               {"sha256", std::string(64, '0')}};
                            }),
              HasSubstr("nothing"));
  fs::resize_file(folder / "forest.yml.gz", fs::file_size(folder / "forest.yml.gz") / 2);
  EXPECT_THAT(error_message(folder.path(), [](json&) {}), HasSubstr("damaged"));
  const auto half = base::read_text_file(folder / "forest.yml.gz");
  EXPECT_THAT(error_message(folder.path(),
                            [&](json& c) {
                              c["files"][0]["size"] = half.size();
                              c["files"][0]["sha256"] =
                                  models::sha256_file(folder / "forest.yml.gz");
                            }),
              HasSubstr("cut off"));
}

TEST(ForestModel, NamesBecomeIds) {
  EXPECT_EQ(model_id_from("My faces, 2026"), "My-faces-2026");
  EXPECT_EQ(model_id_from("..."), "model");
  EXPECT_EQ(model_id_from("\xC3\xA9t\xC3\xA9"), "t");
  EXPECT_EQ(model_id_from(std::string(100, 'a')).size(), 64U);
}

}  // namespace
}  // namespace mien::emotions
