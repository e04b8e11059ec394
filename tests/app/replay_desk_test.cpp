#include "replay_desk.hpp"

#include <future>
#include <map>

#include <gmock/gmock.h>

#include "mien/base/threads.hpp"

#include "support/fake_session.hpp"

namespace mien::testing {
namespace {

using ::testing::HasSubstr;

RecordedSession session_of(const std::filesystem::path& folder) {
  RecordedSession session;
  session.folder = folder;
  session.labels = {"neutral", "happiness"};
  for (std::uint64_t i = 0; i <= 20; ++i) {
    SessionRow row;
    row.frame = i + 1;
    row.timestamp = static_cast<double>(i) / 10;
    row.person = 1;
    row.success = true;
    row.box = {100, 100, 120, 120};
    row.verdict = "neutral";
    row.certainty = 0.9F;
    row.probabilities = {0.9F, 0.1F};
    session.rows.push_back(row);
  }
  return session;
}

/// A disk on which each session is read only when the test lets it.
class SlowDisk {
 public:
  ReplaySession::Read reader() {
    return [this](const std::filesystem::path& folder) {
      auto gate = gate_of(folder).get_future().share();
      ++begun_;
      gate.wait();
      if (folder.filename() == "broken") throw Error("The session broken cannot be read.");
      return session_of(folder);
    };
  }
  void answer(const std::filesystem::path& folder) { gate_of(folder).set_value(); }
  int begun() const { return begun_; }

 private:
  std::promise<void>& gate_of(const std::filesystem::path& folder) {
    const std::lock_guard lock(mutex_);
    return gates_[folder];
  }
  std::mutex mutex_;
  std::map<std::filesystem::path, std::promise<void>> gates_;
  std::atomic<int> begun_{0};
};

// The reader hangs until the test thread, which stands for the UI thread, has done with all
// that may not wait: a member that waited would hang the test.
class ReplayDeskTest : public ::testing::Test {
 protected:
  ReplayDeskTest() {
    live_ = fake_session();
    EXPECT_TRUE(live_is(LiveStatus::State::running));
  }
  bool live_is(LiveStatus::State state) {
    return eventually([&] { return live_->snapshot().status.state == state; });
  }
  bool shown() {
    return eventually([&] {
      if (auto moment = desk_.poll(); moment.view) {
        view_ = std::move(moment.view);
        return true;
      }
      return false;
    });
  }

  SlowDisk disk_;
  std::shared_ptr<std::atomic<int>> wakes_ = std::make_shared<std::atomic<int>>(0);
  std::unique_ptr<LiveSession> live_;
  ReplayDesk desk_{[wakes = wakes_] { ++*wakes; }, disk_.reader()};
  std::optional<ReplayView> view_;
};

TEST_F(ReplayDeskTest, TheWindowGoesOnWhileASessionIsRead) {
  EXPECT_FALSE(desk_.active());
  EXPECT_EQ(desk_.opening(), "");
  desk_.open("/sessions/long", *live_, false, {});
  EXPECT_TRUE(desk_.active());
  EXPECT_EQ(desk_.opening(), "long");
  EXPECT_TRUE(desk_.is("/sessions/long"));
  ASSERT_TRUE(eventually([&] { return disk_.begun() == 1; }));
  for (int redraw = 0; redraw < 3; ++redraw) {
    const auto moment = desk_.poll();
    EXPECT_FALSE(moment.view);
    EXPECT_EQ(moment.problem, "");
  }
  desk_.set_paused(true);  // nothing to pause yet
  desk_.seek(1);
  EXPECT_TRUE(live_is(LiveStatus::State::paused)) << "what nobody sees need not be read";
  disk_.answer("/sessions/long");
  ASSERT_TRUE(shown());
  EXPECT_EQ(desk_.opening(), "");
  EXPECT_EQ(view_->session->folder, "/sessions/long");
  EXPECT_NEAR(view_->length, 2, 1e-9);
  EXPECT_EQ(desk_.poll().status.state, LiveStatus::State::running);
  EXPECT_GT(*wakes_, 0);
  desk_.leave(*live_, std::move(view_));
  EXPECT_FALSE(desk_.active());
  EXPECT_TRUE(live_is(LiveStatus::State::running));
}

TEST_F(ReplayDeskTest, OneThatIsStillReadCanBeGivenUp) {
  const int threads = detached_threads();  // that of the live source
  desk_.open("/sessions/hangs", *live_, false, {});
  ASSERT_TRUE(eventually([&] { return disk_.begun() == 1; }));
  desk_.leave(*live_, {});
  EXPECT_FALSE(desk_.active());
  EXPECT_EQ(desk_.opening(), "");
  EXPECT_TRUE(live_is(LiveStatus::State::running));
  const int before = *wakes_;
  disk_.answer("/sessions/hangs");
  EXPECT_TRUE(eventually([&] { return detached_threads() == threads; }));
  EXPECT_EQ(*wakes_, before) << "nobody waits for it any more";
  EXPECT_FALSE(desk_.poll().view);
}

TEST_F(ReplayDeskTest, AnotherOneCanBeOpenedMeanwhile) {
  desk_.open("/sessions/hangs", *live_, false, {});
  EXPECT_TRUE(live_is(LiveStatus::State::paused));
  desk_.open("/sessions/other/", *live_, false, {});
  EXPECT_EQ(desk_.opening(), "other");
  disk_.answer("/sessions/other/");
  ASSERT_TRUE(shown());
  EXPECT_EQ(view_->session->folder, "/sessions/other/");
  disk_.answer("/sessions/hangs");
  EXPECT_TRUE(shown());
  EXPECT_EQ(view_->session->folder, "/sessions/other/");
  // The live picture was paused by the first of the two, and goes on after the second.
  desk_.leave(*live_, std::move(view_));
  EXPECT_TRUE(live_is(LiveStatus::State::running));
}

TEST_F(ReplayDeskTest, WhatCannotBeReadIsSaid) {
  desk_.open("/sessions/broken", *live_, false, {});
  disk_.answer("/sessions/broken");
  ASSERT_TRUE(eventually([&] { return !desk_.poll().problem.empty(); }));
  EXPECT_THAT(desk_.poll().problem, HasSubstr("broken"));
  desk_.leave(*live_, {});
  EXPECT_TRUE(live_is(LiveStatus::State::running));
  EXPECT_EQ(desk_.poll().problem, "");
}

TEST_F(ReplayDeskTest, ALivePictureThatIsRecordedGoesOn) {
  desk_.open("/sessions/past", *live_, true, {});
  disk_.answer("/sessions/past");
  ASSERT_TRUE(shown());
  EXPECT_EQ(live_->snapshot().status.state, LiveStatus::State::running);
  desk_.leave(*live_, std::move(view_));
  EXPECT_EQ(live_->snapshot().status.state, LiveStatus::State::running);
}

TEST_F(ReplayDeskTest, APauseOfTheUsersStays) {
  live_->request({.paused = true});
  ASSERT_TRUE(live_is(LiveStatus::State::paused));
  desk_.open("/sessions/past", *live_, false, {});
  disk_.answer("/sessions/past");
  ASSERT_TRUE(shown());
  desk_.leave(*live_, std::move(view_));
  EXPECT_EQ(live_->snapshot().status.state, LiveStatus::State::paused);
}

TEST_F(ReplayDeskTest, PausesAndSeeksOnceItIsThere) {
  desk_.open("/sessions/past", *live_, false, {});
  disk_.answer("/sessions/past");
  ASSERT_TRUE(shown());
  desk_.set_paused(true);
  desk_.seek(1.5);
  const auto moment = desk_.poll();
  ASSERT_TRUE(moment.view);
  EXPECT_EQ(moment.status.state, LiveStatus::State::paused);
  EXPECT_NEAR(moment.view->position, 1.5, 1e-9);
  desk_.leave(*live_, std::move(view_));
}

}  // namespace
}  // namespace mien::testing
