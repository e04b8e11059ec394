#include "notices_panel.hpp"

#include <gtest/gtest.h>

#include "ui/ui_fixture.hpp"

namespace mien::ui {
namespace {

base::Notice info(std::string text) { return {base::Notice::Level::info, std::move(text)}; }

TEST(NoticeBoard, SlidesInStaysAndFades) {
  NoticeBoard board;
  board.add(info("hello"), 10);
  const auto& item = board.items().front();
  EXPECT_FLOAT_EQ(NoticeBoard::presence(item, 10), 0);
  EXPECT_GT(NoticeBoard::presence(item, 10.1), 0.3F);
  EXPECT_TRUE(board.moving(10.1));
  EXPECT_FLOAT_EQ(NoticeBoard::presence(item, 11), 1);
  EXPECT_FALSE(board.moving(11));
  board.update(13);
  ASSERT_EQ(board.items().size(), 1u);
  board.update(60);
  EXPECT_TRUE(board.items().empty());
}

TEST(NoticeBoard, ErrorsStayLonger) {
  NoticeBoard board;
  board.add(info("a"), 0);
  board.add({base::Notice::Level::error, "b"}, 0);
  board.update(6);
  ASSERT_EQ(board.items().size(), 1u);
  EXPECT_EQ(board.items()[0].notice.text, "b");
}

TEST(NoticeBoard, TheSameAgainStaysInsteadOfPilingUp) {
  NoticeBoard board;
  board.add(info("busy"), 0);
  const double leaves = board.items()[0].leaves;
  board.add(info("busy"), 3);
  ASSERT_EQ(board.items().size(), 1u);
  EXPECT_DOUBLE_EQ(board.items()[0].leaves, leaves + 3);
}

TEST(NoticeBoard, OnlyTheNewestFourStay) {
  NoticeBoard board;
  for (int i = 0; i < 7; ++i) board.add(info(std::to_string(i)), i);
  ASSERT_EQ(board.items().size(), 4u);
  EXPECT_EQ(board.items().front().notice.text, "3");
}

TEST(NoticeBoard, DismissedOnesFadeAtOnce) {
  NoticeBoard board;
  board.add(info("x"), 0);
  board.dismiss(0, 1);
  board.update(1.6);
  EXPECT_TRUE(board.items().empty());
  board.dismiss(5, 1);  // nothing there
}

using NoticesPanel = UiTest;

TEST_F(NoticesPanel, ShowsANoticeLetsItGoAndAClickSendsItAway) {
  open(1280, 800, 1);
  auto view = sample_view(0);
  view.notices = {info("The camera is back.")};
  frames(view, 30);
  const auto* placed = find("The camera is back.");
  ASSERT_NE(placed, nullptr);
  const ImVec2 middle{(placed->area.min.x + placed->area.max.x) / 2,
                      (placed->area.min.y + placed->area.max.y) / 2};
  frames(view, 60);
  EXPECT_TRUE(shows("The camera is back."));
  click(view, middle);
  frames(view, 40);
  EXPECT_FALSE(shows("The camera is back."));

  view.notices = {info("Another one.")};
  frames(view, 60 * 8);
  EXPECT_FALSE(shows("Another one."));
}

}  // namespace
}  // namespace mien::ui
