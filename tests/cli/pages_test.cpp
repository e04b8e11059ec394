#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

#include "mien/base/error.hpp"

#include "command_line.hpp"
#include "command_table.hpp"
#include "completions.hpp"
#include "man_pages.hpp"

namespace mien::cli {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;

using PagesTest = CommandLineTest;

TEST_F(PagesTest, AreWrittenForEachSubcommandOfTheHelp) {
  const auto outcome = run_mien({"write-pages", path("pages"), "2026-11-27"});
  EXPECT_EQ(outcome.code, kDone) << outcome.err;
  std::set<std::string> pages;
  for (const auto& entry : std::filesystem::directory_iterator(path("pages/man1"))) {
    pages.insert(entry.path().filename().string());
  }
  const auto help = run_mien({"--help"}).out;
  for (const std::string command : {"analyze", "cameras", "train"}) {
    EXPECT_TRUE(pages.contains("mien-" + command + ".1")) << command;
  }
  EXPECT_TRUE(pages.contains("mien.1"));
  EXPECT_FALSE(pages.contains("mien-write-pages.1"));
  EXPECT_THAT(help, AllOf(Not(HasSubstr("write-pages")), Not(HasSubstr("complete-words"))));
  EXPECT_TRUE(std::filesystem::exists(path("pages/bash/mien")));
  EXPECT_TRUE(std::filesystem::exists(path("pages/zsh/_mien")));
}

TEST_F(PagesTest, NameTheFilesThatTheUserHas) {
  ASSERT_EQ(run_mien({"write-pages", path("pages"), "2026-11-27"}).code, kDone);
  std::ifstream file(path("pages/man1/mien.1"));
  const std::string page(std::istreambuf_iterator<char>(file), {});
  const auto files = page.substr(page.find("\n.SH FILES\n"));
  for (const char* name :
       {"mien.log", "settings.json", "opinions.rules", "mien/models", "Videos/mien"}) {
    EXPECT_THAT(files, HasSubstr(name));
  }
}

TEST_F(PagesTest, ThatCannotBeWrittenAreSaid) {
  const auto outcome = run_mien({"write-pages", write("file", "") + "/pages", "2026-11-27"});
  EXPECT_EQ(outcome.code, kFailed);
  EXPECT_THAT(outcome.err, HasSubstr("file/pages"));
  EXPECT_EQ(lines_of(outcome.err).size(), 1U);
}

TEST_F(PagesTest, WordsAreThoseOfTheModelsThatThereAre) {
  EXPECT_THAT(run_mien({"complete-words", "models"}).out, HasSubstr("mien-base\tmien base\n"));
  EXPECT_THAT(run_mien({"complete-words", "detectors"}).out, HasSubstr("haar\tHaar cascade\n"));
  EXPECT_THAT(run_mien({"complete-words", "readings"}).out,
              AllOf(HasSubstr("acted\t"), HasSubstr("everyday\t")));
  EXPECT_THAT(run_mien({"complete-words", "sources"}).out, HasSubstr("demo\t"));
  EXPECT_EQ(run_mien({"complete-words", "nothing"}).code, kUsage);
}

TEST_F(PagesTest, CamerasAreThoseOfTheSystemInTheirOrderWithoutTheirSecondDevices) {
  for (const std::string device : {"video10", "video2", "video3", "v4l-subdev0"}) {
    write(device + "/name", "Camera of " + device + "\n");
    write(device + "/index", device == "video3" ? "1\n" : "0\n");
  }
  EXPECT_THAT(source_words(root_),
              ElementsAre(Pair("demo", ::testing::_), Pair("camera:0", "Camera of video2"),
                          Pair("camera:1", "Camera of video10"),
                          Pair("/dev/video2", "Camera of video2"),
                          Pair("/dev/video10", "Camera of video10")));
  EXPECT_THAT(source_words(path("none")), ElementsAre(Pair("demo", ::testing::_)));
}

TEST(CommandTable, SaysWhatTheHelpSays) {
  CLI::App root("About\nit.", "mien");
  auto* command = root.add_subcommand("do", "Do it");
  int number = 3;
  command->add_option("--frames", number, "How\nmany")
      ->type_name("N")
      ->check(CLI::Range(1, 9))
      ->capture_default_str();
  root.add_subcommand("hidden", "Not for people")->group("");
  const auto table = command_table(root);
  ASSERT_EQ(table.size(), 2U);
  EXPECT_EQ(table[0].about, "About it.");
  const auto& option = table[1].options.back();
  EXPECT_EQ(option.value, "N");
  EXPECT_EQ(option.text, "How many");
  EXPECT_THAT(option.notes, ElementsAre("1 to 9", "default: 3"));
}

TEST(CommandTable, WantsToKnowWhatAValueIs) {
  CLI::App root("About it.", "mien");
  std::string value;
  root.add_option("--new", value, "New")->type_name("SOMETHING");
  EXPECT_THROW(command_table(root), base::Error);
}

TEST(ManPages, EscapeWhatRoffWouldTakeForItsOwn) {
  CommandEntry program{
      .name = "", .about = "mien reads. More.", .footer = "", .options = {}, .positionals = {}};
  program.options.push_back({.names = {"--add"},
                             .value = "PATH",
                             .text = "a\\b `mien models` it's ~/x",
                             .notes = {"default: -1"},
                             .group = "Options",
                             .words = {}});
  program.options.push_back(program.options.front());
  program.options.back().text = std::string(77, 'x') + " .onnx file";
  const auto pages = man_pages({program}, "2026-11-27");
  ASSERT_EQ(pages.size(), 1U);
  EXPECT_THAT(pages[0].text,
              HasSubstr("a\\eb \\fBmien models\\fR it\\(aqs \\(ti/x (default: \\-1)"));
  EXPECT_THAT(pages[0].text, HasSubstr("\n\\&.onnx file"));
  EXPECT_THAT(pages[0].text, HasSubstr(".TH MIEN 1 2026-11-27 "));
}

}  // namespace
}  // namespace mien::cli
