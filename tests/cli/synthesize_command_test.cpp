#include <csignal>
#include <map>
#include <set>
#include <thread>

#include <fcntl.h>
#include <opencv2/imgcodecs.hpp>
#include <sys/wait.h>
#include <unistd.h>

#include "mien/base/files.hpp"
#include "mien/models/sha256.hpp"
#include "mien/sessions/csv_reader.hpp"

#include "command_line.hpp"

namespace mien::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;
namespace fs = std::filesystem;

class SynthesizeCommandTest : public CommandLineTest {
 protected:
  std::ptrdiff_t entries() const { return std::distance(fs::directory_iterator(root_), {}); }
  /// Every file of a folder with its hash.
  static std::map<std::string, std::string> content(const fs::path& folder) {
    std::map<std::string, std::string> all;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      if (entry.is_regular_file()) {
        all[fs::relative(entry.path(), folder).string()] = models::sha256_file(entry.path());
      }
    }
    return all;
  }
};

TEST_F(SynthesizeCommandTest, DrawsEveryExpressionInItsFolder) {
  const auto outcome =
      run_mien({"synthesize", "--out", path("set"), "--samples", "20", "--json"});
  ASSERT_EQ(outcome.code, kDone) << outcome.err;
  const auto said = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(said["samples"], 20);
  EXPECT_EQ(said["per_class"]["neutral"], 3);
  EXPECT_EQ(said["per_class"]["contempt"], 2);
  std::set<std::string> folders;
  for (const auto& entry : fs::directory_iterator(root_ / "set")) {
    folders.insert(entry.path().filename().string());
  }
  EXPECT_EQ(folders, (std::set<std::string>{"neutral", "happiness", "surprise", "sadness",
                                            "anger", "disgust", "fear", "contempt"}));
  const auto all = content(root_ / "set");
  EXPECT_EQ(all.size(), 20U);
  std::set<std::string> different;
  for (const auto& [name, hash] : all) {
    different.insert(hash);
    const cv::Mat picture = cv::imread((root_ / "set" / name).string(), cv::IMREAD_UNCHANGED);
    EXPECT_EQ(picture.size(), cv::Size(100, 100)) << name;
    EXPECT_EQ(picture.type(), CV_8UC3) << name;
    cv::Scalar mean, deviation;
    cv::meanStdDev(picture, mean, deviation);
    EXPECT_GT(deviation[0], 8) << name << " is not blank";
  }
  EXPECT_EQ(different.size(), 20U);
  EXPECT_EQ(entries(), 1) << "nothing hidden stays";
}

TEST_F(SynthesizeCommandTest, TheSameSeedDrawsTheSameBytes) {
  for (const char* kind : {"faces", "noise"}) {
    const auto draw = [&](const std::string& name, const std::string& seed,
                          const std::string& samples) {
      std::vector<std::string> words = {"synthesize", "--out",  path(name), "--samples",
                                        samples,      "--seed", seed};
      if (std::string(kind) == "noise") words.emplace_back("--noise");
      EXPECT_EQ(run_mien(words).code, kDone);
      return content(root_ / name);
    };
    const std::string start = kind;
    const auto first = draw(start + "a", "7", "16");
    EXPECT_EQ(first, draw(start + "b", "7", "16"));
    const auto other = draw(start + "c", "8", "16");
    for (const auto& [name, hash] : first) EXPECT_NE(hash, other.at(name)) << name;
    // More pictures are more of the same.
    const auto more = draw(start + "d", "7", "24");
    for (const auto& [name, hash] : first) EXPECT_EQ(hash, more.at(name)) << name;
  }
}

TEST_F(SynthesizeCommandTest, NoiseHasTheArticlesFourLabels) {
  const auto outcome =
      run_mien({"synthesize", "--out", path("noise"), "--noise", "--samples", "8"});
  ASSERT_EQ(outcome.code, kDone) << outcome.err;
  for (const char* label : {"happy", "sad", "angry", "neutral"}) {
    EXPECT_EQ(std::distance(fs::directory_iterator(root_ / "noise" / label), {}), 2);
  }
  const cv::Mat picture = cv::imread(path("noise/happy/000000.png"));
  cv::Scalar mean, deviation;
  cv::meanStdDev(picture, mean, deviation);
  EXPECT_NEAR(mean[1], 127.5, 5);
  EXPECT_NEAR(deviation[1], 73.9, 5) << "uniform from 0 to 255";
}

TEST_F(SynthesizeCommandTest, WhatCannotBeDoneIsASentence) {
  write("full/file", "mine");
  const auto refused = [&](const std::vector<std::string>& more, int code = kUsage) {
    std::vector<std::string> words = {"synthesize"};
    words.insert(words.end(), more.begin(), more.end());
    const auto outcome = run_mien(words);
    EXPECT_EQ(outcome.code, code) << outcome.err;
    EXPECT_EQ(lines_of(outcome.err).size(), 1U) << outcome.err;
    EXPECT_EQ(outcome.out, "");
    return outcome.err;
  };
  EXPECT_THAT(refused({"--out", path("full")}, kFailed), HasSubstr("not empty"));
  EXPECT_THAT(refused({"--out", path("full/file")}, kFailed), HasSubstr("file"));
  EXPECT_THAT(refused({"--out", path("few"), "--samples", "7"}),
              HasSubstr("from 8, one for each class, to"));
  EXPECT_THAT(refused({"--out", path("none"), "--rendered", "--movements", "--samples", "0"}),
              HasSubstr("from 1 to"));
  EXPECT_THAT(
      refused({"--out", path("none"), "--rendered", "--label", "anger", "--samples", "0"}),
      HasSubstr("from 1 to"));
  EXPECT_THAT(refused({"--out", path("none"), "--samples", "0"}), HasSubstr("not 0"));
  EXPECT_THAT(refused({"--out", path("none"), "--samples", "-3"}), HasSubstr("not -3"));
  EXPECT_THAT(refused({"--out", path("none"), "--rendered", "--samples", "0"}),
              HasSubstr("not 0"));
  EXPECT_THAT(refused({"--out", path("none"), "--rendered", "--samples", "10000000"}),
              HasSubstr("not 10000000"));
  EXPECT_THAT(refused({"--out", path("none"), "--rendered", "--size", "7"}),
              HasSubstr("not 7"));
  EXPECT_THAT(refused({"--out", path("none"), "--rendered", "--size", "4097"}),
              HasSubstr("not 4097"));
  EXPECT_THAT(refused({"--out", path("none"), "--rendered", "--label", "bored"}),
              HasSubstr("bored"));
  EXPECT_THAT(refused({"--out", path("none"), "--rendered", "--noise"}), HasSubstr("not both"));
  EXPECT_THAT(refused({"--out", path("none"), "--label", "anger"}), HasSubstr("--rendered"));
  EXPECT_THAT(refused({"--out", path("none"), "--head-data", "."}), HasSubstr("--rendered"));
  EXPECT_THAT(refused({"--out", path("none"), "--movements"}), HasSubstr("--rendered"));
  EXPECT_THAT(refused({"--out", path("none"), "--turned"}), HasSubstr("--rendered"));
  EXPECT_THAT(refused({"--out", path("none"), "--size", "128"}), HasSubstr("--rendered"));
  EXPECT_THAT(refused({"--out", path("none"), "--threads", "2"}), HasSubstr("--rendered"));
  EXPECT_THAT(refused({"--out", path("none"), "--rendered", "--movements", "--label", "anger"}),
              HasSubstr("not both"));
  EXPECT_THAT(
      refused({"--out", path("none"), "--rendered", "--head-data", path("full")}, kFailed),
      HasSubstr("no skins"));
  EXPECT_THAT(refused({"--out", path("none"), "--rendered", "--threads", "-1"}),
              HasSubstr("not -1"));
  EXPECT_EQ(run_mien({"synthesize"}).code, kUsage);
  EXPECT_EQ(run_mien({"synthesize", "--out", path("x"), "--samples", "many"}).code, kUsage);
  EXPECT_EQ(entries(), 1);
}

TEST_F(SynthesizeCommandTest, RendersFacesWithATableOfEverything) {
  const auto render = [&](const std::string& name, const std::string& threads) {
    const auto outcome =
        run_mien({"synthesize", "--rendered", "--out", path(name), "--samples", "10", "--seed",
                  "5", "--size", "32", "--threads", threads, "--json"});
    EXPECT_EQ(outcome.code, kDone) << outcome.err;
    const auto said = nlohmann::json::parse(outcome.out);
    EXPECT_EQ(said["kind"], "rendered");
    EXPECT_EQ(said["side"], 32);
    return content(root_ / name);
  };
  const auto one = render("one", "1");
  EXPECT_EQ(one.size(), 11U);
  EXPECT_EQ(one, render("three", "3")) << "the bytes do not depend on the threads";
  const auto lines = lines_of(base::read_text_file(root_ / "one/faces.csv"));
  ASSERT_EQ(lines.size(), 11U);
  EXPECT_THAT(lines[0], StartsWith("file,label,person,variant,intensity,p_neutral"));
  EXPECT_THAT(lines[1], StartsWith("neutral/000000.jpg,neutral,0,"));
}

TEST_F(SynthesizeCommandTest, RendersMovementsWithoutLabels) {
  const auto outcome = run_mien({"synthesize", "--rendered", "--movements", "--out",
                                 path("moving"), "--samples", "11", "--size", "16"});
  ASSERT_EQ(outcome.code, kDone) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("11 rendered faces in"));
  EXPECT_EQ(std::distance(fs::directory_iterator(root_ / "moving" / "movements"), {}), 11);
  EXPECT_EQ(std::distance(fs::directory_iterator(root_ / "moving"), {}), 2) << "and the table";
  const auto lines = lines_of(base::read_text_file(root_ / "moving/faces.csv"));
  ASSERT_EQ(lines.size(), 12U);
  EXPECT_THAT(lines[1], StartsWith("movements/000000.jpg,,0,still,0,0.125,"));
  EXPECT_THAT(lines[2], StartsWith("movements/000001.jpg,,0,movements,"));
}

TEST_F(SynthesizeCommandTest, TurnsHeadsEvenlyWhenAsked) {
  // The greatest and the mean size of each angle.
  const auto angles = [&](std::vector<std::string> also) {
    const auto name = "turned" + std::to_string(also.size());
    std::vector<std::string> words{"synthesize", "--rendered", "--out",  path(name),
                                   "--samples",  "60",         "--size", "8"};
    words.insert(words.end(), also.begin(), also.end());
    const auto outcome = run_mien(words);
    EXPECT_EQ(outcome.code, kDone) << outcome.err;
    const auto text = base::read_text_file(root_ / name / "faces.csv");
    sessions::CsvReader table(text);
    std::vector<std::string_view> cells;
    EXPECT_TRUE(table.next(cells));
    const std::vector<std::string> header(cells.begin(), cells.end());
    std::map<std::string, std::pair<double, double>> found;
    int rows = 0;
    for (; table.next(cells); ++rows) {
      for (const char* angle : {"yaw", "pitch", "roll"}) {
        const auto column = std::find(header.begin(), header.end(), angle) - header.begin();
        const std::string cell(cells.at(static_cast<std::size_t>(column)));
        auto& [most, sum] = found[angle];
        most = std::max(most, std::abs(std::stod(cell)));
        sum += std::abs(std::stod(cell));
      }
    }
    EXPECT_EQ(rows, 60);
    for (auto& [angle, size] : found) size.second /= rows;
    return found;
  };
  auto turned = angles({"--turned"});
  auto usual = angles({});
  for (const auto& [angle, limit] :
       std::map<std::string, double>{{"yaw", 55}, {"pitch", 35}, {"roll", 45}}) {
    EXPECT_LE(turned[angle].first, limit) << angle;
    EXPECT_NEAR(turned[angle].second, limit / 2, limit / 8) << angle;
    EXPECT_LT(usual[angle].second, limit / 3) << angle;
  }
}

TEST_F(SynthesizeCommandTest, RendersOneExpressionOnly) {
  const auto outcome = run_mien({"synthesize", "--rendered", "--out", path("angry"),
                                 "--samples", "2", "--size", "16", "--label", "angry"});
  ASSERT_EQ(outcome.code, kDone) << outcome.err;
  EXPECT_EQ(std::distance(fs::directory_iterator(root_ / "angry" / "anger"), {}), 2);
  EXPECT_EQ(std::distance(fs::directory_iterator(root_ / "angry"), {}), 2) << "and the table";
}

/// The exit code of a mien of its own; `after` is called while it runs.
template <typename After>
int run_child(const std::string& shell, const After& after) {
  const pid_t child = ::fork();
  if (child == 0) {
    std::signal(SIGINT, SIG_DFL);
    ::execl("/bin/sh", "sh", "-c", ("exec >/dev/null; " + shell).c_str(), nullptr);
    ::_exit(127);
  }
  after(child);
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

class InterruptedSynthesis : public SynthesizeCommandTest {
 protected:
  /// Starts `synthesize` with these options, interrupts it once the first pictures of `label`
  /// are there, and expects that it says so and leaves nothing.
  void expect_that_nothing_is_left(const std::string& options, const std::string& label) {
    const std::string command = "exec " MIEN_WINDOWLESS " synthesize " + options +
                                " --samples 1000000 --out " + path("set") + " 2> " +
                                path("err");
    const int code = run_child(command, [&](pid_t child) {
      for (int i = 0; i < 3000; ++i) {
        for (const auto& entry : fs::directory_iterator(root_)) {
          const auto pictures = entry.path() / label;
          if (fs::is_directory(pictures) && !fs::is_empty(pictures)) {
            ::kill(child, SIGINT);
            return;
          }
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
      }
      ::kill(child, SIGKILL);
    });
    EXPECT_EQ(code, kFailed);
    EXPECT_THAT(base::read_text_file(path("err")), StartsWith("mien: Interrupted"));
    EXPECT_EQ(entries(), 1) << "the messages only";
  }
};

TEST_F(InterruptedSynthesis, OfDrawnFacesLeavesNothing) {
  expect_that_nothing_is_left("", "contempt");
}

TEST_F(InterruptedSynthesis, OfRenderedFacesLeavesNothing) {
  expect_that_nothing_is_left("--rendered --size 16", "neutral");
}

TEST_F(SynthesizeCommandTest, AFullDiskIsASentence) {
  // No file may be longer than a block of 512 bytes, which fails as a full disk does.
  for (const std::string kind : {"", "--rendered --size 64"}) {
    const std::string command = "ulimit -f 1; trap '' XFSZ; " MIEN_WINDOWLESS " synthesize " +
                                kind + " --samples 8 --out " + path("set") + " 2> " +
                                path("err");
    EXPECT_EQ(run_child(command, [](pid_t) {}), kFailed);
    const auto problems = lines_of(base::read_text_file(path("err")));
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_THAT(problems[0], AllOf(StartsWith("mien: The "), HasSubstr("make room")));
    EXPECT_EQ(entries(), 1);
  }
}

}  // namespace
}  // namespace mien::cli
