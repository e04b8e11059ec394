#include "mien/emotions/emotion_model.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <future>
#include <limits>
#include <numeric>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "mien/base/error.hpp"
#include "mien/base/files.hpp"
#include "mien/emotions/emotion_model.hpp"
#include "mien/models/sha256.hpp"

#include "load_error.hpp"
#include "support/model_folder.hpp"
#include "support/onnx_bytes.hpp"
#include "support/shipped_models.hpp"
#include "support/temporary_folder.hpp"

namespace mien::emotions {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using testing::TemporaryFolder;
using testing::onnx_bytes::constant_classifier;

const std::filesystem::path kRoot = MIEN_SOURCE_DIR;

models::ModelLibrary shipped() { return models::ModelLibrary({kRoot / "models"}); }

// The smiling face of the portrait.
cv::Mat smile() {
  return cv::imread((kRoot / "assets/demo/astronaut.png").string())(cv::Rect(170, 72, 110, 110))
      .clone();
}

models::ModelCard make_card(
    const TemporaryFolder& folder, const std::string& content,
    const std::function<void(json&)>& change = [](json&) {}) {
  json document = testing::emotion_card(folder, content);
  change(document);
  models::ModelCard card = models::parse_model_card(document, "here");
  card.folder = folder.path();
  return card;
}

TEST(EmotionModel, EveryShippedOneSeesTheSmile) {
  const auto cards = shipped().cards(models::ModelCard::Task::emotion);
  ASSERT_FALSE(cards.empty());
  for (const auto& card : cards) {
    if (card.format != models::ModelCard::Format::onnx) continue;
    const auto model = load_emotion_model(card);
    EXPECT_EQ(model->card().id, card.id);
    const auto values = model->classify(smile());
    ASSERT_EQ(values.size(), card.labels.size());
    EXPECT_NEAR(std::accumulate(values.begin(), values.end(), 0.0), 1, 1e-4);
    const auto best = std::max_element(values.begin(), values.end()) - values.begin();
    EXPECT_EQ(card.labels[static_cast<std::size_t>(best)], "happiness") << card.id;
    EXPECT_GT(values[static_cast<std::size_t>(best)], 0.8) << card.id;
  }
}

TEST(EmotionModel, GivesWhatTheNetworkAndTheCardSay) {
  const TemporaryFolder folder;
  const float third = std::log(3.0F);
  const std::string file = constant_classifier({0, third, -1e9F});
  const cv::Mat face(20, 30, CV_8UC3, cv::Scalar::all(80));
  const auto plain = load_emotion_model(make_card(folder, file))->classify(face);
  EXPECT_NEAR(plain[0], 0.25, 1e-5);
  EXPECT_NEAR(plain[1], 0.75, 1e-5);
  EXPECT_NEAR(plain[2], 0, 1e-5);
  const auto offset = load_emotion_model(make_card(folder, file, [&](json& card) {
                        card["output"]["logit_offset"] = {third, 0, 0};
                      }))->classify(face);
  EXPECT_NEAR(offset[0], 0.5, 1e-5);
}

// Gray 80 is (80 / 255 - 0.5) / 0.25 = -0.745 to the network, 200 is 1.137.
cv::Mat gray(int value) { return {20, 20, CV_8UC3, cv::Scalar::all(value)}; }

TEST(EmotionModel, SaysHowCoveredAndHowStrangeAFaceIs) {
  const TemporaryFolder folder;
  const std::string file = testing::onnx_bytes::measuring_classifier({0, 1, 2}, 3, 1, 0.5F);
  const auto model = load_emotion_model(make_card(folder, file, [](json& card) {
    card["output"]["covered"] = {{"name", "covered"}, {"above", 0.5}};
    card["output"]["unlike"] = {{"name", "distance"}, {"above", 1}};
    card["output"]["embedding"] = "features";
  }));
  const auto answer = model->answer(gray(200));
  ASSERT_TRUE(answer.covered && answer.distance);
  EXPECT_NEAR(*answer.covered, 1 / (1 + std::exp(-(3 * 1.1373 - 1))), 1e-3);
  EXPECT_NEAR(*answer.distance, 1.1373 - 0.5, 1e-3);
  ASSERT_EQ(answer.embedding.size(), 1U);
  EXPECT_NEAR(answer.embedding[0], 1.1373, 1e-3);
  EXPECT_EQ(answer.probabilities, model->classify(gray(200)));
  const auto darker = model->answer(gray(80));
  EXPECT_LT(*darker.covered, 0.05);
  EXPECT_NEAR(*darker.distance, 0.5 + 0.7451, 1e-3);
  EXPECT_EQ(darker.probabilities, answer.probabilities);

  // The card may ask for one of them only, or, like those of before, for none.
  const auto distance = load_emotion_model(make_card(folder, file, [](json& card) {
                          card["output"]["unlike"] = {{"name", "distance"}, {"above", 1}};
                        }))->answer(gray(200));
  EXPECT_EQ(distance.covered, std::nullopt);
  EXPECT_NEAR(distance.distance.value_or(0), 1.1373 - 0.5, 1e-3);
  EXPECT_EQ(distance.probabilities, answer.probabilities);
  const auto none = load_emotion_model(make_card(folder, file))->answer(gray(200));
  EXPECT_TRUE(!none.covered && !none.distance && none.embedding.empty());
  EXPECT_EQ(none.probabilities, answer.probabilities);
}

TEST(EmotionModel, AWrongMeasureInTheCardIsASentence) {
  const TemporaryFolder folder;
  const std::string file = testing::onnx_bytes::measuring_classifier({0, 1, 2}, 3, 1, 0.5F);
  const auto with_covered = [&](const std::string& name) {
    return emotions::load_error(make_card(folder, file, [&](json& card) {
      card["output"]["covered"] = {{"name", name}, {"above", 0.5}};
    }));
  };
  EXPECT_EQ(with_covered("covered"), "");
  EXPECT_THAT(with_covered("nowhere"),
              AllOf(HasSubstr("\"nowhere\""), HasSubstr("output.covered.name")));
  EXPECT_THAT(with_covered("logits"),
              AllOf(HasSubstr("output.covered"), HasSubstr("one finite number")));
}

TEST(EmotionModel, AReadingIsAnotherPriorOverTheSameNetwork) {
  const TemporaryFolder folder;
  const float third = std::log(3.0F);
  const auto card = make_card(folder, constant_classifier({0, third, -1e9F}), [&](json& c) {
    c["readings"] = {{{"id", "everyday"}},
                     {{"id", "acted"}, {"logit_offset", {third, 0, 0}}, {"temperature", 0.5}}};
  });
  EXPECT_NEAR(load_emotion_model(card)->classify(gray(80))[0], 0.25, 1e-5);
  const auto acted = load_emotion_model(models::with_reading(card, "acted"));
  EXPECT_NEAR(acted->classify(gray(80))[0], 0.5, 1e-5);
  EXPECT_EQ(acted->card().reading, "acted");
}

TEST(EmotionModel, ReadsAnyCropAndRefusesNone) {
  const auto library = shipped();
  const auto model = load_emotion_model(
      library.find(default_emotion_model(library), models::ModelCard::Task::emotion));
  for (const cv::Size size :
       {cv::Size(1, 1), cv::Size(48, 48), cv::Size(47, 49), cv::Size(500, 3)}) {
    cv::Mat face;
    cv::resize(smile(), face, size);
    EXPECT_EQ(model->classify(face).size(), model->card().labels.size());
  }
  EXPECT_THROW(model->classify({}), base::Error);
  EXPECT_THROW(model->classify(cv::Mat(48, 48, CV_8U)), base::Error);
}

TEST(EmotionModel, OneForEachThreadAgrees) {
  const auto library = shipped();
  const auto card =
      library.find(default_emotion_model(library), models::ModelCard::Task::emotion);
  const auto expected = load_emotion_model(card)->classify(smile());
  std::vector<std::future<bool>> threads;
  for (int i = 0; i < 2; ++i) {
    threads.push_back(std::async(std::launch::async, [&] {
      const auto own = load_emotion_model(card);
      for (int run = 0; run < 20; ++run) {
        const auto values = own->classify(smile());
        for (std::size_t k = 0; k < values.size(); ++k) {
          if (std::abs(values[k] - expected[k]) > 1e-5F) return false;
        }
      }
      return true;
    }));
  }
  for (auto& thread : threads) EXPECT_TRUE(thread.get());
}

TEST(EmotionModel, WhatDoesNotFitTheCardIsASentence) {
  const TemporaryFolder folder;
  const std::string four = constant_classifier({1, 2, 3, 4});
  EXPECT_THAT(emotions::load_error(make_card(folder, four)),
              HasSubstr("4 numbers where id2label has 3"));
  const std::string three = constant_classifier({1, 2, 3});
  EXPECT_EQ(emotions::load_error(make_card(folder, three)), "");
  EXPECT_THAT(
      emotions::load_error(make_card(folder, three, [](json& c) { c["input"]["width"] = 9; })),
      HasSubstr("1x1x8x8 where the card says 1x1x8x9"));
  EXPECT_THAT(emotions::load_error(
                  make_card(folder, three, [](json& c) { c["output"]["name"] = "nowhere"; })),
              HasSubstr("test-model"));
  EXPECT_THAT(emotions::load_error(
                  make_card(folder, three, [](json& c) { c["input"]["name"] = "nowhere"; })),
              HasSubstr("test-model does not fit its card: it has no input \"nowhere\""));
  const std::string not_finite =
      constant_classifier({std::numeric_limits<float>::quiet_NaN(), 2, 3});
  EXPECT_THAT(emotions::load_error(make_card(folder, not_finite)), HasSubstr("not finite"));
}

TEST(EmotionModel, FilesAndFormatsThatCannotBeUsedAreSentences) {
  const TemporaryFolder folder;
  const std::string file = constant_classifier({1, 2, 3});
  EXPECT_THAT(emotions::load_error(make_card(folder, file,
                                             [](json& c) {
                                               c["format"] = "opencv-forest";
                                               c["output"]["activation"] = "probabilities";
                                             })),
              HasSubstr("model.onnx"));
  EXPECT_THAT(
      emotions::load_error(make_card(folder, file, [](json& c) { c["task"] = "face"; })),
      HasSubstr("of task \"face\""));
  EXPECT_THAT(emotions::load_error(
                  make_card(folder, file, [](json& c) { c["files"][0]["size"] = 3U; })),
              HasSubstr("damaged"));
  EXPECT_THAT(emotions::load_error(make_card(folder, "no network at all")),
              HasSubstr("model.onnx"));
  const models::ModelCard gone = make_card(folder, file);
  std::filesystem::remove(folder / "model.onnx");
  EXPECT_THAT(emotions::load_error(gone), HasSubstr("lacks its file"));
}

TEST(DefaultEmotionModel, PrefersTheBestOne) {
  const TemporaryFolder root;
  const auto add = [&](const std::string& id) {
    const TemporaryFolder scratch;
    json card = testing::emotion_card(scratch, "weights");
    card["id"] = id;
    root.write(id + "/card.json", card.dump());
  };
  const auto chosen = [&] {
    return default_emotion_model(models::ModelLibrary({root.path()}));
  };
  EXPECT_THROW(chosen(), base::Error);
  add("aaa");
  EXPECT_EQ(chosen(), "aaa");
  add("mien-small");
  EXPECT_EQ(chosen(), "mien-small");
  add("mien-base");
  EXPECT_EQ(chosen(), "mien-base");
}

// In a process of its own, because what it looks for is the end of the process. Says how many
// of the damaged files were refused.
[[noreturn]] void load_damaged(const std::vector<std::string>& files, const json& document) {
  const TemporaryFolder folder;
  std::size_t refused = 0;
  for (const std::string& content : files) {
    json changed = document;
    const auto file = folder.write("damaged.onnx", content);
    changed["files"][0] = {{"name", "damaged.onnx"},
                           {"size", content.size()},
                           {"sha256", models::sha256_file(file)}};
    models::ModelCard card = models::parse_model_card(changed, "here");
    card.folder = folder.path();
    try {
      load_emotion_model_here(
          card);  // without the worker, for what the guard alone lets through
    } catch (const base::Error&) {
      ++refused;
    }
  }
  std::fprintf(stderr, "refused %zu of %zu\n", refused, files.size());
  std::filesystem::remove_all(folder.path());
  std::_Exit(0);
}

class DamagedModel : public ::testing::Test {
 protected:
  void SetUp() override { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

TEST_F(DamagedModel, EveryBitOfASmallFileMayFlip) {
  const TemporaryFolder folder;
  const std::string sound = constant_classifier({1, 2, 3});
  const json document = testing::emotion_card(folder, sound);
  std::vector<std::string> files;
  for (std::size_t at = 0; at < sound.size(); ++at) {
    for (const int value : {sound[at] ^ 1, sound[at] ^ 0x40, sound[at] ^ 0x80, 0, 0xFF}) {
      files.push_back(sound);
      files.back()[at] = static_cast<char>(value);
    }
  }
  EXPECT_EXIT(load_damaged(files, document), ::testing::ExitedWithCode(0), "refused [1-9]");
}

TEST_F(DamagedModel, TheRealFileMayBeCutOrScratched) {
  const auto folder = kRoot / "models/mien-small";
  const json document = json::parse(base::read_text_file(folder / "card.json"));
  const std::string sound = base::read_text_file(folder / "mien-small.onnx");
  std::mt19937 random(20261122);
  std::vector<std::string> files;
  for (int i = 0; i < 30; ++i) {
    const double share = i / 30.0;
    files.push_back(sound.substr(0, static_cast<std::size_t>(share * share * sound.size())));
  }
  for (std::size_t last = 1; last <= 20; ++last) {
    files.push_back(sound.substr(0, sound.size() - last));
  }
  EXPECT_EXIT(load_damaged(files, document), ::testing::ExitedWithCode(0), "refused 50 of 50");

  // Most bytes are weights, where a flip does no harm: the others are found by their letters.
  std::vector<std::size_t> structure;
  for (std::size_t at = 16; at + 16 < sound.size(); ++at) {
    const auto low = std::count_if(sound.begin() + static_cast<std::ptrdiff_t>(at) - 8,
                                   sound.begin() + static_cast<std::ptrdiff_t>(at) + 8,
                                   [](char c) { return c >= 0 && c < 127; });
    if (low >= 14) structure.push_back(at);
  }
  ASSERT_GT(structure.size(), 1000U);
  files.clear();
  for (int i = 0; i < 100; ++i) {
    files.push_back(sound);
    for (int flip = 0; flip < 2; ++flip) {
      files.back()[structure[random() % structure.size()]] = static_cast<char>(random());
    }
  }
  EXPECT_EXIT(load_damaged(files, document), ::testing::ExitedWithCode(0), "refused [1-9]");
}

using testing::TemporaryFolder;

TEST(LiveModel, IsTheDefaultWhereThereIsTimeForIt) {
  EXPECT_EQ(load_live_model(models::ModelLibrary({testing::kShippedModels}), 1e6)->card().id,
            "mien-base");
}

TEST(LiveModel, IsTheLightOneWhereTheDefaultTakesTooLong) {
  EXPECT_EQ(load_live_model(models::ModelLibrary({testing::kShippedModels}), 0)->card().id,
            "mien-small");
}

TEST(LiveModel, IsWhatThereIsWhenThereIsNoLighterOne) {
  const TemporaryFolder folder;
  std::filesystem::copy(testing::kShippedModels / "mien-base", folder.path() / "mien-base");
  EXPECT_EQ(load_live_model(models::ModelLibrary({folder.path()}), 0)->card().id, "mien-base");
}

}  // namespace

}  // namespace mien::emotions
