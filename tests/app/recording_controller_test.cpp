#include "recording_controller.hpp"

#include <filesystem>
#include <fstream>
#include <future>
#include <map>
#include <utility>

#include <gmock/gmock.h>

#include "support/fake_session.hpp"
#include "support/temporary_folder.hpp"

namespace mien::app {
namespace {

class RecordingControllerTest : public ::testing::Test {
 protected:
  recording::SessionOptions options() {
    recording::SessionOptions options;
    options.folder = recording::new_session_folder(folder_.path());
    options.model = testing::FakeModel().card();
    options.detector_id = "fake";
    options.source = session_->snapshot().status.source;
    return options;
  }
  bool reading() {
    return testing::eventually([&] { return session_->snapshot().analysis != nullptr; });
  }
  /// What the next recording is to be.
  void plan(const recording::SessionOptions& options) {
    plan_ = {.privacy = options.privacy, .prepare = [options] { return options; }};
  }
  bool start(const recording::SessionOptions& options) {
    plan(options);
    const bool busy = recording_.busy();
    recording_.handle(ui::action::Record{true});
    return !busy && recording_.busy();
  }
  void stop() { recording_.handle(ui::action::Record{false}); }
  void poll() { recording_.poll(session_->snapshot()); }
  double seconds() {
    poll();
    return view_.recording.seconds;
  }
  /// Until nothing is written any more.
  std::vector<base::Notice> all_notices() {
    EXPECT_TRUE(testing::eventually([&] {
      poll();
      return !recording_.busy();
    }));
    return std::exchange(view_.notices, {});
  }
  static std::string text_of(const std::filesystem::path& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  testing::TemporaryFolder folder_;
  std::unique_ptr<analysis::LiveSession> session_ = testing::fake_session(
      {320, 240}, {{.box = {40, 40, 90, 90}, .confidence = 1, .landmarks = {}}});
  ui::ViewModel view_;
  std::map<int, std::string> names_;
  RecordingController::Plan plan_;
  RecordingController recording_{*session_, view_, names_,
                                 [this](const analysis::LiveStatus&) { return plan_; }};
};

TEST_F(RecordingControllerTest, WhatIsSentMeanwhileIsInTheDocument) {
  ASSERT_TRUE(reading());
  const auto wanted = options();
  recording_.note_outputs({"osc:a"});
  ASSERT_TRUE(start(wanted));
  ASSERT_TRUE(testing::eventually([&] { return seconds() > 0.1; }));
  recording_.note_outputs({"osc:a", "web"});
  recording_.note_outputs({"web"});
  ASSERT_TRUE(testing::eventually([&] { return seconds() > 0.2; }));
  stop();
  all_notices();
  const auto outputs =
      nlohmann::json::parse(text_of(wanted.folder / "session.json")).at("outputs");
  ASSERT_EQ(outputs.size(), 2U);
  EXPECT_EQ(outputs[0]["spec"], "osc:a");
  EXPECT_EQ(outputs[0]["from"], 0.0);
  EXPECT_EQ(outputs[1]["spec"], "web");
  EXPECT_GE(outputs[1]["from"], 0.0);
  EXPECT_GE(outputs[1]["to"], outputs[1]["from"]);
}

TEST_F(RecordingControllerTest, RecordsStopsWithoutWaitingAndSaysWhere) {
  ASSERT_TRUE(reading());
  const auto wanted = options();
  ASSERT_TRUE(start(wanted));
  EXPECT_TRUE(view_.recording.active);
  EXPECT_FALSE(start(options())) << "one at a time";
  ASSERT_TRUE(testing::eventually([&] { return seconds() > 0.2; }));
  stop();
  EXPECT_FALSE(recording_.recording());
  EXPECT_FALSE(view_.recording.active);
  const auto notices = all_notices();
  ASSERT_EQ(notices.size(), 1u);
  EXPECT_EQ(notices[0].level, base::Notice::Level::info);
  EXPECT_THAT(notices[0].text, ::testing::HasSubstr(wanted.folder.string()));
  EXPECT_EQ(recording_.problem(), "");
  EXPECT_GT(std::filesystem::file_size(wanted.folder / "video.mkv"), 0u);
  EXPECT_TRUE(std::filesystem::exists(wanted.folder / "faces.csv"));
}

TEST_F(RecordingControllerTest, AFolderThatCannotBeMadeIsANoticeAndAProblem) {
  ASSERT_TRUE(reading());
  auto wanted = options();
  wanted.folder = "/proc/mien/session";
  ASSERT_TRUE(start(wanted));
  const auto notices = all_notices();
  ASSERT_EQ(notices.size(), 1u);
  EXPECT_EQ(notices[0].level, base::Notice::Level::error);
  EXPECT_THAT(notices[0].text, ::testing::HasSubstr("/proc/mien/session"));
  EXPECT_THAT(recording_.problem(), ::testing::HasSubstr("/proc/mien/session"));
  EXPECT_FALSE(recording_.busy());
}

// A disk that does not answer: the caller goes on, and so does the picture.
TEST_F(RecordingControllerTest, ASlowDiskHoldsUpTheRecordingAlone) {
  ASSERT_TRUE(reading());
  std::promise<void> disk;
  const auto wanted = options();
  plan_.prepare = [&wanted, answer = disk.get_future().share()] {
    answer.wait();
    return wanted;
  };
  recording_.handle(ui::action::Record{true});
  poll();
  EXPECT_TRUE(view_.recording.active);
  const auto seen = session_->snapshot().status.captured;
  EXPECT_TRUE(
      testing::eventually([&] { return session_->snapshot().status.captured > seen + 20; }));
  disk.set_value();
  ASSERT_TRUE(testing::eventually([&] { return seconds() > 0.2; }));
  stop();
  EXPECT_EQ(all_notices().size(), 1u);
  EXPECT_TRUE(std::filesystem::exists(wanted.folder / "faces.csv"));
}

TEST_F(RecordingControllerTest, BeforeTheFirstPictureThereIsNothingToRecord) {
  analysis::LiveSession::Factories factories;
  factories.open_source =
      [](const sources::SourceRequest&) -> std::unique_ptr<sources::FrameSource> {
    throw base::Error("There is no camera.");
  };
  factories.make_detector = [](const std::string& id) {
    return std::make_unique<testing::FakeDetector>(id, std::vector<base::Face>{});
  };
  factories.load_model = [](const std::string& id, const std::string&) {
    return std::make_unique<testing::FakeModel>(id);
  };
  analysis::LiveSession blind(factories,
                              {.source = {.spec = "camera", .realtime = true, .mode = {}},
                               .detector = "fake",
                               .model = "fake",
                               .allow_fallbacks = false});
  RecordingController recording(blind, view_, names_,
                                [this](const analysis::LiveStatus&) { return plan_; });
  recording.handle(ui::action::Record{true});
  EXPECT_FALSE(recording.busy());
  ASSERT_EQ(view_.notices.size(), 1u);
  EXPECT_THAT(view_.notices[0].text, ::testing::HasSubstr("nothing to record yet"));
  // --record: it never will.
  recording.request_start();
  ASSERT_TRUE(testing::eventually([&] {
    recording.poll(blind.snapshot());
    return recording.start_failed();
  }));
  EXPECT_FALSE(recording.start_requested());
  EXPECT_THAT(recording.problem(), ::testing::HasSubstr("There is no camera."));
}

TEST_F(RecordingControllerTest, NothingStartsOnceClosingBegan) {
  ASSERT_TRUE(reading());
  plan(options());
  recording_.request_start();
  recording_.close(false);
  poll();
  EXPECT_FALSE(recording_.busy());
  EXPECT_TRUE(recording_.start_requested()) << "it never came to it, which is a failure";
  recording_.handle(ui::action::Record{true});
  EXPECT_FALSE(recording_.busy());
  EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
}

TEST_F(RecordingControllerTest, TheRequestedOneStartsOnceAndNotBeforeTheNoticeIsAccepted) {
  ASSERT_TRUE(reading());
  plan(options());
  view_.first_run = true;
  recording_.request_start();
  poll();
  EXPECT_FALSE(recording_.busy());
  view_.first_run = false;
  poll();
  EXPECT_TRUE(recording_.recording());
  EXPECT_FALSE(recording_.start_requested());
  ASSERT_TRUE(testing::eventually([&] { return seconds() > 0.1; }));
  stop();
  all_notices();
  poll();
  EXPECT_FALSE(recording_.busy());
  EXPECT_FALSE(recording_.start_failed());
}

TEST_F(RecordingControllerTest, OnlyTheRequestedOneIsRefusedWhenItCannotBegin) {
  ASSERT_TRUE(reading());
  auto wanted = options();
  wanted.folder = "/proc/mien/session";
  ASSERT_TRUE(start(wanted));
  all_notices();
  EXPECT_FALSE(recording_.start_failed()) << "the user chose to record in the window";
  recording_.request_start();
  poll();
  ASSERT_TRUE(recording_.busy());
  all_notices();
  EXPECT_TRUE(recording_.start_failed());
}

TEST_F(RecordingControllerTest, ClosingEndsTheOneThatRuns) {
  ASSERT_TRUE(reading());
  const auto wanted = options();
  ASSERT_TRUE(start(wanted));
  ASSERT_TRUE(testing::eventually([&] { return seconds() > 0.1; }));
  recording_.close(true);
  EXPECT_EQ(all_notices().size(), 1u);
  EXPECT_THAT(text_of(wanted.folder / "session.json"), ::testing::HasSubstr("interrupted"));
  EXPECT_FALSE(start(options()));
}

// Pause, then another source: it runs, and the recording is told that the pause is over.
TEST_F(RecordingControllerTest, AnotherSourceEndsAPauseInTheRecordingToo) {
  ASSERT_TRUE(reading());
  const auto wanted = options();
  ASSERT_TRUE(start(wanted));
  ASSERT_TRUE(testing::eventually([&] { return seconds() > 0.1; }));
  session_->request({.paused = true});
  poll();
  session_->request(
      {.source = sources::SourceRequest{.spec = "another", .realtime = true, .mode = {}}});
  ASSERT_TRUE(testing::eventually([&] {
    poll();
    return session_->snapshot().status.source.spec == "another";
  }));
  poll();
  const auto recorded = seconds();
  ASSERT_TRUE(testing::eventually([&] { return seconds() > recorded + 0.2; }));
  stop();
  all_notices();
  const auto events = text_of(wanted.folder / "events.csv");
  const auto paused = events.find(",pause,");
  ASSERT_NE(paused, std::string::npos) << events;
  EXPECT_NE(events.find(",resume,", paused), std::string::npos) << events;
}

TEST_F(RecordingControllerTest, ARecordingKnowsTheNamesThatWereGivenBeforeAndMeanwhile) {
  ASSERT_TRUE(reading());
  names_[1] = "Ada";
  const auto wanted = options();
  ASSERT_TRUE(start(wanted));
  ASSERT_TRUE(testing::eventually([&] { return seconds() > 0.1; }));
  recording_.handle(ui::action::NamePerson{2, "Bob"});
  view_.replay.emplace();
  recording_.handle(ui::action::NamePerson{1, "Cleo"});
  view_.replay.reset();
  stop();
  all_notices();
  const auto events = text_of(wanted.folder / "events.csv");
  EXPECT_NE(events.find("Ada"), std::string::npos) << events;
  EXPECT_NE(events.find("Bob"), std::string::npos) << events;
  EXPECT_EQ(events.find("Cleo"), std::string::npos) << "somebody in a past session";
}

}  // namespace
}  // namespace mien::app
