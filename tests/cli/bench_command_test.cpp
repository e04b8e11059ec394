#include "child.hpp"
#include "command_line.hpp"
#include "support/foreign_model.hpp"

namespace mien::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

using BenchCommandTest = CommandLineTest;

TEST_F(BenchCommandTest, MeasuresTheStages) {
  const auto outcome = run_mien({"bench", "--frames", "5", "--json"});
  ASSERT_EQ(outcome.code, kDone) << outcome.err;
  EXPECT_EQ(outcome.err, "");
  const auto json = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(json["size"], "640x480");
  EXPECT_EQ(json["threads"], 1);
  EXPECT_EQ(json["frames"], 5);
  EXPECT_EQ(json["faces_per_frame"], 1.0);
  EXPECT_EQ(json["detector"], "auto");
  for (const auto* stage : {"detect", "align", "classify", "total"}) {
    const auto& ms = json["ms"][stage];
    EXPECT_GT(ms["median"].get<double>(), 0) << stage;
    EXPECT_GE(ms["p95"].get<double>(), ms["median"].get<double>()) << stage;
  }
  EXPECT_GT(json["fps"].get<double>(), 0);
  EXPECT_GT(json["cpu_seconds_per_frame"].get<double>(), 0);
  EXPECT_GT(json["peak_memory_mb"].get<double>(), 10);
  EXPECT_GT(json["load_ms"]["model"].get<double>(), 0);
  EXPECT_NE(json["machine"], "");
}

TEST_F(BenchCommandTest, MeasuresTheMeshWhenItIsAsked) {
  const auto with = run_mien({"bench", "--frames", "3", "--landmarks", "face-mesh", "--json"});
  ASSERT_EQ(with.code, kDone) << with.err;
  const auto json = nlohmann::json::parse(with.out);
  EXPECT_EQ(json["landmarks"], "face-mesh");
  EXPECT_GT(json["ms"]["mesh"]["median"].get<double>(), 0);
  EXPECT_GT(json["load_ms"]["landmarks"].get<double>(), 0);
  const auto without = run_mien({"bench", "--frames", "3", "--json"});
  EXPECT_FALSE(nlohmann::json::parse(without.out)["ms"].contains("mesh"));
  const auto words = run_mien({"bench", "--frames", "3", "--landmarks", "face-mesh"});
  EXPECT_THAT(words.out, AllOf(HasSubstr("Mesh"), HasSubstr("  mesh")));
}

TEST_F(BenchCommandTest, CountsTheProcessOfALandmarksModelOfYourOwn) {
  const auto mine = testing::copy_shipped_model("face-mesh", "my-mesh", root_ / "mine");
  const auto outcome = run_mien({"bench", "--frames", "3", "--landmarks", mine, "--json"});
  ASSERT_EQ(outcome.code, kDone) << outcome.err;
  const auto json = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(json["landmarks"], "my-mesh");
  EXPECT_EQ(json["workers"]["processes"], 1);
  EXPECT_GT(json["workers"]["peak_memory_mb"].get<double>(), 10);
  EXPECT_GT(json["ms"]["mesh"]["median"].get<double>(), 0);
}

TEST_F(BenchCommandTest, TakesAnInputAndASize) {
  const auto outcome = run_mien({"bench", portrait(), "--frames", "2", "--size", "320x240"});
  ASSERT_EQ(outcome.code, kDone) << outcome.err;
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("320x240"), HasSubstr("(one core)"),
                                 HasSubstr("classify"), HasSubstr("MB")));
}

// As many faces are found as are asked for; their number is what makes the figure.
TEST_F(BenchCommandTest, ShowsAsManyFacesAsRequested) {
  for (const auto& [faces, detector] :
       {std::pair{5, "blazeface"}, {5, "blazeface-far"}, {20, "blazeface-far"}, {20, "auto"}}) {
    const auto outcome = run_mien({"bench", "--faces", std::to_string(faces), "--detector",
                                   detector, "--frames", "2", "--json"});
    ASSERT_EQ(outcome.code, kDone) << outcome.err;
    EXPECT_EQ(outcome.err, "") << detector;
    const auto json = nlohmann::json::parse(outcome.out);
    EXPECT_EQ(json["size"], "640x480");
    EXPECT_EQ(json["faces_per_frame"], faces) << detector;
  }
}

// Twenty heads are too small for the detector that is made for a desk: figures of faces that
// were not found would flatter.
TEST_F(BenchCommandTest, SaysWhenFacesAreNotFound) {
  const auto outcome = run_mien(
      {"bench", "--faces", "20", "--detector", "blazeface", "--frames", "2", "--json"});
  ASSERT_EQ(outcome.code, kDone) << outcome.err;
  const auto json = nlohmann::json::parse(outcome.out);
  ASSERT_LT(json["faces_per_frame"], 20);
  EXPECT_EQ(lines_of(outcome.err).size(), 1U) << outcome.err;
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("20"), HasSubstr("auto")));
}

// A third-party model takes its time in a process of its own; a figure without it would
// flatter.
TEST_F(BenchCommandTest, CountsTheProcessOfAThirdPartyModel) {
  const auto model = home("data/mien/models/other");
  std::filesystem::create_directories(model);
  std::filesystem::copy(MIEN_SOURCE_DIR "/models/mien-small", model);
  const auto own = run_mien({"bench", "--model", "mien-small", "--frames", "20", "--json"});
  ASSERT_EQ(own.code, kDone) << own.err;
  const auto alone = nlohmann::json::parse(own.out);
  EXPECT_EQ(alone["workers"]["processes"], 0);
  EXPECT_EQ(alone["workers"]["cpu_seconds_per_frame"], 0.0);
  const auto outcome = run_mien({"bench", "--model", model, "--frames", "20", "--json"});
  ASSERT_EQ(outcome.code, kDone) << outcome.err;
  const auto json = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(json["workers"]["processes"], 1);
  const double workers = json["workers"]["cpu_seconds_per_frame"].get<double>();
  EXPECT_GT(workers, 0);
  EXPECT_GT(json["cpu_seconds_per_frame"].get<double>(), workers);
  EXPECT_GT(json["workers"]["peak_memory_mb"].get<double>(), 10);
  EXPECT_GT(json["peak_memory_mb"].get<double>(),
            json["workers"]["peak_memory_mb"].get<double>());
  const auto words = run_mien({"bench", "--model", model, "--frames", "2"});
  EXPECT_THAT(words.out, HasSubstr("are in a separate process for third-party models"));
  EXPECT_THAT(run_mien({"bench", "--help"}).out, HasSubstr("third-party models"));
}

TEST_F(BenchCommandTest, FacesAreThePortraits) {
  const auto outcome = run_mien({"bench", portrait(), "--faces", "5", "--frames", "2"});
  EXPECT_EQ(outcome.code, kUsage);
  EXPECT_EQ(outcome.out, "");
  EXPECT_THAT(outcome.err, HasSubstr("--faces"));
  for (const auto* count : {"0", "101", "-1", "two"}) {
    EXPECT_EQ(run_mien({"bench", "--faces", count, "--frames", "2"}).code, kUsage) << count;
  }
}

TEST_F(BenchCommandTest, AnInterruptionIsASentence) {
  Child child({"bench", "--frames", "1000000"}, path("err"), false);
  ASSERT_TRUE(child.listens());
  child.interrupt();
  EXPECT_EQ(child.wait(), kFailed);
  EXPECT_EQ(cli::contents(path("err")), "mien: Interrupted; nothing was measured.\n");
}

TEST_F(BenchCommandTest, SaysWhatItCannotRead) {
  const auto outcome = run_mien({"bench", path("missing.mp4")});
  EXPECT_EQ(outcome.code, kFailed);
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(lines_of(outcome.err).size(), 1U) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("missing.mp4"));
}

}  // namespace
}  // namespace mien::cli
