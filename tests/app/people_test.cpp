#include "people.hpp"

#include <gmock/gmock.h>

#include "support/fake_session.hpp"
#include "support/temporary_folder.hpp"

namespace mien::app {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

class PeopleTest : public ::testing::Test {
 protected:
  /// What panels show after the next redraw.
  const std::map<int, std::string>& shown_names() {
    people_.poll();
    return view_.names;
  }

  testing::TemporaryFolder folder_;
  std::unique_ptr<analysis::LiveSession> live_ = testing::fake_session();
  ui::ViewModel view_;
  People people_{folder_ / "neutral.json", nullptr, *live_, view_};
};

TEST_F(PeopleTest, ANameIsShownUntilItIsTakenAway) {
  people_.handle(ui::action::NamePerson{1, "Ada"});
  people_.handle(ui::action::NamePerson{2, "Bob"});
  EXPECT_THAT(shown_names(), ElementsAre(Pair(1, "Ada"), Pair(2, "Bob")));
  people_.handle(ui::action::NamePerson{1, ""});
  EXPECT_THAT(shown_names(), ElementsAre(Pair(2, "Bob")));
  EXPECT_EQ(people_.names(), view_.names) << "what a recording gets";
}

TEST_F(PeopleTest, APastSessionHasItsOwnNames) {
  people_.handle(ui::action::NamePerson{1, "Ada"});
  auto past = std::make_shared<sessions::RecordedSession>();
  past->names = {{1, "Cleo"}, {2, ""}};
  view_.replay = ui::ReplayView{.session = past};
  EXPECT_THAT(shown_names(), ElementsAre(Pair(1, "Cleo")));
  people_.handle(ui::action::NamePerson{1, "Cleopatra"});
  EXPECT_THAT(shown_names(), ElementsAre(Pair(1, "Cleopatra")));
  EXPECT_THAT(people_.names(), ElementsAre(Pair(1, "Ada")));
  // Opened again it is as it was recorded.
  view_.replay = ui::ReplayView{.session = std::make_shared<sessions::RecordedSession>(*past)};
  EXPECT_THAT(shown_names(), ElementsAre(Pair(1, "Cleo")));
  view_.replay.reset();
  EXPECT_THAT(shown_names(), ElementsAre(Pair(1, "Ada")));
}

TEST_F(PeopleTest, WithoutARestingFaceThereIsNothingToKeep) {
  people_.handle(ui::action::SaveNeutral{1, "Ada"});
  ASSERT_EQ(view_.notices.size(), 1U);
  EXPECT_EQ(view_.notices[0].level, base::Notice::Level::warning);
  EXPECT_THAT(view_.notices[0].text, HasSubstr("Ada"));
  people_.poll();
  EXPECT_THAT(view_.kept_people, IsEmpty());
}

TEST_F(PeopleTest, KeptOnesAreOfferedForTheirModelAndForgotten) {
  {
    SavedBaselines kept(folder_ / "neutral.json");
    kept.save("Ada", {"fake", {"neutral", "happiness"}, {0.5F, 0.5F}});
  }
  People people(folder_ / "neutral.json", nullptr, *live_, view_);
  view_.status.baseline_model = "another";
  people.poll();
  EXPECT_THAT(view_.kept_people, IsEmpty());
  view_.status.baseline_model = "fake";
  people.poll();
  EXPECT_THAT(view_.kept_people, ElementsAre("Ada"));
  people.handle(ui::action::DeleteNeutral{"Ada"});
  people.poll();
  EXPECT_THAT(view_.kept_people, IsEmpty());
  EXPECT_THAT(SavedBaselines(folder_ / "neutral.json").names("fake"), IsEmpty());
}

}  // namespace
}  // namespace mien::app
