#include "command_line.hpp"

namespace mien {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

class EvalCommandTest : public CommandLineTest {
 protected:
  void portrait_as(const std::string& name) const {
    fs::create_directories((root_ / name).parent_path());
    fs::copy_file(portrait(), root_ / name);
  }
};

TEST_F(EvalCommandTest, CountsRightAndWrongAnswers) {
  portrait_as("set/Happy/a.png");  // she smiles
  portrait_as("set/happiness/b.png");
  portrait_as("set/angry/c.png");  // a wrong label
  const auto outcome = run_mien({"eval", path("set"), "--json"});
  ASSERT_EQ(outcome.code, kDone) << outcome.err;
  const auto json = nlohmann::json::parse(outcome.out);
  for (const char* key : {"model", "detector", "images", "unreadable", "detected", "accuracy",
                          "balanced_accuracy", "per_class", "confusion", "labels", "ece",
                          "coverage", "selective_accuracy", "coverage_curve", "ms_per_image"}) {
    EXPECT_TRUE(json.contains(key)) << key;
  }
  EXPECT_EQ(json["images"], 3);
  EXPECT_EQ(json["detected"], 3);
  EXPECT_EQ(json["unreadable"], 0);
  EXPECT_NEAR(json["accuracy"].get<double>(), 2.0 / 3, 1e-3);
  EXPECT_NEAR(json["balanced_accuracy"].get<double>(), 0.5, 1e-3);
  EXPECT_EQ(json["per_class"]["happiness"]["support"], 2);
  EXPECT_EQ(json["per_class"]["happiness"]["recall"], 1.0);
  EXPECT_EQ(json["per_class"]["anger"]["recall"], 0.0);
  EXPECT_EQ(json["confusion"][1][1], 2);
  // She is read with certainty each time, and the labels are right two times of three.
  EXPECT_EQ(json["coverage"], 1.0);
  EXPECT_NEAR(json["selective_accuracy"].get<double>(), 2.0 / 3, 1e-3);
  ASSERT_EQ(json["coverage_curve"].size(), 20U);
  EXPECT_EQ(json["coverage_curve"][0]["threshold"], 0.0);
  EXPECT_EQ(json["coverage_curve"][0]["coverage"], 1.0);
  EXPECT_EQ(json["coverage_curve"][0]["accuracy"], json["accuracy"]);
  // All answers were about as sure and a third was wrong.
  EXPECT_GT(json["ece"].get<double>(), 0.2);
}

TEST_F(EvalCommandTest, CroppedSkipsDetection) {
  portrait_as("set/happy/a.png");
  fs::create_directories(root_ / "set/neutral");
  const auto whole = run_mien({"eval", path("set"), "--cropped", "--json"});
  ASSERT_EQ(whole.code, kDone) << whole.err;
  const auto json = nlohmann::json::parse(whole.out);
  EXPECT_EQ(json["detector"], "");
  EXPECT_EQ(json["detected"], 1);
}

TEST_F(EvalCommandTest, NamesPicturesThatCannotBeRead) {
  portrait_as("set/happy/a.png");
  write("set/happy/broken.jpg", "no picture");
  write("set/happy/empty.png", "");
  const auto outcome = run_mien({"eval", path("set"), "--json"});
  EXPECT_EQ(outcome.code, kDone);
  const auto json = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(json["images"], 3);
  EXPECT_EQ(json["unreadable"], 2);
  EXPECT_EQ(json["detected"], 1);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("broken.jpg"), HasSubstr("empty.png")));
}

TEST_F(EvalCommandTest, RefusesClassesThatNobodyKnows) {
  portrait_as("set/happy/a.png");
  portrait_as("set/hapy/b.png");
  const auto outcome = run_mien({"eval", path("set")});
  EXPECT_EQ(outcome.code, kFailed);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("hapy"), HasSubstr("neutral, happiness")));
  EXPECT_EQ(outcome.out, "");
}

TEST_F(EvalCommandTest, IsAnErrorWithoutPictures) {
  EXPECT_EQ(run_mien({"eval", path("none")}).code, kFailed);
  fs::create_directories(root_ / "empty/happy");
  EXPECT_EQ(run_mien({"eval", path("empty")}).code, kFailed);
  write("bad/happy/a.png", "no picture");
  EXPECT_EQ(run_mien({"eval", path("bad")}).code, kFailed);
  EXPECT_EQ(run_mien({"eval"}).code, kUsage);
}

TEST_F(EvalCommandTest, PrintsATableForPeople) {
  portrait_as("set/happy/a.png");
  const auto outcome = run_mien({"eval", path("set")});
  EXPECT_EQ(outcome.code, kDone);
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("accuracy 100.0 %"), HasSubstr("PRECISION")));
}

}  // namespace
}  // namespace mien
