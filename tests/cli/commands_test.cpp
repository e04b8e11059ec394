#include "mien/cli/commands.hpp"

#include <map>
#include <sstream>

#include "mien/base/error.hpp"

#include "command_line.hpp"

namespace mien::cli {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

using CommandsTest = CommandLineTest;

void expect_usage_error(const Outcome& outcome, const std::string& part) {
  EXPECT_EQ(outcome.code, kUsage);
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(outcome.windows, 0);
  ASSERT_EQ(lines_of(outcome.err).size(), 1U) << outcome.err;
  EXPECT_THAT(outcome.err, AllOf(StartsWith("mien: "), HasSubstr(part), HasSubstr("--help`")));
}

TEST_F(CommandsTest, NothingOpensTheWindowAsLastTime) {
  const auto outcome = run_mien({});
  EXPECT_EQ(outcome.code, kDone);
  EXPECT_EQ(outcome.windows, 1);
  EXPECT_EQ(outcome.options.source, "");
  EXPECT_EQ(outcome.options.exit_after, 0);
  EXPECT_FALSE(outcome.options.record);
  EXPECT_EQ(outcome.out + outcome.err, "");
}

TEST_F(CommandsTest, TheWindowGetsEveryOption) {
  const auto outcome =
      run_mien({"--source", "camera:1", "--model", "m", "--detector", "haar", "--record",
                "--sessions", "/s", "--screenshot", "a.png", "--exit-after", "2.5"});
  EXPECT_EQ(outcome.windows, 1);
  const auto& options = outcome.options;
  EXPECT_EQ(options.source, "camera:1");
  EXPECT_EQ(options.model, "m");
  EXPECT_EQ(options.detector, "haar");
  EXPECT_TRUE(options.record);
  EXPECT_EQ(options.sessions, "/s");
  EXPECT_EQ(options.screenshot, "a.png");
  EXPECT_EQ(options.exit_after, 2.5);
}

TEST_F(CommandsTest, TheWindowsCodeIsTheProgramsCode) {
  const char* argv[] = {"mien"};
  EXPECT_EQ(run_command_line(1, argv, {.open = [](const base::WindowOptions&) { return 7; }}),
            7);
}

TEST_F(CommandsTest, AnErrorIsOneLine) {
  const char* argv[] = {"mien"};
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(run_command_line(1, argv, {.open = [](const base::WindowOptions&) -> int {
                               throw base::Error("The window cannot\nbe opened.");
                             }}),
            kFailed);
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "mien: The window cannot be opened.\n");
}

TEST_F(CommandsTest, VersionAndHelpEverywhere) {
  EXPECT_THAT(run_mien({"--version"}).out,
              ::testing::MatchesRegex("mien [0-9]+\\.[0-9]+\\.[0-9]+\n"));
  const auto help = run_mien({"--help"});
  EXPECT_EQ(help.code, kDone);
  EXPECT_EQ(help.windows, 0);
  EXPECT_EQ(help.err, "");
  for (const std::string command : {"analyze", "bench", "cameras", "detectors", "models"}) {
    EXPECT_THAT(help.out, HasSubstr("\n  " + command));
    const auto own = run_mien({command, "--help"});
    EXPECT_EQ(own.code, kDone) << command;
    EXPECT_THAT(own.out, HasSubstr("--json"));
    EXPECT_EQ(run_mien({command, "--version"}).out, run_mien({"--version"}).out) << command;
  }
  for (const std::string option : {"--source", "--model", "--detector", "--record",
                                   "--sessions", "--screenshot", "--exit-after"}) {
    EXPECT_THAT(help.out, HasSubstr(option));
  }
}

TEST_F(CommandsTest, EachCommandSaysWhichLandmarksModelItUsesOtherwise) {
  const auto help = [](std::vector<std::string> words) {
    words.push_back("--help");
    std::istringstream text(run_mien(words).out);
    std::string line, word;
    while (text >> word) line += word + ' ';
    return line;
  };
  EXPECT_THAT(help({}), HasSubstr("(default: the one chosen last, at first face-mesh)"));
  EXPECT_THAT(help({"analyze"}), HasSubstr("(default: as --columns needs it)"));
  EXPECT_THAT(help({"bench"}), HasSubstr("or none (default: none)"));
  EXPECT_THAT(help({"eval"}), AnyOf(HasSubstr("--landmarks ID|DIR=none "),      // CLI11 2.3
                                    HasSubstr("--landmarks ID|DIR [none] ")));  // and 2.4
  for (const std::string command : {"bench", "eval"}) {
    EXPECT_THAT(help({command}), Not(HasSubstr("--columns"))) << command;
  }
}

TEST_F(CommandsTest, WrongCommandLinesAreSaid) {
  expect_usage_error(run_mien({"--nonsense"}), "--nonsense");
  expect_usage_error(run_mien({"clip.mp4"}), "clip.mp4");
  EXPECT_THAT(run_mien({"clip.mp4"}).err, HasSubstr("use --source"));
  expect_usage_error(run_mien({""}), "\"\"");
  expect_usage_error(run_mien({"--source"}), "--source");
  expect_usage_error(run_mien({"--exit-after", "soon"}), "soon");
  expect_usage_error(run_mien({"--exit-after", "-1"}), "-1");
  expect_usage_error(run_mien({"--exit-after", "nan"}), "nan");
  expect_usage_error(run_mien({"analyze", "demo"}), "--out");
  expect_usage_error(run_mien({"analyze", "--out", path("o")}), "INPUT");
  expect_usage_error(run_mien({"analyze", "", "--out", path("o")}), "empty");
  expect_usage_error(run_mien({"analyze", "demo", "--out", path("o"), "--seconds", "x"}), "x");
  expect_usage_error(run_mien({"cameras", "models"}), "models");
  expect_usage_error(run_mien({"bench", "--frames", "0"}), "0");
  expect_usage_error(run_mien({"bench", "--size", "0x480"}), "0x480");
  expect_usage_error(run_mien({"bench", "--size", "640x480x2"}), "640x480x2");
  expect_usage_error(run_mien({"--source", "demo", "cameras"}), "--source");
  EXPECT_THAT(run_mien({"bench", "--frames", "x"}).err, HasSubstr("`mien bench --help`"));
}

TEST_F(CommandsTest, AFileWhoseNameLooksLikeAnOptionIsNamed) {
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(root_);
  for (const std::string name : {"-dash.jpg", "--long.jpg", "-o"}) {
    write(name, "not looked at");
    const auto outcome = run_mien({"analyze", name, "--out", path("o")});
    EXPECT_EQ(outcome.code, kUsage);
    EXPECT_EQ(outcome.err, "mien: The name " + name + " looks like an option; write ./" + name +
                               " instead.\n");
    std::filesystem::remove(root_ / name);
    EXPECT_THAT(run_mien({"analyze", name, "--out", path("o")}).err,
                ::testing::Not(HasSubstr("./")));
  }
  std::filesystem::current_path(before);
}

TEST_F(CommandsTest, CamerasAreAList) {
  const auto json = run_mien({"cameras", "--json"});
  EXPECT_EQ(json.code, kDone);
  EXPECT_EQ(json.err, "");
  const auto list = nlohmann::json::parse(json.out);
  ASSERT_TRUE(list.is_array());
  for (const auto& camera : list) {
    EXPECT_TRUE(camera.contains("device"));
    EXPECT_TRUE(camera["modes"].is_array());
  }
  const auto human = run_mien({"cameras"});
  EXPECT_THAT(human.out, HasSubstr(list.empty() ? "No camera was found" : "camera:0"));
}

TEST_F(CommandsTest, ModelsHaveOneDefaultAndTheirCards) {
  const auto json = run_mien({"models", "--json"});
  EXPECT_EQ(json.code, kDone);
  EXPECT_EQ(json.err, "");
  const auto list = nlohmann::json::parse(json.out);
  ASSERT_FALSE(list.empty());
  std::map<std::string, int> defaults;
  const auto human = run_mien({"models"});
  for (const auto& model : list) {
    defaults[model["task"]] += model["default"].get<bool>() ? 1 : 0;
    EXPECT_EQ(model.contains("labels") && !model["labels"].empty(),
              model["task"] != "landmarks");
    EXPECT_NE(model["license"], "");
    EXPECT_THAT(human.out, HasSubstr(model["id"].get<std::string>()));
  }
  EXPECT_EQ(defaults,
            (std::map<std::string, int>{{"emotion", 1}, {"landmarks", 1}, {"movements", 1}}));
}

TEST_F(CommandsTest, ABrokenCardIsSaidAndTheRestIsListed) {
  write(home("data/mien/models/broken/card.json"), "{");
  for (const std::string command : {"models", "detectors"}) {
    const auto outcome = run_mien({command, "--json"});
    EXPECT_EQ(outcome.code, kDone);
    EXPECT_FALSE(nlohmann::json::parse(outcome.out).empty());
    EXPECT_THAT(outcome.err, AllOf(StartsWith("mien: "), HasSubstr("broken")));
    EXPECT_EQ(lines_of(outcome.err).size(), 1U);
  }
}

TEST_F(CommandsTest, DetectorsHaveTheOwnAndOneDefault) {
  const auto list = nlohmann::json::parse(run_mien({"detectors", "--json"}).out);
  std::vector<std::string> ids;
  std::string usual;
  for (const auto& detector : list) {
    ids.push_back(detector["id"]);
    if (detector["default"]) usual = detector["id"];
  }
  EXPECT_THAT(ids, ::testing::IsSupersetOf({"auto", "blazeface", "blazeface-far", "haar"}));
  EXPECT_EQ(usual, "auto");
  const auto table = lines_of(run_mien({"detectors"}).out);
  // Aligned: the heading's columns start where the cells do.
  ASSERT_GE(table.size(), 4U);
  EXPECT_EQ(table[1].find("Automatic"), table[0].find("NAME"));
}

TEST_F(CommandsTest, UnknownModelsAndDetectorsListTheKnownOnes) {
  const auto model = run_mien({"bench", "--model", "nothing"});
  EXPECT_EQ(model.code, kUsage);
  EXPECT_THAT(model.err, AllOf(HasSubstr("nothing"), HasSubstr("mien-base")));
  const auto detector = run_mien({"bench", "--detector", "nothing"});
  EXPECT_EQ(detector.code, kUsage);
  EXPECT_THAT(detector.err, AllOf(HasSubstr("nothing"), HasSubstr("haar")));
}

TEST_F(CommandsTest, AnEmptyNameIsNoName) {
  for (const char* option : {"--model", "--reading", "--detector", "--landmarks"}) {
    const auto outcome = run_mien({"bench", "--frames", "1", option, ""});
    EXPECT_EQ(outcome.code, kUsage) << option;
    EXPECT_THAT(outcome.err, AllOf(HasSubstr(option), HasSubstr("must not be empty")));
  }
}

}  // namespace
}  // namespace mien::cli
