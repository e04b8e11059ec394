#include "mien/emotions/face_teacher.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mien/base/error.hpp"

#include "support/temporary_folder.hpp"

namespace mien::emotions {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::TemporaryFolder;
namespace fs = std::filesystem;

/// A "face" that is bright above or below.
cv::Mat face(bool above, int variation) {
  cv::Mat picture(60, 60, CV_8UC3, cv::Scalar::all(40 + variation));
  picture.rowRange(above ? 0 : 30, above ? 30 : 60).setTo(cv::Scalar::all(200 - 3 * variation));
  return picture;
}

class FaceTeacherTest : public ::testing::Test {
 protected:
  void give(int each) {
    for (int i = 0; i < each; ++i) {
      teacher_.add("happy", face(true, i));
      teacher_.add("thinking", face(false, i));
    }
  }
  FaceTeacher teacher_{make_pixel_features()};
};

TEST_F(FaceTeacherTest, CollectsAndTakesBack) {
  give(3);
  auto labels = teacher_.labels();
  ASSERT_EQ(labels.size(), 2U);
  EXPECT_EQ(labels[0].name, "happiness") << "a word for it";
  EXPECT_EQ(labels[1].name, "thinking");
  EXPECT_EQ(labels[1].thumbnails.size(), 3U);
  EXPECT_EQ(labels[1].thumbnails[0].size(), cv::Size(64, 64));
  EXPECT_EQ(teacher_.count(), 6U);
  EXPECT_TRUE(teacher_.remove("thinking", 0));
  EXPECT_FALSE(teacher_.remove("thinking", 7));
  EXPECT_FALSE(teacher_.remove("nobody", 0));
  EXPECT_EQ(teacher_.labels()[1].thumbnails.size(), 2U);
  EXPECT_TRUE(teacher_.remove("thinking", 0));
  EXPECT_TRUE(teacher_.remove("thinking", 0));
  EXPECT_EQ(teacher_.labels().size(), 1U) << "a label without examples is gone";
  EXPECT_TRUE(teacher_.remove_label("happiness"));
  EXPECT_EQ(teacher_.count(), 0U);
}

TEST_F(FaceTeacherTest, RefusesWhatIsNoExample) {
  EXPECT_THROW(teacher_.add("", face(true, 0)), base::Error);
  EXPECT_THROW(teacher_.add("   ", face(true, 0)), base::Error);
  EXPECT_THROW(teacher_.add(std::string(41, 'a'), face(true, 0)), base::Error);
  EXPECT_THROW(teacher_.add("\xFF\xFE", face(true, 0)), base::Error);
  EXPECT_THROW(teacher_.add("happy", cv::Mat()), base::Error);
  EXPECT_TRUE(teacher_.labels().empty());
}

TEST_F(FaceTeacherTest, SaysWhatIsMissing) {
  EXPECT_THAT(teacher_.missing().value(), HasSubstr("Two labels"));
  teacher_.add("happy", face(true, 0));
  teacher_.add("happy", face(true, 1));
  EXPECT_THAT(teacher_.missing().value(), HasSubstr("Two labels"));
  teacher_.add("thinking", face(false, 0));
  EXPECT_THAT(teacher_.missing().value(), HasSubstr("thinking"));
  EXPECT_THROW(teacher_.train("mine", make_pixel_features), base::Error);
  teacher_.add("thinking", face(false, 1));
  EXPECT_FALSE(teacher_.missing());
}

TEST_F(FaceTeacherTest, LearnsJudgesItselfAndIsKept) {
  const TemporaryFolder models;
  EXPECT_THROW(teacher_.save(models.path(), models::ModelLibrary({})), base::Error)
      << "nothing learned yet";
  give(8);
  int calls = 0;
  auto trained = teacher_.train("My own face", make_pixel_features, [&](int done, int all) {
    EXPECT_LE(done, all);
    ++calls;
    return true;
  });
  ASSERT_TRUE(trained);
  EXPECT_GT(calls, 0);
  EXPECT_EQ(trained->examples, 16U);
  EXPECT_THAT(trained->labels, ElementsAre("happiness", "thinking"));
  EXPECT_GT(trained->accuracy, 0.9);
  EXPECT_EQ(trained->confusion[0][0] + trained->confusion[0][1], 8U) << "each judged once";
  const auto model = trained->make_model();
  EXPECT_EQ(model->card().id, trained->id);
  EXPECT_GT(model->classify(face(true, 3))[0], 0.8);
  EXPECT_GT(model->classify(face(false, 3))[1], 0.8);
  EXPECT_TRUE(fs::is_empty(models.path())) << "nothing is stored before it is asked for";

  const models::ModelCard kept = teacher_.save(models.path(), models::ModelLibrary({}));
  EXPECT_EQ(kept.id, "My-own-face");
  EXPECT_EQ(load_emotion_model(kept)->classify(face(true, 2)), model->classify(face(true, 2)));
  EXPECT_EQ(teacher_.save(models.path(), models::ModelLibrary({})).id, "My-own-face-2");
  const TemporaryFolder elsewhere;
  EXPECT_EQ(teacher_.save(elsewhere.path(), models::ModelLibrary({models.path()})).id,
            "My-own-face-3");
}

TEST_F(FaceTeacherTest, WhatWasKeptIsForgottenAndNothingElseIs) {
  const TemporaryFolder models;
  give(4);
  ASSERT_TRUE(teacher_.train("mine", make_pixel_features));
  const models::ModelCard kept = teacher_.save(models.path(), models::ModelLibrary({}));
  EXPECT_TRUE(was_taught(kept));
  fs::copy(kept.folder, models.path() / "bought", fs::copy_options::recursive);
  {
    auto document = nlohmann::json::parse(std::ifstream(kept.folder / "card.json"));
    document["id"] = "bought";
    document["source"] = "Somebody else";
    std::ofstream(models.path() / "bought" / "card.json") << document;
  }
  EXPECT_THROW(forget_taught(models.path(), "bought"), base::Error);
  EXPECT_THROW(forget_taught(models.path(), "nothing"), base::Error);
  EXPECT_THROW(forget_taught(models.path(), ""), base::Error);
  EXPECT_THROW(forget_taught(models.path() / "bought", "../mine"), base::Error);
  fs::create_directory_symlink(kept.folder, models.path() / "link");
  EXPECT_THROW(forget_taught(models.path(), "link"), base::Error);
  EXPECT_TRUE(fs::exists(kept.folder / "card.json"));
  forget_taught(models.path(), "mine");
  EXPECT_FALSE(fs::exists(kept.folder));
  EXPECT_TRUE(fs::exists(models.path() / "bought" / "card.json"));
}

TEST_F(FaceTeacherTest, RefusesTwoLabelsOfTheSamePictures) {
  for (int i = 0; i < 3; ++i) {
    teacher_.add("happy", face(true, i));
    teacher_.add("thinking", face(true, i));
    teacher_.add("thinking", face(true, i));  // as often as one likes
  }
  try {
    teacher_.train("mine", make_pixel_features);
    FAIL() << "it learned";
  } catch (const base::Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("\"happiness\" and of \"thinking\""));
  }
  teacher_.add("thinking", face(false, 0));
  EXPECT_TRUE(teacher_.train("mine", make_pixel_features));
}

TEST_F(FaceTeacherTest, DoesNotFlatterItself) {
  // Labels that mean nothing: what was not seen is guessed.
  cv::RNG random(20261122);
  for (int i = 0; i < 40; ++i) {
    cv::Mat noise(48, 48, CV_8UC3);
    random.fill(noise, cv::RNG::UNIFORM, 0, 256);
    teacher_.add(i % 2 == 0 ? "a" : "b", noise);
  }
  const auto trained = teacher_.train("noise", make_pixel_features);
  ASSERT_TRUE(trained);
  EXPECT_LT(trained->accuracy, 0.8);
}

TEST_F(FaceTeacherTest, EndsWhenAsked) {
  give(4);
  EXPECT_FALSE(teacher_.train("mine", make_pixel_features, [](int, int) { return false; }));
  const TemporaryFolder models;
  EXPECT_THROW(teacher_.save(models.path(), models::ModelLibrary({})), base::Error);
}

}  // namespace
}  // namespace mien::emotions
