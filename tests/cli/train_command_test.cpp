#include <algorithm>
#include <cmath>
#include <csignal>
#include <thread>

#include <fcntl.h>
#include <opencv2/imgcodecs.hpp>
#include <sys/wait.h>
#include <unistd.h>

#include "mien/base/files.hpp"
#include "mien/models/sha256.hpp"

#include "command_line.hpp"
#include "support/fakes.hpp"

namespace mien::cli {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;
namespace fs = std::filesystem;

class TrainCommandTest : public CommandLineTest {
 protected:
  void synthesize(const std::string& name, int samples, int seed, bool noise = false) const {
    std::vector<std::string> words = {"synthesize",
                                      "--out",
                                      path(name),
                                      "--samples",
                                      std::to_string(samples),
                                      "--seed",
                                      std::to_string(seed)};
    if (noise) words.emplace_back("--noise");
    const auto outcome = run_mien(words);
    ASSERT_EQ(outcome.code, kDone) << outcome.err;
  }
  /// Two classes of two colours, one above the other, `each` pictures of both.
  void colours(const std::string& set, int each, const std::string& a = "happy",
               const std::string& b = "thinking") const {
    for (int i = 0; i < each; ++i) {
      picture(set + '/' + a + '/' + std::to_string(i) + ".png", {200.0 - i, 90, 20});
      picture(set + '/' + b + '/' + std::to_string(i) + ".png", {20, 90, 200.0 - i});
    }
  }
  void picture(const std::string& name, const cv::Scalar& colour) const {
    fs::create_directories((root_ / name).parent_path());
    cv::Mat picture(40, 40, CV_8UC3, colour);
    picture.rowRange(20, 40).setTo(cv::Scalar(colour[2], colour[1], colour[0]));
    cv::imwrite(path(name), picture);
  }
  /// That it fails with one sentence and leaves nothing.
  std::string refused(const std::vector<std::string>& more, int code = kFailed) const {
    std::vector<std::string> words = {"train"};
    words.insert(words.end(), more.begin(), more.end());
    words.insert(words.end(), {"--out", path("model")});
    const auto outcome = run_mien(words);
    EXPECT_EQ(outcome.code, code);
    EXPECT_EQ(outcome.out, "");
    const auto lines = lines_of(outcome.err);
    EXPECT_FALSE(lines.empty());
    EXPECT_FALSE(fs::exists(root_ / "model"));
    for (const auto& entry : fs::directory_iterator(root_)) {
      EXPECT_THAT(entry.path().filename().string(), ::testing::Not(StartsWith(".")));
    }
    return lines.empty() ? "" : lines.back();
  }
  json train(const std::vector<std::string>& more) const { return answer("train", more); }
  json eval(const std::vector<std::string>& more) const { return answer("eval", more); }
  json answer(const std::string& command, const std::vector<std::string>& more) const {
    std::vector<std::string> words = {command};
    words.insert(words.end(), more.begin(), more.end());
    words.emplace_back("--json");
    const auto outcome = run_mien(words);
    EXPECT_EQ(outcome.code, kDone) << outcome.err;
    return outcome.code == kDone ? json::parse(outcome.out) : json();
  }
};

// The whole way of the article, on drawn faces.
TEST_F(TrainCommandTest, DrawnFacesAreLearnedAndReadInFreshOnes) {
  synthesize("lesson", 720, 1);
  synthesize("fresh", 160, 2);
  const auto trained = train({path("lesson"), "--out", path("faces"), "--trees", "60"});
  ASSERT_FALSE(trained.is_null());
  EXPECT_EQ(trained["held_out"], 144);
  EXPECT_EQ(trained["read_as"], "crops");
  EXPECT_GE(trained["accuracy"].get<double>(), 0.9);
  EXPECT_EQ(trained["labels"].size(), 8U);
  EXPECT_EQ(trained["confusion"].size(), 8U);
  ASSERT_TRUE(trained.contains("whole_pictures")) << "the detector takes drawings for faces";
  EXPECT_EQ(trained["whole_pictures"]["held_out"], 144);

  const auto found = eval({path("fresh"), "--model", path("faces")});
  EXPECT_GE(found["detected"].get<int>(), 140);
  EXPECT_GE(found["accuracy"].get<double>(), 0.9);
  const auto cropped = eval({path("fresh"), "--model", path("faces"), "--cropped"});
  EXPECT_GE(cropped["accuracy"].get<double>(), 0.75) << "90 with the usual numbers";

  const auto card = json::parse(base::read_text_file(path("faces/card.json")));
  EXPECT_EQ(card["format"], "opencv-forest");
  EXPECT_EQ(card["metrics"]["accuracy"], trained["accuracy"]);
  EXPECT_FALSE(card["license"].get<std::string>().empty());

  const auto analyzed = run_mien({"analyze", path("fresh/happiness/000001.png"), "--out",
                                  path("results"), "--model", path("faces"), "--json"});
  EXPECT_EQ(analyzed.code, kDone) << analyzed.err;
  const auto added = run_mien({"models", "--add", path("faces")});
  EXPECT_EQ(added.code, kDone) << added.err;
  EXPECT_THAT(run_mien({"models"}).out, HasSubstr("faces"));
}

TEST_F(TrainCommandTest, AFewExamplesAreEnoughForTheEmbedding) {
  synthesize("lesson", 80, 1);
  const auto trained = train({path("lesson"), "--out", path("faces"), "--features", "embedding",
                              "--name", "From ten each"});
  ASSERT_FALSE(trained.is_null());
  EXPECT_EQ(trained["model"], "From-ten-each");
  EXPECT_NE(trained["embedding"], "");
  EXPECT_GE(trained["accuracy"].get<double>(), 0.4) << "of 16 pictures; chance is 0.125";
  synthesize("fresh", 160, 2);
  const auto score = eval({path("fresh"), "--model", path("faces"), "--cropped"});
  EXPECT_GE(score["accuracy"].get<double>(), 0.8) << "70 by pixels";
}

TEST_F(TrainCommandTest, NoiseIsWorthChance) {
  synthesize("lesson", 120, 1, true);
  synthesize("fresh", 400, 2, true);
  const auto trained = train({path("lesson"), "--out", path("noise"), "--trees", "20"});
  EXPECT_EQ(trained["held_out"], 24);
  const auto score = eval({path("fresh"), "--model", path("noise"), "--cropped"});
  // 400 guesses among four: three deviations of the binomial, sqrt(0.25 * 0.75 / 400).
  EXPECT_NEAR(score["accuracy"].get<double>(), 0.25, 3 * std::sqrt(0.25 * 0.75 / 400));
}

TEST_F(TrainCommandTest, TheSameSeedGivesTheSameModel) {
  colours("set", 6);
  const auto forest = [&](const std::string& name, const std::string& seed) {
    train({path("set"), "--out", path(name), "--trees", "5", "--seed", seed});
    return models::sha256_file(path(name + "/forest.yml.gz"));
  };
  EXPECT_EQ(forest("a", "3"), forest("b", "3"));
}

TEST_F(TrainCommandTest, LabelsOfOnesOwnGoAllTheWay) {
  colours("set", 10, "Happy", "Thinking hard");
  const auto trained = train({path("set"), "--out", path("mine"), "--trees", "10"});
  EXPECT_EQ(trained["labels"], (json{"happiness", "Thinking hard"}));
  EXPECT_EQ(trained["accuracy"], 1.0);
  const auto score = eval({path("set"), "--model", path("mine"), "--cropped"});
  EXPECT_EQ(score["accuracy"], 1.0);
  const auto analyzed =
      run_mien({"analyze", portrait(), "--out", path("results"), "--model", path("mine")});
  ASSERT_EQ(analyzed.code, kDone) << analyzed.err;
  EXPECT_THAT(base::read_text_file(path("results/astronaut/faces.csv")),
              HasSubstr("Thinking hard"));
  const auto words = run_mien({"train", path("set"), "--out", path("again"), "--trees", "3"});
  EXPECT_THAT(words.out, AllOf(HasSubstr("SHOWN"), HasSubstr("Thinking hard"),
                               HasSubstr("by chance 50.0 %")));
}

TEST_F(TrainCommandTest, WhatIsNoPictureIsNamedAndLeftOut) {
  colours("set", 5);
  write("set/happy/notes.txt", "not a picture");
  write("set/happy/torn.png", base::read_text_file(path("set/happy/0.png")).substr(0, 40));
  write("set/thinking/empty.jpg", "");
  const auto outcome =
      run_mien({"train", path("set"), "--out", path("mine"), "--trees", "5", "--json"});
  ASSERT_EQ(outcome.code, kDone) << outcome.err;
  EXPECT_EQ(json::parse(outcome.out)["unreadable"], 3);
  for (const char* name : {"notes.txt", "torn.png", "empty.jpg"}) {
    EXPECT_THAT(outcome.err, HasSubstr(name));
  }
}

TEST_F(TrainCommandTest, PhotographsAreLearnedByTheirFaces) {
  // A picture with much room around the face, once as it is and once mirrored.
  const cv::Mat photo = cv::imread(portrait());
  for (int i = 0; i < 3; ++i) {
    cv::Mat copy = photo(cv::Rect(5 * i, 0, photo.cols - 20, photo.rows)).clone();
    fs::create_directories(root_ / "set/a");
    fs::create_directories(root_ / "set/b");
    cv::imwrite(path("set/a/" + std::to_string(i) + ".png"), copy);
    copy = copy * 0.5;
    cv::imwrite(path("set/b/" + std::to_string(i) + ".png"), copy);
  }
  picture("set/a/wall.png", {90, 90, 90});
  const auto trained = train({path("set"), "--out", path("mine"), "--trees", "5"});
  EXPECT_EQ(trained["read_as"], "photographs");
  EXPECT_EQ(trained["without_face"], 1);
  EXPECT_EQ(trained["pictures"], 6);
}

TEST_F(TrainCommandTest, BadInputIsASentenceAndLeavesNothing) {
  EXPECT_THAT(refused({path("missing")}), HasSubstr("missing"));
  fs::create_directories(root_ / "empty");
  EXPECT_THAT(refused({path("empty")}), HasSubstr("holds no folders"));
  fs::create_directories(root_ / "hollow/happy");
  EXPECT_THAT(refused({path("hollow")}), HasSubstr("has no pictures"));
  picture("alone/happy/a.png", {1, 2, 3});
  EXPECT_THAT(refused({path("alone")}), HasSubstr("one class only"));
  colours("set", 4);
  picture("one/happy/a.png", {1, 2, 3});
  picture("one/sad/a.png", {1, 2, 3});
  picture("one/sad/b.png", {1, 2, 3});
  EXPECT_THAT(refused({path("one")}), AllOf(HasSubstr("\"happy\""), HasSubstr("one picture")));
  colours("twins", 3, "happy", "Happiness");
  EXPECT_THAT(refused({path("twins")}), AllOf(HasSubstr("same class"), HasSubstr("Happiness")));
  colours("cases", 3, "thinking", "Thinking");
  EXPECT_THAT(refused({path("cases")}), HasSubstr("same class"));
  write("text/a/1.png", "x");
  write("text/b/1.png", "x");
  EXPECT_THAT(refused({path("text")}), HasSubstr("no picture"));
  for (const char* trees : {"0", "-5", "10001"}) {
    EXPECT_THAT(refused({path("set"), "--trees", trees}, kUsage), HasSubstr("trees"));
  }
  for (const char* size : {"0", "1", "-0.2", "1.5"}) {
    EXPECT_THAT(refused({path("set"), "--test-size", size}, kUsage), HasSubstr("test size"));
  }
  EXPECT_THAT(refused({path("set"), "--detector", "nobody"}, kUsage), HasSubstr("nobody"));
  EXPECT_EQ(run_mien({"train", path("set"), "--out", path("m"), "--features", "hog"}).code,
            kUsage);
  EXPECT_EQ(run_mien({"train", path("set")}).code, kUsage);
  write("taken/file", "mine");
  const auto taken = run_mien({"train", path("set"), "--out", path("taken")});
  EXPECT_EQ(taken.code, kFailed);
  EXPECT_THAT(taken.err, HasSubstr("not empty"));
  const auto among = run_mien({"train", path("set") + '/', "--out", path("set/deep/model")});
  EXPECT_EQ(among.code, kFailed);
  EXPECT_THAT(among.err, HasSubstr("among the pictures"));
  EXPECT_FALSE(fs::exists(root_ / "set/deep"));
}

TEST_F(TrainCommandTest, AnInterruptionAndAFullDiskLeaveNothing) {
  colours("set", 30);
  const auto run = [&](const std::string& before, const std::string& trees, bool interrupt) {
    const pid_t child = ::fork();
    if (child == 0) {
      std::signal(SIGINT, SIG_DFL);
      const std::string command = before + "exec " MIEN_WINDOWLESS " train " + path("set") +
                                  " --out " + path("model") + " --trees " + trees +
                                  " >/dev/null 2> " + path("err");
      ::execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
      ::_exit(127);
    }
    const std::string hidden = ".model." + std::to_string(child);
    const auto has_begun = [&] {
      return std::any_of(fs::directory_iterator(root_), {}, [&](const auto& entry) {
        return entry.path().filename().string().starts_with(hidden);
      });
    };
    if (interrupt) {
      EXPECT_TRUE(testing::eventually(has_begun, std::chrono::minutes{2}));
      std::this_thread::sleep_for(std::chrono::milliseconds{200});
      ::kill(child, SIGINT);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(WIFEXITED(status) ? WEXITSTATUS(status) : -1, kFailed);
    EXPECT_EQ(std::distance(fs::directory_iterator(root_), {}), 2)
        << "the set and the messages";
    return base::read_text_file(path("err"));
  };
  EXPECT_THAT(run("", "10000", true), StartsWith("mien: Interrupted"));
  EXPECT_THAT(run("ulimit -f 1; trap '' XFSZ; ", "3", false),
              AllOf(StartsWith("mien: The file"), HasSubstr("forest.yml.gz")));
}

}  // namespace
}  // namespace mien::cli
