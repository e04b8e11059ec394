#include "system_checker.hpp"

#include <future>

#include <gtest/gtest.h>

#include "support/fakes.hpp"

namespace mien::app {
namespace {

using analysis::SystemCheckFollower;
using analysis::SystemCheckRequest;
using analysis::SystemReport;

class SystemCheckerTest : public ::testing::Test {
 protected:
  std::unique_ptr<SystemChecker> checker(SystemChecker::Check check) {
    return std::make_unique<SystemChecker>(
        view_, [] { return SystemCheckRequest{.version = "9", .sessions_folder = {}}; },
        [wakes = wakes_] { ++*wakes; }, std::move(check));
  }
  /// Waits until the check is over.
  bool ends(SystemChecker& checker) {
    return testing::eventually([&] {
      checker.poll();
      return !view_.system_check.running;
    });
  }
  std::vector<std::string> titles() const {
    std::vector<std::string> all;
    for (const auto& section : view_.system_check.report.sections) all.push_back(section.title);
    return all;
  }

  ui::ViewModel view_;
  std::shared_ptr<std::atomic<int>> wakes_ = std::make_shared<std::atomic<int>>(0);
};

SystemReport give(const SystemCheckFollower& follower, const std::vector<std::string>& titles) {
  for (const auto& title : titles) follower.section({title, {}});
  return {};
}

TEST_F(SystemCheckerTest, SectionsComeIntoTheViewOneByOne) {
  std::promise<void> go;
  const auto one =
      checker([wait = go.get_future().share()](const SystemCheckRequest& request,
                                               const SystemCheckFollower& follower) {
        give(follower, {request.version});
        wait.wait();
        return give(follower, {"last"});
      });
  EXPECT_FALSE(one->poll()) << "nobody asked";
  one->handle(ui::action::CheckSystem{});
  EXPECT_TRUE(view_.system_check.running);
  EXPECT_TRUE(testing::eventually([&] { return one->poll(); }));
  EXPECT_EQ(titles(), std::vector<std::string>{"9"});
  EXPECT_TRUE(view_.system_check.running);
  go.set_value();
  EXPECT_TRUE(ends(*one));
  EXPECT_EQ(titles(), (std::vector<std::string>{"9", "last"}));
  EXPECT_FALSE(one->poll()) << "nothing is new";
  EXPECT_TRUE(testing::eventually([&] { return *wakes_ == 3; }));
}

TEST_F(SystemCheckerTest, OneThatIsClosedIsToldAndItsRestIsNotShown) {
  auto begun = std::make_shared<std::promise<void>>();
  auto ended = std::make_shared<std::promise<bool>>();
  const auto one =
      checker([begun, ended](const SystemCheckRequest&, const SystemCheckFollower& follower) {
        begun->set_value();
        const bool told = testing::eventually([&] { return follower.stop(); });
        give(follower, {"late"});
        ended->set_value(told);
        return SystemReport{};
      });
  one->handle(ui::action::CheckSystem{});
  begun->get_future().wait();
  one->handle(ui::action::StopSystemCheck{});
  EXPECT_FALSE(view_.system_check.running);
  EXPECT_TRUE(ended->get_future().get());
  EXPECT_FALSE(one->poll());
  EXPECT_TRUE(titles().empty());
}

TEST_F(SystemCheckerTest, AnotherOneBeginsAnew) {
  auto count = std::make_shared<std::atomic<int>>(0);
  const auto one =
      checker([count](const SystemCheckRequest&, const SystemCheckFollower& follower) {
        return give(follower, {std::to_string(++*count)});
      });
  one->handle(ui::action::CheckSystem{});
  EXPECT_TRUE(ends(*one));
  one->handle(ui::action::CheckSystem{});
  EXPECT_TRUE(titles().empty());
  EXPECT_TRUE(ends(*one));
  EXPECT_EQ(titles(), std::vector<std::string>{"2"});
}

// Would not return if anything waited for it.
TEST_F(SystemCheckerTest, OneThatHangsIsLeftBehind) {
  auto gate = std::make_shared<std::promise<void>>();
  auto one = checker([wait = gate->get_future().share()](const SystemCheckRequest&,
                                                         const SystemCheckFollower&) {
    wait.wait();
    return SystemReport{};
  });
  one->handle(ui::action::CheckSystem{});
  EXPECT_FALSE(one->poll());
  one.reset();
  EXPECT_FALSE(view_.system_check.running);
  gate->set_value();
  EXPECT_TRUE(testing::eventually([&] { return *wakes_ == 1; }));
}

}  // namespace
}  // namespace mien::app
