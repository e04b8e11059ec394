// Threads that cannot be had are an error in one sentence, or work done by fewer; never a hang.

#include <gmock/gmock.h>

#include "child.hpp"
#include "command_line.hpp"

namespace mien::cli {
namespace {

using ::testing::HasSubstr;

class FewThreadsTest : public CommandLineTest {
 protected:
  /// The exit code of a program in which, and in whose model workers, so many can be started.
  int run(int threads, const std::vector<std::string>& words) const {
    ::setenv("FEW_THREADS", std::to_string(threads).c_str(), 1);
    ::setenv("LD_PRELOAD", MIEN_FEW_THREADS, 1);
    Child child(words, path("err"), false);
    ::unsetenv("LD_PRELOAD");
    return child.wait();
  }
  /// Whether it did its work; if not, it says in one sentence why.
  bool works(int threads, const std::vector<std::string>& words) const {
    const int code = run(threads, words);
    if (code == kDone) return true;
    EXPECT_EQ(code, kFailed) << threads;
    const auto err = contents(path("err"));
    EXPECT_EQ(lines_of(err).size(), 1U) << err;
    EXPECT_THAT(err, HasSubstr("Resource temporarily unavailable")) << threads;
    return false;
  }
};

TEST_F(FewThreadsTest, AnAnalysisEnds) {
  bool worked = false;
  for (const int threads : {0, 1, 2, 3, 4, 5, 6, 20}) {
    const auto out = path("out-" + std::to_string(threads));
    worked = works(threads, {"analyze", portrait(), "--out", out, "--model", "mien-small"});
  }
  EXPECT_TRUE(worked) << "with twenty there are enough";
}

TEST_F(FewThreadsTest, AModelOfOthersEnds) {
  const auto model = home("data/mien/models/other");
  std::filesystem::create_directories(model);
  std::filesystem::copy(MIEN_SOURCE_DIR "/models/mien-small", model);
  bool worked = false;
  for (const int threads : {0, 1, 2, 20}) {
    worked = works(threads, {"bench", "--frames", "1", "--model", model});
  }
  EXPECT_TRUE(worked) << "with twenty there are enough";
}

TEST_F(FewThreadsTest, FewerThreadsRenderTheSameFaces) {
  EXPECT_FALSE(works(0, {"synthesize", "--rendered", "--out", path("none"), "--samples", "8"}));
  // One for signals, one that renders.
  EXPECT_TRUE(works(2, {"synthesize", "--rendered", "--threads", "3", "--out", path("some"),
                        "--samples", "8"}));
  ASSERT_EQ(run_mien({"synthesize", "--rendered", "--out", path("all"), "--samples", "8"}).code,
            kDone);
  EXPECT_EQ(contents(path("some/faces.csv")), contents(path("all/faces.csv")));
}

}  // namespace
}  // namespace mien::cli
