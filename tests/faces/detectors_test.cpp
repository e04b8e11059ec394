#include <cmath>
#include <filesystem>
#include <future>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "mien/base/error.hpp"
#include "mien/base/files.hpp"
#include "mien/faces/face_detector.hpp"
#include "mien/models/sha256.hpp"

#include "portrait.hpp"
#include "support/model_folder.hpp"
#include "support/onnx_bytes.hpp"
#include "support/shipped_models.hpp"

namespace mien::faces {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

models::ModelLibrary shipped() { return models::ModelLibrary({testing::kShippedModels}); }

class EveryDetector : public ::testing::TestWithParam<const char*> {
 protected:
  std::unique_ptr<FaceDetector> detector_ = make_detector(GetParam(), shipped());
};

// The eyes, measured by hand in the portrait of 512 x 512.
const cv::Point2f kRightEye(204, 102);
const cv::Point2f kLeftEye(248, 105);

TEST_P(EveryDetector, FindsTheOneFaceOfThePortrait) {
  EXPECT_EQ(detector_->id(), GetParam());
  const cv::Mat picture = portrait();
  const cv::Mat before = picture.clone();
  const auto faces = detector_->detect(picture);
  ASSERT_EQ(faces.size(), 1U);
  EXPECT_LT(distance(middle(faces[0].box), {225, 122}), 12);
  EXPECT_GT(faces[0].box.width, 65);
  EXPECT_LT(faces[0].box.width, 120);
  EXPECT_GT(faces[0].confidence, 0.5F);
  EXPECT_LE(faces[0].confidence, 1.0F);
  if (faces[0].landmarks) {
    EXPECT_LT(distance(faces[0].landmarks->right_eye, kRightEye), 8);
    EXPECT_LT(distance(faces[0].landmarks->left_eye, kLeftEye), 8);
    EXPECT_LT(distance(faces[0].landmarks->mouth, {222, 148}), 10);
  }
  EXPECT_EQ(cv::norm(picture, before, cv::NORM_INF), 0) << "it wrote into the picture";
}

TEST_P(EveryDetector, FindsTwoPeople) {
  cv::Mat head = portrait()(cv::Rect(100, 0, 240, 300));
  cv::Mat mirrored;
  cv::flip(head, mirrored, 1);
  cv::Mat both;
  cv::hconcat(head, mirrored, both);
  EXPECT_EQ(detector_->detect(both).size(), 2U);
}

TEST_P(EveryDetector, TakesAPictureOfAnyShape) {
  const cv::Mat picture = portrait();
  for (const cv::Size size : {cv::Size(1, 1), cv::Size(2, 700), cv::Size(333, 1),
                              cv::Size(31, 17), cv::Size(127, 129), cv::Size(3000, 20)}) {
    cv::Mat odd;
    cv::resize(picture, odd, size, 0, 0, cv::INTER_AREA);
    EXPECT_NO_THROW(detector_->detect(odd)) << size;
  }
  // Rows that do not follow each other in memory, and a face at another scale and place.
  cv::Mat large;
  cv::resize(picture, large, {}, 2, 2);
  const auto faces = detector_->detect(large(cv::Rect(200, 0, 601, 603)));
  ASSERT_EQ(faces.size(), 1U);
  EXPECT_LT(distance(middle(faces[0].box), {250, 244}), 25);
}

TEST_P(EveryDetector, NothingGivesNothing) {
  EXPECT_TRUE(detector_->detect({}).empty());
  EXPECT_TRUE(detector_->detect(cv::Mat(480, 640, CV_8UC3, cv::Scalar::all(0))).empty());
  EXPECT_TRUE(detector_->detect(cv::Mat(480, 640, CV_8UC3, cv::Scalar::all(255))).empty());
  cv::Mat noise(480, 640, CV_8UC3);
  cv::theRNG().state = 7;
  cv::randu(noise, 0, 255);
  EXPECT_TRUE(detector_->detect(noise).empty());
}

TEST_P(EveryDetector, OneForEachThreadAgrees) {
  const cv::Mat picture = portrait();
  const auto expected = detector_->detect(picture);
  std::vector<std::future<bool>> threads;
  for (int i = 0; i < 2; ++i) {
    threads.push_back(std::async(std::launch::async, [&] {
      const auto own = make_detector(GetParam(), shipped());
      for (int run = 0; run < 10; ++run) {
        const auto faces = own->detect(picture);
        if (faces.size() != expected.size() || faces[0].box != expected[0].box) return false;
      }
      return true;
    }));
  }
  for (auto& thread : threads) EXPECT_TRUE(thread.get());
}

INSTANTIATE_TEST_SUITE_P(Shipped, EveryDetector,
                         ::testing::Values("auto", "blazeface", "blazeface-far",
                                           "blazeface-full", "haar"));

TEST(BlazeFace, EyesFollowATurnedHead) {
  const cv::Mat picture = portrait();
  for (const double degrees : {-25.0, 25.0}) {
    const cv::Mat turn = cv::getRotationMatrix2D({225, 122}, degrees, 1);
    cv::Mat turned;
    cv::warpAffine(picture, turned, turn, picture.size(), cv::INTER_LINEAR,
                   cv::BORDER_REPLICATE);
    const auto faces = make_detector("blazeface", shipped())->detect(turned);
    ASSERT_EQ(faces.size(), 1U);
    const cv::Point2f across = faces[0].landmarks->left_eye - faces[0].landmarks->right_eye;
    EXPECT_NEAR(std::atan2(across.y, across.x) * 180 / CV_PI, -degrees + 4, 8);
  }
}

TEST(DetectorList, BeginsWithTheDefaultAndEndsWithTheUsersOwn) {
  const testing::TemporaryFolder users;
  json card =
      json::parse(base::read_text_file(testing::kShippedModels / "blazeface/card.json"));
  card["id"] = "aaa-mine";
  users.write("mine/card.json", card.dump());
  card["id"] = "unknown-kind";
  card["architecture"] = "retinaface";
  users.write("unknown/card.json", card.dump());
  const models::ModelLibrary library({testing::kShippedModels, users.path()});
  std::vector<std::string> ids;
  for (const auto& info : list_detectors(library)) {
    ids.push_back(info.id);
    EXPECT_FALSE(info.name.empty());
    EXPECT_FALSE(info.description.empty());
    EXPECT_FALSE(info.license.empty());
  }
  EXPECT_THAT(ids, ::testing::ElementsAre("auto", "blazeface", "blazeface-far",
                                          "blazeface-full", "haar", "aaa-mine"));
  EXPECT_EQ(ids.front(), kDefaultDetector);
}

std::string error_message(const std::string& id, const models::ModelLibrary& library) {
  try {
    make_detector(id, library);
  } catch (const base::Error& error) {
    return error.what();
  }
  return "";
}

TEST(MakeDetector, UnknownIdListsTheKnownOnes) {
  const auto said = error_message("nose-finder", shipped());
  EXPECT_THAT(said, HasSubstr("\"nose-finder\""));
  EXPECT_THAT(said, HasSubstr("auto, blazeface, blazeface-far, blazeface-full, haar"));
}

TEST(MakeDetector, CardsThatDoNotFitAreSentences) {
  const auto with = [](const std::function<void(json&)>& change) {
    const testing::TemporaryFolder users;
    std::filesystem::copy(testing::kShippedModels / "blazeface", users / "mine");
    json card =
        json::parse(base::read_text_file(testing::kShippedModels / "blazeface/card.json"));
    card["id"] = "mine";
    change(card);
    users.write("mine/card.json", card.dump());
    return error_message("mine", models::ModelLibrary({users.path()}));
  };
  EXPECT_EQ(with([](json&) {}), "");
  EXPECT_THAT(with([](json& c) { c["architecture"] = "retinaface"; }),
              HasSubstr("architecture"));
  EXPECT_THAT(with([](json& c) { c["format"] = "caffe"; }), HasSubstr("format"));
  EXPECT_THAT(with([](json& c) { c["input"]["width"] = 64; }), HasSubstr("square"));
  EXPECT_THAT(with([](json& c) { c["input"]["width"] = c["input"]["height"] = 64; }),
              HasSubstr("1x128x128x3"));
  EXPECT_THAT(with([](json& c) { c["options"].erase("grids"); }), HasSubstr("options.grids"));
  EXPECT_THAT(with([](json& c) { c["options"]["grids"] = {1}; }), HasSubstr("options.grids"));
  EXPECT_THAT(with([](json& c) { c["options"]["grids"][0]["cells"] = 0; }),
              HasSubstr("options.grids"));
  EXPECT_THAT(with([](json& c) { c["options"]["grids"][0]["cells"] = 32; }),
              HasSubstr("2048 numbers"));
  EXPECT_THAT(with([](json& c) { c["options"]["score_threshold"] = 2; }),
              HasSubstr("score_threshold"));
  EXPECT_THAT(with([](json& c) { c["files"][0]["sha256"] = std::string(64, '0'); }),
              HasSubstr("SHA-256"));
  EXPECT_THAT(with([](json& c) { c["architecture"] = "yunet"; }), HasSubstr("mine"));
}

TEST(MakeDetector, BrokenNetworkIsASentence) {
  const testing::TemporaryFolder users;
  json card =
      json::parse(base::read_text_file(testing::kShippedModels / "blazeface/card.json"));
  const auto file = users.write("mine/broken.onnx", "not a network");
  card["id"] = "mine";
  card["files"][0] = {
      {"name", "broken.onnx"}, {"size", 13}, {"sha256", models::sha256_file(file)}};
  users.write("mine/card.json", card.dump());
  EXPECT_THAT(error_message("mine", models::ModelLibrary({users.path()})),
              HasSubstr("broken.onnx"));
}

}  // namespace
}  // namespace mien::faces
