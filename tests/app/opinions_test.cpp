#include "opinions.hpp"

#include <fstream>

#include <gmock/gmock.h>

#include "mien/base/error.hpp"

#include "support/temporary_folder.hpp"

namespace mien::app {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

const std::filesystem::path kProgramsRules =
    std::filesystem::path(MIEN_SOURCE_DIR) / "assets" / "opinions.rules";

class OpinionsTest : public ::testing::Test {
 protected:
  OpinionsTest() { view_.status.landmarks_id = "mesh"; }

  void write_own(const std::string& text) { std::ofstream(folder_ / "opinions.rules") << text; }

  /// A redraw some seconds later, and what was read for it.
  void redraw() {
    now_ += 2s;
    opinions_.poll(now_);
    ASSERT_TRUE(disk_.wait(10s));
    opinions_.poll(now_);
  }

  testing::TemporaryFolder folder_;
  base::BackgroundQueue disk_;
  ui::ViewModel view_;
  int woken_ = 0;
  Opinions::Clock::time_point now_ = Opinions::Clock::now();
  Opinions opinions_{
      view_, disk_, [this] { ++woken_; },
      [this] { return movements::OpinionFile(kProgramsRules, folder_ / "opinions.rules"); }};
};

TEST_F(OpinionsTest, TheUsersFileIsReadAgainWhenItChanges) {
  redraw();
  ASSERT_NE(view_.opinions, nullptr);
  const auto shipped = view_.opinions->size();
  EXPECT_EQ(woken_, 1);
  redraw();
  EXPECT_EQ(woken_, 1) << "nothing is new";
  write_own("[jaw down]\ncolour = #FFFFFF\nwhen = jaw_drop > 0.5\n");
  redraw();
  EXPECT_EQ(view_.opinions->size(), shipped + 1);
  EXPECT_EQ(woken_, 2);
  EXPECT_TRUE(view_.notices.empty());
}

TEST_F(OpinionsTest, ABadFileIsASentenceAndTheOldRulesGoOn) {
  redraw();
  const auto before = view_.opinions->size();
  write_own("[jaw down]\ncolour = #FFFFFF\nwhen = jaw_dorp > 0.5\n");
  redraw();
  ASSERT_EQ(view_.notices.size(), 1U);
  EXPECT_THAT(view_.notices[0].text, HasSubstr("line 3"));
  EXPECT_THAT(view_.notices[0].text, HasSubstr("jaw_dorp"));
  EXPECT_EQ(view_.opinions->size(), before);
  redraw();
  EXPECT_EQ(view_.notices.size(), 1U) << "it is said once";
}

TEST_F(OpinionsTest, TheFileIsLookedAtOnceASecond) {
  redraw();
  write_own("[jaw down]\ncolour = #FFFFFF\nwhen = jaw_drop > 0.5\n");
  now_ += Opinions::kLookEvery / 2;
  opinions_.poll(now_);
  ASSERT_TRUE(disk_.wait(10s));
  EXPECT_EQ(woken_, 1) << "too soon to look again";
  redraw();
  EXPECT_EQ(woken_, 2);
}

TEST_F(OpinionsTest, AFileThatIsGoneIsSaidOnce) {
  write_own("[jaw down]\ncolour = #FFFFFF\nwhen = jaw_drop > 0.5\n");
  redraw();
  EXPECT_TRUE(view_.notices.empty());
  std::filesystem::remove(folder_ / "opinions.rules");
  redraw();
  redraw();
  ASSERT_EQ(view_.notices.size(), 1U);
  EXPECT_THAT(view_.notices[0].text, HasSubstr("are gone"));
}

TEST_F(OpinionsTest, NothingIsReadWhileNoFaceIsMeasured) {
  view_.status.landmarks_id.clear();
  redraw();
  EXPECT_EQ(view_.opinions, nullptr);
  EXPECT_EQ(woken_, 0);
}

TEST_F(OpinionsTest, WithoutTheProgramsOwnRulesThatIsSaidOnce) {
  Opinions without(
      view_, disk_, [] {},
      []() -> movements::OpinionFile {
        throw base::Error("The rules are missing; install mien again.");
      });
  for (int i = 0; i < 3; ++i) {
    now_ += 2s;
    without.poll(now_);
    ASSERT_TRUE(disk_.wait(10s));
  }
  without.poll(now_);
  ASSERT_EQ(view_.notices.size(), 1U);
  EXPECT_EQ(view_.opinions, nullptr);
}

}  // namespace
}  // namespace mien::app
