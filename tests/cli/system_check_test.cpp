// `mien --check`

#include <fstream>

#include "command_line.hpp"
#include "support/temporary_folder.hpp"

namespace mien::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class SystemCheckCommand : public CommandLineTest {
 protected:
  const testing::ScopedEnvironment home_variable_{"HOME", home("")};
};

TEST_F(SystemCheckCommand, PrintsThePageWithoutADisplay) {
  const auto outcome = run_mien({"--check"});
  EXPECT_EQ(outcome.code, kDone) << outcome.out;
  EXPECT_EQ(outcome.windows, 0);
  EXPECT_EQ(outcome.err, "");
  EXPECT_THAT(
      outcome.out,
      AllOf(StartsWith("System check of mien (! broken, ? doubtful)\n\nProgram and system\n"),
            HasSubstr("\n\nLibraries\n"), HasSubstr("\n\nCameras\n"), HasSubstr("mien-base"),
            HasSubstr("liblo "), HasSubstr("civetweb "), HasSubstr("the median of")));
  EXPECT_THAT(outcome.out, Not(HasSubstr(home_.string())));
  EXPECT_THAT(lines_of(outcome.out).back(), HasSubstr("works"));
}

TEST_F(SystemCheckCommand, AFolderThatCannotBeWrittenIsExitCode1) {
  std::filesystem::create_directories(home("config/mien"));
  std::ofstream(home("config/mien/settings.json"))
      << R"({"sessions_dir": ")" << write("file", "") << R"(/Smith"})";
  const auto outcome = run_mien({"--check"});
  EXPECT_EQ(outcome.code, kFailed);
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("\n! Sessions "), HasSubstr("1 thing is broken"),
                                 Not(HasSubstr("Smith"))));
}

TEST_F(SystemCheckCommand, TheDisplaysFactsAreTheWindows) {
  const char* argv[] = {"mien", "--check"};
  ::testing::internal::CaptureStdout();
  EXPECT_EQ(run_command_line(2, argv,
                             {.open = [](const base::WindowOptions&) { return 7; },
                              .look_at_display =
                                  [] {
                                    analysis::DisplayFacts facts;
                                    facts.gl_renderer = "A renderer";
                                    facts.libraries = {{"GLFW", "3.3"}};
                                    return facts;
                                  }}),
            kDone);
  EXPECT_THAT(::testing::internal::GetCapturedStdout(),
              AllOf(HasSubstr("A renderer\n"), HasSubstr("GLFW            3.3\n")));
}

TEST_F(SystemCheckCommand, StandsAlone) {
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"--check", "--source", "demo"}, {"--check", "models"}}) {
    const auto outcome = run_mien(words);
    EXPECT_EQ(outcome.code, kUsage);
    EXPECT_EQ(outcome.out, "");
    EXPECT_THAT(outcome.err, HasSubstr("--check stands alone"));
  }
  EXPECT_THAT(run_mien({"--help"}).out, HasSubstr("--check"));
}

}  // namespace
}  // namespace mien::cli
