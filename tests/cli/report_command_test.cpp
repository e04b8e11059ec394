#include "command_line.hpp"

namespace mien::cli {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;
namespace fs = std::filesystem;

/// Each test has a session of the demo, half a second with a video.
class ReportCommandTest : public CommandLineTest {
 protected:
  ReportCommandTest() {
    const auto outcome =
        run_mien({"analyze", "demo", "--out", path("out"), "--video", "--seconds", "0.5"});
    EXPECT_EQ(outcome.code, kDone) << outcome.err;
    session_ = (root_ / "out" / "demo").string();
  }
  std::string read(const std::string& name) const {
    std::ifstream in(fs::path(session_) / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void change(const std::string& name, const std::string& what, const std::string& with) const {
    auto text = read(name);
    const auto at = text.find(what);
    ASSERT_NE(at, std::string::npos);
    std::ofstream(fs::path(session_) / name, std::ios::binary)
        << text.replace(at, what.size(), with);
  }

  std::string session_;
};

TEST_F(ReportCommandTest, MakesAPageOfTheSession) {
  fs::remove(fs::path(session_) / "report.html");
  const auto outcome = run_mien({"report", session_});
  EXPECT_EQ(outcome.code, kDone) << outcome.err;
  EXPECT_THAT(outcome.out, EndsWith("report.html\n"));
  EXPECT_THAT(read("report.html"), AllOf(StartsWith("<!DOCTYPE html>"), HasSubstr("happy"),
                                         HasSubstr("data:image/jpeg;base64,")));
}

TEST_F(ReportCommandTest, VerifyProvesASession) {
  const auto outcome = run_mien({"report", "--verify", session_});
  EXPECT_EQ(outcome.code, kDone) << outcome.err;
  EXPECT_EQ(lines_of(outcome.out).size(), 1U);
  EXPECT_THAT(outcome.out, HasSubstr("15 frames"));
  EXPECT_THAT(outcome.out, HasSubstr("agree"));
  const auto said =
      nlohmann::json::parse(run_mien({"report", "--verify", session_, "--json"}).out);
  EXPECT_TRUE(said["agrees"].get<bool>());
  EXPECT_EQ(said["video_frames"], 15);
  EXPECT_EQ(said["table_frames"], 15);
  EXPECT_TRUE(said["problems"].empty());
}

TEST_F(ReportCommandTest, VerifySaysEachDisagreement) {
  change("faces.csv", ",0.067,", ",0.068,");
  change("faces.csv", ",0.100,", ",0.099,");
  const auto outcome = run_mien({"report", "--verify", session_});
  EXPECT_EQ(outcome.code, kFailed);
  EXPECT_EQ(outcome.out, "");
  const auto problems = lines_of(outcome.err);
  ASSERT_EQ(problems.size(), 2U) << outcome.err;
  EXPECT_THAT(problems[0], AllOf(StartsWith("mien: "), HasSubstr("67 ms in video.mkv")));
  const auto said = run_mien({"report", "--verify", session_, "--json"});
  EXPECT_EQ(said.code, kFailed);
  EXPECT_EQ(nlohmann::json::parse(said.out)["problems"].size(), 2U);
}

TEST_F(ReportCommandTest, ManyDisagreementsEndInACount) {
  std::string table;
  std::istringstream in(read("faces.csv"));
  std::getline(in, table);
  table += '\n';
  for (int frame = 1; frame <= 40; ++frame) {
    table += std::to_string(2 * frame) + ",0," + std::to_string(frame) + ".000,0,0" +
             std::string(16, ',') + "\r\n";
  }
  std::ofstream(fs::path(session_) / "faces.csv", std::ios::binary) << table;
  const auto outcome = run_mien({"report", "--verify", session_});
  EXPECT_EQ(outcome.code, kFailed);
  const auto problems = lines_of(outcome.err);
  ASSERT_EQ(problems.size(), 21U);
  EXPECT_THAT(problems.back(), HasSubstr("more."));
}

TEST_F(ReportCommandTest, ExportsAsOftenAsAsked) {
  const auto outcome =
      run_mien({"report", session_, "--export", "deepface", "--export", "elan", "--json"});
  EXPECT_EQ(outcome.code, kDone) << outcome.err;
  EXPECT_EQ(nlohmann::json::parse(outcome.out)["files"].size(), 2U);
  const auto faces = nlohmann::json::parse(read("deepface.json"));
  ASSERT_GE(faces.size(), 10U);
  EXPECT_EQ(faces[0]["dominant_emotion"], "happy");
  EXPECT_THAT(read("elan.txt"), HasSubstr("P1\t00:00:00.0"));
  EXPECT_EQ(run_mien({"report", session_, "--export", "elan"}).code, kDone);
  EXPECT_TRUE(fs::exists(fs::path(session_) / "elan_2.txt"));
}

TEST_F(CommandLineTest, AnalyzeExportsIntoEachResultAndAddsWhatIsMissing) {
  const auto analyze = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"analyze", portrait(), "--out", path("out")});
    return run_mien(more);
  };
  const auto first = analyze({"--export", "deepface", "--export", "pyfeat"});
  ASSERT_EQ(first.code, kDone) << first.err;
  const auto folder = root_ / "out" / "astronaut";
  std::ifstream in(folder / "deepface.json");
  const auto faces = nlohmann::json::parse(in);
  ASSERT_EQ(faces.size(), 1U);
  EXPECT_EQ(faces[0].size(), 4U) << "as DeepFace.analyze returns it";
  EXPECT_EQ(faces[0]["dominant_emotion"], "happy");
  EXPECT_GT(faces[0]["region"]["w"].get<int>(), 50);
  EXPECT_TRUE(fs::exists(folder / "pyfeat.csv"));
  // The same again, with one more: what is there stays.
  const auto second = analyze({"--export", "deepface", "--export", "jsonl"});
  EXPECT_EQ(second.code, kDone) << second.err;
  EXPECT_TRUE(fs::exists(folder / "faces.jsonl"));
  EXPECT_FALSE(fs::exists(folder / "deepface_2.json"));
  EXPECT_EQ(analyze({"--export", "excel"}).code, kUsage);
}

TEST_F(ReportCommandTest, RecoversWhatWasCutOff) {
  // As a kill leaves it: not closed, the last row torn. Of the frame before it another row may
  // be missing, so that goes, too.
  change("session.json", "\"state\": \"closed\"", "\"state\": \"recording\"");
  fs::remove(fs::path(session_) / "report.html");
  fs::rename(fs::path(session_) / "video.mkv", fs::path(session_) / "video.mkv.partial");
  const auto table = read("faces.csv");
  std::ofstream(fs::path(session_) / "faces.csv", std::ios::binary)
      << table.substr(0, table.size() - 20);

  for (const auto& words : {std::vector<std::string>{"report", session_},
                            {"report", session_, "--export", "elan"},
                            {"report", "--verify", session_}}) {
    const auto outcome = run_mien(words);
    EXPECT_EQ(outcome.code, kFailed);
    EXPECT_THAT(outcome.err, HasSubstr("mien report --recover"));
  }
  const auto outcome = run_mien({"report", "--recover", session_});
  EXPECT_EQ(outcome.code, kDone) << outcome.err;
  EXPECT_THAT(lines_of(outcome.out), ::testing::ElementsAre(HasSubstr("13 frames")));
  EXPECT_TRUE(fs::exists(fs::path(session_) / "report.html"));
  EXPECT_EQ(run_mien({"report", "--verify", session_}).code, kDone);

  const auto again = run_mien({"report", "--recover", session_});
  EXPECT_EQ(again.code, kFailed);
  EXPECT_THAT(again.err, HasSubstr("is finished"));
  EXPECT_EQ(run_mien({"report", "--recover", "--verify", session_}).code, kUsage);
  EXPECT_EQ(run_mien({"report", "--recover", path("missing")}).code, kFailed);
}

TEST_F(ReportCommandTest, RecoversASessionThatLostItsDocument) {
  fs::remove(fs::path(session_) / "session.json");
  EXPECT_THAT(run_mien({"report", session_}).err,
              HasSubstr("`mien report --recover " + session_ + "`"));
  // Whose rows they are cannot be told any more: nothing is analysed over them.
  const auto analyze =
      run_mien({"analyze", "demo", "--out", path("out"), "--video", "--seconds", "0.5"});
  EXPECT_EQ(analyze.code, kFailed);
  EXPECT_THAT(analyze.err, HasSubstr("mien report --recover"));
  const auto said =
      nlohmann::json::parse(run_mien({"report", "--recover", session_, "--json"}).out);
  EXPECT_EQ(said["frames"], 15);
  EXPECT_THAT(said["words"], HasSubstr("session.json"));
  EXPECT_EQ(run_mien({"report", "--verify", session_}).code, kDone);
}

TEST_F(ReportCommandTest, SaysWhatIsWrong) {
  const auto unknown = run_mien({"report", session_, "--export", "excel"});
  EXPECT_EQ(unknown.code, kUsage);
  EXPECT_THAT(unknown.err, AllOf(HasSubstr("excel"), HasSubstr("openface")));
  EXPECT_EQ(run_mien({"report"}).code, kUsage);
  EXPECT_EQ(run_mien({"report", "--verify", session_, "--export", "elan"}).code, kUsage);
  for (const auto& words : {std::vector<std::string>{"report", path("missing")},
                            {"report", "--verify", path("missing")},
                            {"report", root_.string()}}) {
    const auto outcome = run_mien(words);
    EXPECT_EQ(outcome.code, kFailed);
    EXPECT_EQ(outcome.out, "");
    EXPECT_EQ(lines_of(outcome.err).size(), 1U);
    EXPECT_THAT(outcome.err, HasSubstr("not a session of mien"));
  }
}

}  // namespace
}  // namespace mien::cli
