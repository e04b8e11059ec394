#include "playback_controller.hpp"

#include <future>
#include <map>

#include <gmock/gmock.h>

#include "mien/base/threads.hpp"

#include "support/fake_session.hpp"
#include "support/temporary_folder.hpp"

namespace mien::app {
namespace {

using ::testing::HasSubstr;

sessions::RecordedSession session_of(const std::filesystem::path& folder) {
  sessions::RecordedSession session;
  session.folder = folder;
  session.labels = {"neutral", "happiness"};
  for (std::uint64_t i = 0; i <= 20; ++i) {
    sessions::SessionRow row;
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
      if (folder.filename() == "broken")
        throw base::Error("The session broken cannot be read.");
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
class NoSurface : public PictureSurface {
 public:
  void upload(const cv::Mat& /*bgr*/, float /*shown_width*/) override {}
  std::uintptr_t id() const override { return 1; }
};

class PlaybackControllerTest : public ::testing::Test {
 protected:
  PlaybackControllerTest() { EXPECT_TRUE(live_is(analysis::LiveStatus::State::running)); }
  analysis::LiveStatus live() const { return live_->snapshot().status; }
  bool live_is(analysis::LiveStatus::State state) {
    return testing::eventually([&] { return live().state == state; });
  }
  bool poll() {
    view_.status = live();
    return playback_.poll();
  }
  bool shown() {
    return testing::eventually([&] {
      poll();
      return view_.replay.has_value();
    });
  }
  void open(const std::string& folder) { playback_.handle(ui::action::OpenSession{folder}); }
  void leave() { playback_.handle(ui::action::CloseSession{}); }

  testing::TemporaryFolder folder_;
  base::BackgroundQueue files_;
  Choices choices_{folder_ / "settings.json", {}, files_};
  Presenter presenter_{std::make_unique<NoSurface>()};
  ui::ViewModel view_;
  SlowDisk disk_;
  std::shared_ptr<std::atomic<int>> wakes_ = std::make_shared<std::atomic<int>>(0);
  std::unique_ptr<analysis::LiveSession> live_ = testing::fake_session();
  PlaybackController playback_{
      {*live_, choices_, presenter_, view_}, [wakes = wakes_] { ++*wakes; }, disk_.reader()};
};

TEST_F(PlaybackControllerTest, TheWindowGoesOnWhileASessionIsRead) {
  EXPECT_FALSE(playback_.replaying());
  open("/sessions/long");
  EXPECT_TRUE(playback_.replaying());
  EXPECT_EQ(view_.replay_opening, "long");
  ASSERT_TRUE(testing::eventually([&] { return disk_.begun() == 1; }));
  for (int redraw = 0; redraw < 3; ++redraw) {
    EXPECT_FALSE(poll());
    EXPECT_FALSE(view_.replay);
  }
  playback_.handle(ui::action::Pause{true});  // nothing to pause yet
  playback_.handle(ui::action::Seek{1});
  EXPECT_TRUE(live_is(analysis::LiveStatus::State::paused))
      << "what nobody sees need not be read";
  disk_.answer("/sessions/long");
  ASSERT_TRUE(shown());
  EXPECT_EQ(view_.replay_opening, "");
  EXPECT_EQ(view_.replay->session->folder, "/sessions/long");
  EXPECT_NEAR(view_.replay->length, 2, 1e-9);
  EXPECT_EQ(view_.status.state, analysis::LiveStatus::State::running);
  EXPECT_NE(presenter_.chosen().analysis, nullptr);
  EXPECT_GT(*wakes_, 0);
  leave();
  EXPECT_FALSE(playback_.replaying());
  EXPECT_FALSE(view_.replay);
  EXPECT_EQ(presenter_.chosen().analysis, nullptr) << "not over the live picture";
  EXPECT_TRUE(live_is(analysis::LiveStatus::State::running));
}

TEST_F(PlaybackControllerTest, OneThatIsStillReadCanBeGivenUp) {
  const int threads = base::detached_threads();  // that of the live source
  open("/sessions/hangs");
  ASSERT_TRUE(testing::eventually([&] { return disk_.begun() == 1; }));
  leave();
  EXPECT_FALSE(playback_.replaying());
  EXPECT_EQ(view_.replay_opening, "");
  EXPECT_TRUE(live_is(analysis::LiveStatus::State::running));
  const int before = *wakes_;
  disk_.answer("/sessions/hangs");
  EXPECT_TRUE(testing::eventually([&] { return base::detached_threads() == threads; }));
  EXPECT_EQ(*wakes_, before) << "nobody waits for it any more";
  EXPECT_FALSE(poll());
}

TEST_F(PlaybackControllerTest, AnotherOneCanBeOpenedMeanwhile) {
  open("/sessions/hangs");
  EXPECT_TRUE(live_is(analysis::LiveStatus::State::paused));
  open("/sessions/other/");
  EXPECT_EQ(view_.replay_opening, "other");
  disk_.answer("/sessions/other/");
  ASSERT_TRUE(shown());
  EXPECT_EQ(view_.replay->session->folder, "/sessions/other/");
  disk_.answer("/sessions/hangs");
  EXPECT_TRUE(shown());
  EXPECT_EQ(view_.replay->session->folder, "/sessions/other/");
  // The live picture was paused by the first of the two, and goes on after the second.
  leave();
  EXPECT_TRUE(live_is(analysis::LiveStatus::State::running));
}

TEST_F(PlaybackControllerTest, WhatCannotBeReadIsSaid) {
  open("/sessions/broken");
  disk_.answer("/sessions/broken");
  ASSERT_TRUE(testing::eventually([&] {
    poll();
    return !view_.notices.empty();
  }));
  EXPECT_THAT(view_.notices[0].text, HasSubstr("broken"));
  EXPECT_FALSE(playback_.replaying());
  EXPECT_TRUE(live_is(analysis::LiveStatus::State::running));
}

TEST_F(PlaybackControllerTest, ALivePictureThatIsRecordedGoesOn) {
  view_.recording.active = true;
  open("/sessions/past");
  disk_.answer("/sessions/past");
  ASSERT_TRUE(shown());
  EXPECT_EQ(live().state, analysis::LiveStatus::State::running);
  leave();
  EXPECT_EQ(live().state, analysis::LiveStatus::State::running);
}

TEST_F(PlaybackControllerTest, APauseOfTheUsersStays) {
  playback_.handle(ui::action::Pause{true});
  ASSERT_TRUE(live_is(analysis::LiveStatus::State::paused));
  open("/sessions/past");
  disk_.answer("/sessions/past");
  ASSERT_TRUE(shown());
  leave();
  EXPECT_EQ(live().state, analysis::LiveStatus::State::paused);
}

TEST_F(PlaybackControllerTest, PausesAndSeeksOnceItIsThere) {
  open("/sessions/past");
  disk_.answer("/sessions/past");
  ASSERT_TRUE(shown());
  playback_.handle(ui::action::Pause{true});
  playback_.handle(ui::action::Seek{1.5});
  poll();
  ASSERT_TRUE(view_.replay);
  EXPECT_EQ(view_.status.state, analysis::LiveStatus::State::paused);
  EXPECT_NEAR(view_.replay->position, 1.5, 1e-9);
  playback_.handle(ui::action::RestartSource{});
  poll();
  EXPECT_EQ(view_.status.state, analysis::LiveStatus::State::running);
  EXPECT_EQ(live().state, analysis::LiveStatus::State::paused)
      << "the replay's key is not the live one's";
}

TEST_F(PlaybackControllerTest, AnotherSourceEndsThePauseAndIsRememberedOnceItRuns) {
  playback_.handle(ui::action::Pause{true});
  ASSERT_TRUE(live_is(analysis::LiveStatus::State::paused));
  choices_.remember_running(live(), false);
  EXPECT_EQ(choices_.settings().source, "");
  playback_.handle(ui::action::OpenSource{"another"});
  ASSERT_TRUE(testing::eventually([&] { return live().source.spec == "another"; }));
  EXPECT_TRUE(live_is(analysis::LiveStatus::State::running));
  choices_.remember_running(live(), false);
  EXPECT_EQ(choices_.settings().source, "another");
}

TEST_F(PlaybackControllerTest, AnotherSourceLeavesThePastSession) {
  open("/sessions/past");
  disk_.answer("/sessions/past");
  ASSERT_TRUE(shown());
  playback_.handle(ui::action::OpenSource{"another"});
  EXPECT_FALSE(playback_.replaying());
  EXPECT_FALSE(view_.replay);
  ASSERT_TRUE(testing::eventually([&] { return live().source.spec == "another"; }));
  EXPECT_TRUE(live_is(analysis::LiveStatus::State::running));
}

TEST_F(PlaybackControllerTest, ACameraComesInTheModeThatWasChosenForIt) {
  const sources::CameraMode mode{.size = {640, 480}, .fps = 15, .format = "MJPG"};
  playback_.handle(ui::action::OpenCamera{"/dev/a", mode});
  ASSERT_TRUE(choices_.camera_mode("/dev/a"));
  EXPECT_EQ(choices_.camera_mode("/dev/a")->size, cv::Size(640, 480));
  playback_.handle(ui::action::OpenCamera{"/dev/a", std::nullopt});
  EXPECT_FALSE(choices_.camera_mode("/dev/a"));
}

TEST_F(PlaybackControllerTest, TheSessionThatIsDeletedIsLeft) {
  open("/sessions/past");
  disk_.answer("/sessions/past");
  ASSERT_TRUE(shown());
  playback_.handle(ui::action::DeleteSession{"/sessions/other"});
  EXPECT_TRUE(playback_.replaying());
  playback_.handle(ui::action::DeleteSession{"/sessions/past"});
  EXPECT_FALSE(playback_.replaying());
}

}  // namespace
}  // namespace mien::app
