#include "mien/analysis/live_session.hpp"

#include <algorithm>
#include <cmath>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mien/base/error.hpp"
#include "mien/base/threads.hpp"
#include "mien/models/model_process.hpp"

#include "support/fake_mesh.hpp"
#include "support/fakes.hpp"
#include "support/stalled_disk.hpp"

namespace mien::analysis {
namespace {

using namespace std::chrono_literals;
using testing::eventually;
using testing::FakeDetector;
using testing::FakeModel;
using testing::FakeSource;
using ::testing::HasSubstr;
using testing::StalledDisk;
using State = LiveStatus::State;

std::vector<base::Face> one_face() {
  return {{.box = {10, 10, 20, 20}, .confidence = 0.9F, .landmarks = {}}};
}

FakeSource::Script script(const std::string& spec, const std::string& kind = "camera") {
  FakeSource::Script result;
  result.info.spec = result.info.name = spec;
  result.info.kind = kind;
  result.info.live = kind != "video" && kind != "image";
  return result;
}

/// A session over fakes: sources, detectors and models are known by name; unknown ones cannot
/// be had, as in life.
class LiveSessionTest : public ::testing::Test {
 protected:
  LiveSessionTest() {
    sources["demo"] = script("demo", "demo");
    sources["camera"] = script("camera");
  }

  LiveSession::Factories factories() {
    LiveSession::Factories result;
    result.open_source =
        [this](const sources::SourceRequest& request) -> std::unique_ptr<sources::FrameSource> {
      const std::scoped_lock lock(mutex);
      ++opened[request.spec];
      const auto it = sources.find(request.spec.empty() ? "camera" : request.spec);
      if (it == sources.end()) throw base::Error("The source " + request.spec + " is missing.");
      return std::make_unique<FakeSource>(it->second);
    };
    result.make_detector = [](const std::string& id) -> std::unique_ptr<faces::FaceDetector> {
      if (id == "nobody") throw base::Error("There is no detector nobody.");
      return std::make_unique<FakeDetector>(id.empty() ? "standard" : id, one_face());
    };
    result.load_model =
        [](const std::string& id,
           const std::string& reading) -> std::unique_ptr<emotions::EmotionModel> {
      if (id == "missing") throw base::Error("There is no model missing.");
      const auto takes = id == "slow" ? 1000ms : 0ms;
      auto model = std::make_unique<FakeModel>(id.empty() ? "standard" : id,
                                               std::vector<std::string>{"neutral", "happiness"},
                                               std::vector{0.2F, 0.8F}, takes, id == "broken");
      if (id == "actor") model->offer_readings({"everyday", "acted"}, reading);
      return model;
    };
    return result;
  }

  std::unique_ptr<LiveSession> start(const std::string& source = "camera",
                                     const std::string& model = "",
                                     const std::string& detector = "") {
    return std::make_unique<LiveSession>(
        factories(),
        LiveSession::Start{{.spec = source, .realtime = true, .mode = {}}, detector, model});
  }

  void set_source(const std::string& spec, const FakeSource::Script& s) {
    const std::scoped_lock lock(mutex);
    sources[spec] = s;
  }

  std::string all_notices(LiveSession& session) {
    for (const auto& notice : session.take_notices()) said += notice.text + "\n";
    return said;
  }

  bool says(LiveSession& session, const std::string& words) {
    return eventually([&] { return all_notices(session).find(words) != std::string::npos; });
  }

  int opened_times(const std::string& spec) {
    const std::scoped_lock lock(mutex);
    return opened[spec];
  }

  std::mutex mutex;
  std::map<std::string, FakeSource::Script> sources;
  std::map<std::string, int> opened;
  std::string said;
};

class CollectingSink : public AnalyzedFrameSink {
 public:
  bool push(base::AnalyzedFramePtr frame) override {
    const std::scoped_lock lock(mutex_);
    frames_.push_back(std::move(frame));
    return true;
  }
  void source_ended() override {
    const std::scoped_lock lock(mutex_);
    ends_.push_back(frames_.size());
  }
  std::vector<base::AnalyzedFramePtr> frames() const {
    const std::scoped_lock lock(mutex_);
    return frames_;
  }
  /// After how many frames it was told that the source has ended.
  std::vector<std::size_t> ends() const {
    const std::scoped_lock lock(mutex_);
    return ends_;
  }

 private:
  std::vector<std::size_t> ends_;
  mutable std::mutex mutex_;
  std::vector<base::AnalyzedFramePtr> frames_;
};

/// Keeps whoever gives it a frame waiting until it is let go.
class HoldingSink : public CollectingSink {
 public:
  bool push(base::AnalyzedFramePtr frame) override {
    CollectingSink::push(std::move(frame));
    free_.wait(false);
    return true;
  }
  void let_go() {
    free_ = true;
    free_.notify_all();
  }

 private:
  std::atomic<bool> free_{false};
};

TEST_F(LiveSessionTest, ReadsFacesLive) {
  auto session = start();
  ASSERT_TRUE(eventually([&] { return session->snapshot().status.analysed > 5; }));
  const auto analysis = session->snapshot().analysis;
  ASSERT_TRUE(analysis);
  EXPECT_EQ(analysis->readings.size(), 1U);
  const LiveStatus status = session->snapshot().status;
  EXPECT_EQ(status.state, State::running);
  EXPECT_EQ(status.source.spec, "camera");
  EXPECT_EQ(status.model_id, "standard");
  EXPECT_EQ(status.detector_id, "standard");
  EXPECT_GT(status.capture_fps, 0);
  EXPECT_EQ(all_notices(*session), "");
}

TEST_F(LiveSessionTest, ReadsInAnotherWayWhenAskedTo) {
  auto session = start("camera", "actor");
  ASSERT_TRUE(eventually([&] { return session->snapshot().status.analysed > 1; }));
  LiveStatus status = session->snapshot().status;
  EXPECT_EQ(status.readings.size(), 2U);
  EXPECT_EQ(status.model_reading, "everyday");
  EXPECT_EQ(status.baseline_model, "actor");
  EXPECT_EQ(session->snapshot().analysis->model_reading, "everyday");
  session->request({.reading = "acted"});
  ASSERT_TRUE(eventually([&] {
    const auto analysis = session->snapshot().analysis;
    return analysis && analysis->model_reading == "acted";
  }));
  status = session->snapshot().status;
  EXPECT_EQ(status.model_reading, "acted");
  EXPECT_EQ(status.baseline_model, "actor/acted") << "a resting face of another prior";
  // A model without a choice reads as it does, and the request waits for one that has it.
  session->request({.model = "plain"});
  ASSERT_TRUE(eventually([&] { return session->snapshot().status.model_id == "plain"; }));
  EXPECT_EQ(session->snapshot().status.model_reading, "");
  EXPECT_TRUE(session->snapshot().status.readings.empty());
  session->request({.model = "actor"});
  ASSERT_TRUE(eventually([&] { return session->snapshot().status.model_id == "actor"; }));
  EXPECT_EQ(session->snapshot().status.model_reading, "acted");
  EXPECT_EQ(all_notices(*session), "");
}

// The promise of the design: a model that takes a second neither slows the picture nor the
// caller.
TEST_F(LiveSessionTest, KeepsThePictureMovingWithAModelThatTakesASecond) {
  auto session = start("camera", "slow");
  ASSERT_TRUE(eventually([&] { return session->snapshot().status.analysed >= 1; }));
  const auto before = session->snapshot().status;
  ASSERT_TRUE(
      eventually([&] { return session->snapshot().status.analysed > before.analysed; }));
  const auto after = session->snapshot().status;
  // About a hundred frames come while one is analysed; all but the newest are dropped, and
  // counted.
  const auto captured = after.captured - before.captured;
  EXPECT_GT(captured, 20U);
  EXPECT_GT(after.dropped - before.dropped, captured / 2);
  const auto newest = session->snapshot().frame;
  EXPECT_GT(newest->sequence, session->snapshot().analysis->frame->sequence);
  // Menus answer: a request returns while the slow model is still at work, and is granted after
  // it.
  const auto asked = session->snapshot().status.analysed;
  session->request({.model = "quick"});
  EXPECT_LE(session->snapshot().status.analysed, asked + 1);
  EXPECT_TRUE(eventually([&] { return session->snapshot().status.model_id == "quick"; }));
}

TEST_F(LiveSessionTest, DropsNothingOfAFile) {
  auto clip = script("clip", "video");
  clip.frames = 40;
  clip.interval = 2ms;
  set_source("clip", clip);
  auto sink = std::make_shared<CollectingSink>();
  auto session = start("camera");
  session->set_sink(sink);
  ASSERT_TRUE(eventually([&] { return session->snapshot().status.analysed > 0; }));
  session->request(
      {.source = sources::SourceRequest{.spec = "clip", .realtime = true, .mode = {}}});
  ASSERT_TRUE(eventually([&] { return session->snapshot().status.state == State::ended; }));
  ASSERT_TRUE(eventually([&] { return session->snapshot().status.analysed == 40; }));
  EXPECT_EQ(session->snapshot().status.dropped, 0U);
  ASSERT_TRUE(eventually([&] { return sink->frames().back()->frame->sequence == 39; }));
  const auto frames = sink->frames();
  for (std::size_t i = 0; i < 40; ++i) {
    EXPECT_EQ(frames[frames.size() - 40 + i]->frame->sequence, i);
  }
  EXPECT_TRUE(says(*session, "clip has ended"));
}

TEST_F(LiveSessionTest, ASinkThatWasAnnouncedMissesNothingOfAFile) {
  auto clip = script("clip", "video");
  clip.frames = 5;
  clip.interval = 1ms;
  set_source("clip", clip);
  LiveSession::Start start{{.spec = "clip", .realtime = true, .mode = {}}, "", ""};
  start.hold_until_sink = true;
  LiveSession session(factories(), start);
  // The window shows the first frame, and begins to record when it has seen it.
  ASSERT_TRUE(eventually([&] { return session.snapshot().analysis != nullptr; }));
  std::this_thread::sleep_for(50ms);
  EXPECT_EQ(session.snapshot().status.analysed, 1U) << "it goes on without the sink";
  auto sink = std::make_shared<CollectingSink>();
  session.set_sink(sink);
  ASSERT_TRUE(eventually([&] { return sink->frames().size() == 5; }));
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(sink->frames()[i]->frame->sequence, i);
}

TEST_F(LiveSessionTest, AfterASourceThatIsMissingASinkIsAwaitedAsBefore) {
  auto clip = script("clip", "video");
  clip.frames = 1'000'000;
  clip.interval = 5ms;
  set_source("clip", clip);
  LiveSession::Start start{{.spec = "clip", .realtime = true, .mode = {}}, "", ""};
  start.hold_until_sink = true;
  LiveSession session(factories(), start);
  ASSERT_TRUE(eventually([&] { return session.snapshot().status.captured == 3; }));
  session.request(
      {.source = sources::SourceRequest{.spec = "missing", .realtime = true, .mode = {}}});
  ASSERT_TRUE(says(session, "The source missing is missing."));
  EXPECT_TRUE(eventually([&] {
    const auto before = session.snapshot().status.analysed;
    std::this_thread::sleep_for(100ms);
    return session.snapshot().status.analysed == before;
  })) << "the rest waits for the recording";
}

TEST_F(LiveSessionTest, WhileASinkIsAwaitedALiveSourcePlaysAndAnotherOneOpens) {
  set_source("clip", script("clip", "video"));
  LiveSession::Start start{{.spec = "clip", .realtime = true, .mode = {}}, "", ""};
  start.hold_until_sink = true;
  LiveSession session(factories(), start);
  // One frame is held, one waits behind it, and with the third the capture thread waits.
  ASSERT_TRUE(eventually([&] { return session.snapshot().status.captured == 3; }));
  ASSERT_TRUE(eventually([&] { return session.snapshot().analysis != nullptr; }));
  session.request(
      {.source = sources::SourceRequest{.spec = "camera", .realtime = true, .mode = {}}});
  ASSERT_TRUE(eventually([&] {
    const auto seen = session.snapshot();
    return seen.status.source.spec == "camera" && seen.status.analysed > 5;
  }));
  // And the end does not wait for it.
  session.request(
      {.source = sources::SourceRequest{.spec = "clip", .realtime = true, .mode = {}}});
  ASSERT_TRUE(eventually([&] { return session.snapshot().status.source.spec == "clip"; }));
}

TEST_F(LiveSessionTest, ASinkOfWhatHasEndedGetsWhatIsShown) {
  auto still = script("photo", "image");
  still.frames = 1;
  set_source("photo", still);
  auto session = start("photo");
  ASSERT_TRUE(eventually([&] {
    const auto seen = session->snapshot();
    return seen.status.state == State::ended && seen.analysis != nullptr;
  }));
  auto sink = std::make_shared<CollectingSink>();
  session->set_sink(sink);
  ASSERT_TRUE(eventually([&] { return sink->frames().size() == 1; }));
  session->set_sink(nullptr);
  session->set_sink(sink);
  ASSERT_TRUE(eventually([&] { return sink->frames().size() == 2; }));
  std::this_thread::sleep_for(150ms);
  EXPECT_EQ(sink->frames().size(), 2U) << "once for each sink";
}

TEST_F(LiveSessionTest, OutputsGetWhatIsShownBesideTheSink) {
  auto still = script("photo", "image");
  still.frames = 1;
  set_source("photo", still);
  auto session = start("photo");
  ASSERT_TRUE(eventually([&] {
    const auto seen = session->snapshot();
    return seen.status.state == State::ended && seen.analysis != nullptr;
  }));
  auto sink = std::make_shared<CollectingSink>();
  auto outputs = std::make_shared<CollectingSink>();
  session->set_sink(sink);
  session->set_outputs(outputs);
  ASSERT_TRUE(
      eventually([&] { return outputs->frames().size() == 1 && sink->frames().size() == 1; }));
  // The same picture, read by another model, is news to them, and none to a recording.
  session->request({.model = "other"});
  ASSERT_TRUE(eventually([&] { return outputs->frames().size() == 2; }));
  EXPECT_EQ(outputs->frames().back()->model_id, "other");
  EXPECT_EQ(sink->frames().size(), 1U);
}

TEST_F(LiveSessionTest, TheEndIsToldAfterTheLastFrameAndAfterEachThatIsReadAnew) {
  auto clip = script("clip", "video");
  clip.frames = 5;
  clip.interval = 1ms;
  set_source("clip", clip);
  LiveSession::Start start{{.spec = "clip", .realtime = true, .mode = {}}, "", ""};
  start.hold_until_sink = true;
  LiveSession session(factories(), start);
  const auto sink = std::make_shared<CollectingSink>();
  const auto outputs = std::make_shared<CollectingSink>();
  session.set_outputs(outputs);
  session.set_sink(sink);
  ASSERT_TRUE(eventually([&] { return !outputs->ends().empty() && !sink->ends().empty(); }));
  EXPECT_EQ(sink->ends(), std::vector<std::size_t>{5});
  EXPECT_EQ(outputs->ends().back(), outputs->frames().size());
  const auto sent = outputs->frames().size();
  session.request({.model = "other"});
  ASSERT_TRUE(eventually([&] { return outputs->ends().back() == sent + 1; }));
}

TEST_F(LiveSessionTest, ALiveSourceDoesNotEnd) {
  const auto sink = std::make_shared<CollectingSink>();
  auto session = start();
  session->set_sink(sink);
  ASSERT_TRUE(eventually([&] { return sink->frames().size() > 5; }));
  session->request({.paused = true});
  ASSERT_TRUE(eventually([&] { return session->snapshot().status.state == State::paused; }));
  std::this_thread::sleep_for(150ms);
  EXPECT_TRUE(sink->ends().empty());
}

TEST_F(LiveSessionTest, ASinkThatWaitsDelaysNoOutput) {
  const auto sink = std::make_shared<HoldingSink>();
  const auto outputs = std::make_shared<CollectingSink>();
  auto session = start();
  session->set_sink(sink);
  session->set_outputs(outputs);
  ASSERT_TRUE(eventually([&] { return sink->frames().size() == 1; }));
  const auto first = sink->frames().front();
  EXPECT_TRUE(eventually([&] { return !outputs->frames().empty(); }));
  EXPECT_EQ(outputs->frames().back(), first) << "it has the frame for which the sink waits";
  sink->let_go();
  EXPECT_TRUE(eventually([&] { return outputs->frames().size() > 5; }));
}

TEST_F(LiveSessionTest, PlaysAnEndedFileAgain) {
  auto clip = script("clip", "video");
  clip.frames = 5;
  set_source("clip", clip);
  auto session = start("clip");
  ASSERT_TRUE(eventually([&] { return session->snapshot().status.state == State::ended; }));
  session->request({.restart = true});
  ASSERT_TRUE(says(*session, "has ended"));
  ASSERT_TRUE(eventually([&] {
    const std::scoped_lock lock(mutex);
    return opened["clip"] == 2;
  }));
  EXPECT_TRUE(eventually([&] { return session->snapshot().status.state == State::ended; }));
}

TEST_F(LiveSessionTest, FallsBackToTheDemoWhenTheFirstSourceIsMissing) {
  auto session = start("/dev/video7");
  ASSERT_TRUE(eventually([&] { return session->snapshot().status.source.spec == "demo"; }));
  EXPECT_THAT(all_notices(*session), HasSubstr("/dev/video7 is missing"));
}

TEST_F(LiveSessionTest, NothingStandsInWhereItMustNot) {
  struct Case {
    std::string source, detector, model, sentence;
  };
  for (const auto& wanted : {Case{"/dev/video7", "", "", "The source /dev/video7 is missing."},
                             Case{"camera", "nobody", "", "There is no detector nobody."},
                             Case{"camera", "", "missing", "There is no model missing."}}) {
    LiveSession::Start start{
        {.spec = wanted.source, .realtime = true, .mode = {}}, wanted.detector, wanted.model};
    start.allow_fallbacks = false;
    LiveSession session(factories(), start);
    EXPECT_TRUE(eventually([&] {
      return session.snapshot().status.missing == wanted.sentence;
    })) << wanted.sentence;
    EXPECT_EQ(session.snapshot().status.analysed, 0U) << wanted.sentence;
    EXPECT_EQ(session.snapshot().analysis, nullptr) << wanted.sentence;
  }
  EXPECT_EQ(opened["demo"], 0);
}

TEST_F(LiveSessionTest, ACameraThatComesBackShowsTheSamePeople) {
  auto camera = script("camera");
  camera.frames = 5;  // then it is lost
  set_source("camera", camera);
  auto session = start();
  const auto sink = std::make_shared<CollectingSink>();
  session->set_sink(sink);
  ASSERT_TRUE(eventually([&] {
    return opened_times("camera") >= 2 && !sink->frames().empty() &&
           sink->frames().back()->source >= 2;
  }));
  for (const auto& frame : sink->frames()) {
    for (const auto& reading : frame->readings) EXPECT_EQ(reading.person, 1);
  }
}

TEST_F(LiveSessionTest, KeepsTheOldSourceWhenTheNewOneCannotBeOpened) {
  auto session = start();
  ASSERT_TRUE(eventually([&] { return session->snapshot().status.analysed > 0; }));
  session->request(
      {.source = sources::SourceRequest{.spec = "nowhere.mp4", .realtime = true, .mode = {}}});
  ASSERT_TRUE(says(*session, "nowhere.mp4 is missing"));
  const auto seen = session->snapshot().status.analysed;
  EXPECT_EQ(session->snapshot().status.source.spec, "camera");
  EXPECT_TRUE(eventually([&] { return session->snapshot().status.analysed > seen; }));
}

TEST_F(LiveSessionTest, ForgetsTheOldSourcesReadingsOnASwitch) {
  auto other = script("other");
  other.info.size = {32, 32};
  set_source("other", other);
  auto session = start();
  ASSERT_TRUE(eventually([&] { return session->snapshot().analysis != nullptr; }));
  session->request(
      {.source = sources::SourceRequest{.spec = "other", .realtime = true, .mode = {}}});
  ASSERT_TRUE(eventually([&] { return session->snapshot().status.source.spec == "other"; }));
  const auto analysis = session->snapshot().analysis;
  if (analysis) {
    EXPECT_EQ(analysis->frame->image.size(), cv::Size(32, 32));
  }
  ASSERT_TRUE(eventually([&] { return session->snapshot().analysis != nullptr; }));
  // Somebody new in front of another camera is another person.
  EXPECT_EQ(session->snapshot().analysis->readings.at(0).person, 2);
}

/// A source whose opening or reading does not return until it is let go.
struct Stall {
  std::mutex mutex;
  std::condition_variable changed;
  bool stalls = true;
  int waiting = 0;

  void wait() {
    std::unique_lock lock(mutex);
    ++waiting;
    changed.notify_all();
    changed.wait(lock, [&] { return !stalls; });
  }
  bool is_reached() {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, 20s, [&] { return waiting > 0; });
  }
  void let_go() {
    const std::scoped_lock lock(mutex);
    stalls = false;
    changed.notify_all();
  }
};

class StallingSource : public FakeSource {
 public:
  StallingSource(Script script, std::shared_ptr<Stall> stall)
      : FakeSource(std::move(script)), stall_(std::move(stall)) {}
  base::FramePtr read() override {
    stall_->wait();
    return FakeSource::read();
  }

 private:
  const std::shared_ptr<Stall> stall_;
};

TEST_F(LiveSessionTest, ASourceThatHangsWhileOpeningIsGivenUpForAnother) {
  const auto stall = std::make_shared<Stall>();
  auto made = factories();
  made.open_source = [stall, open = made.open_source](const sources::SourceRequest& request) {
    if (request.spec == "hangs") stall->wait();
    return open(request);
  };
  set_source("hangs", script("hangs", "video"));
  set_source("other", script("other"));
  auto session = std::make_unique<LiveSession>(
      made, LiveSession::Start{{.spec = "hangs", .realtime = true, .mode = {}}, "", ""});
  ASSERT_TRUE(stall->is_reached());
  EXPECT_EQ(session->snapshot().status.state, State::opening);
  // Nothing plays, and the next one opens all the same.
  session->request(
      {.source = sources::SourceRequest{.spec = "camera", .realtime = true, .mode = {}}});
  ASSERT_TRUE(eventually([&] { return session->snapshot().status.source.spec == "camera"; }));
  // Another time while something plays, which goes on.
  session->request(
      {.source = sources::SourceRequest{.spec = "hangs", .realtime = true, .mode = {}}});
  const auto seen = session->snapshot().status.captured;
  ASSERT_TRUE(eventually([&] { return session->snapshot().status.captured > seen + 5; }));
  session->request(
      {.source = sources::SourceRequest{.spec = "other", .realtime = true, .mode = {}}});
  ASSERT_TRUE(eventually([&] { return session->snapshot().status.source.spec == "other"; }));
  EXPECT_EQ(all_notices(*session), "");
  // And the end does not wait for it for ever.
  session->request(
      {.source = sources::SourceRequest{.spec = "hangs", .realtime = true, .mode = {}}});
  session.reset();
  EXPECT_GT(base::detached_threads(), 0);
  stall->let_go();
  EXPECT_TRUE(eventually([] { return base::detached_threads() == 0; }));
}

TEST_F(LiveSessionTest, AFileOnADiskThatHangsIsGivenUpForAnother) {
  StalledDisk disk;
  if (!disk.is_there()) GTEST_SKIP() << "mounting is not allowed here";
  auto made = factories();
  made.open_source = [open = made.open_source](const sources::SourceRequest& request) {
    return request.spec.starts_with('/') ? sources::open_source(request) : open(request);
  };
  auto session = std::make_unique<LiveSession>(
      made, LiveSession::Start{
                {.spec = disk.path("clip.mp4"), .realtime = true, .mode = {}}, "", ""});
  EXPECT_EQ(session->snapshot().status.state, State::opening);
  session->request(
      {.source = sources::SourceRequest{.spec = "camera", .realtime = true, .mode = {}}});
  ASSERT_TRUE(eventually([&] { return session->snapshot().analysis != nullptr; }));
  // A folder of pictures there, while the camera plays; and the end.
  session->request({.source = sources::SourceRequest{
                        .spec = disk.path("pictures"), .realtime = true, .mode = {}}});
  const auto seen = session->snapshot().status.captured;
  ASSERT_TRUE(eventually([&] { return session->snapshot().status.captured > seen + 5; }));
  session.reset();
  EXPECT_GT(base::detached_threads(), 0) << "the disk was to hang all the while";
  disk.let_go();
  EXPECT_TRUE(eventually([] { return base::detached_threads() == 0; }));
}

TEST_F(LiveSessionTest, WhatIsToBeKnownOfALiveSourceIsSaidWhenItOpens) {
  class Remarkable : public FakeSource {
   public:
    using FakeSource::FakeSource;
    std::string remark() const override { return "The certificate of x was not checked."; }
  };
  auto made = factories();
  made.open_source =
      [](const sources::SourceRequest&) -> std::unique_ptr<sources::FrameSource> {
    return std::make_unique<Remarkable>(script("x", "stream"));
  };
  LiveSession session(made, {{.spec = "x", .realtime = true, .mode = {}}, "", ""});
  EXPECT_TRUE(says(session, "was not checked"));
}

TEST_F(LiveSessionTest, ASourceThatHangsWhileReadingIsGivenUpForAnother) {
  const auto stall = std::make_shared<Stall>();
  auto made = factories();
  made.open_source =
      [stall, open = made.open_source](
          const sources::SourceRequest& request) -> std::unique_ptr<sources::FrameSource> {
    if (request.spec != "hangs") return open(request);
    return std::make_unique<StallingSource>(script("hangs", "video"), stall);
  };
  auto session = std::make_unique<LiveSession>(
      made, LiveSession::Start{{.spec = "hangs", .realtime = true, .mode = {}}, "", ""});
  ASSERT_TRUE(stall->is_reached());
  session->request(
      {.source = sources::SourceRequest{.spec = "camera", .realtime = true, .mode = {}}});
  ASSERT_TRUE(eventually([&] { return session->snapshot().status.source.spec == "camera"; }));
  ASSERT_TRUE(eventually([&] { return session->snapshot().analysis != nullptr; }));
  session.reset();
  stall->let_go();
  EXPECT_TRUE(eventually([] { return base::detached_threads() == 0; }));
}

TEST_F(LiveSessionTest, SaysThatACameraWasUnpluggedAndComesBackToIt) {
  auto fragile = script("fragile");
  fragile.breaks_after = 3;
  set_source("fragile", fragile);
  auto session = start("fragile");
  ASSERT_TRUE(says(*session, "was unplugged"));
  EXPECT_TRUE(session->snapshot().frame);  // the last picture stays
  set_source("fragile", script("fragile"));
  EXPECT_TRUE(says(*session, "is back"));
  EXPECT_TRUE(eventually([&] { return session->snapshot().status.state == State::running; }));
}

TEST_F(LiveSessionTest, KeepsTheOldModelAndDetectorWhenTheNewOnesCannotBeLoaded) {
  auto session = start();
  ASSERT_TRUE(eventually([&] { return session->snapshot().status.analysed > 0; }));
  session->request({.model = "missing"});
  ASSERT_TRUE(says(*session, "no model missing"));
  session->request({.detector = "nobody"});
  ASSERT_TRUE(says(*session, "no detector nobody"));
  EXPECT_EQ(session->snapshot().status.model_id, "standard");
  EXPECT_EQ(session->snapshot().status.detector_id, "standard");
  const auto seen = session->snapshot().status.analysed;
  EXPECT_TRUE(eventually([&] { return session->snapshot().status.analysed > seen; }));
}

TEST_F(LiveSessionTest, StandsInTheStandardOnesWhenTheFirstCannotBeLoaded) {
  auto session = start("camera", "missing", "nobody");
  ASSERT_TRUE(eventually([&] { return session->snapshot().status.analysed > 0; }));
  EXPECT_EQ(session->snapshot().status.model_id, "standard");
  EXPECT_EQ(session->snapshot().status.detector_id, "standard");
  EXPECT_THAT(all_notices(*session), HasSubstr("no model missing"));
}

TEST_F(LiveSessionTest, SurvivesAModelThatFailsOnEveryFrame) {
  auto session = start("camera", "broken");
  ASSERT_TRUE(says(*session, "layer 3 is upset"));
  ASSERT_TRUE(eventually([&] { return session->snapshot().status.captured > 60; }));
  const std::string everything = all_notices(*session);
  // The same error thirty times a second would hide everything else.
  EXPECT_EQ(everything.find("upset"), everything.rfind("upset")) << everything;
  session->request({.model = "good"});
  EXPECT_TRUE(eventually([&] { return session->snapshot().status.analysed > 0; }));
}

// Third-party models whose process ends at the third picture.
class MortalModel : public FakeModel {
 public:
  using FakeModel::FakeModel;
  std::vector<float> classify(const cv::Mat& face) override {
    if (++runs_ > 2) {
      throw models::ModelProcessEnded(models::ModelCard::Task::emotion,
                                      "It ended; choose another model.");
    }
    return FakeModel::classify(face);
  }

 private:
  int runs_ = 0;
};

class MortalDetector : public FakeDetector {
 public:
  using FakeDetector::FakeDetector;
  std::vector<base::Face> detect(const cv::Mat& bgr) override {
    if (++runs_ > 20)
      throw models::ModelProcessEnded(models::ModelCard::Task::face,
                                      "It ended; choose another one.");
    return FakeDetector::detect(bgr);
  }

 private:
  int runs_ = 0;
};

TEST_F(LiveSessionTest, TheStandardModelTakesOverFromOneThatHasEnded) {
  auto mortal = factories();
  mortal.load_model =
      [others = mortal.load_model](
          const std::string& id,
          const std::string& reading) -> std::unique_ptr<emotions::EmotionModel> {
    if (id != "mortal") return others(id, reading);
    return std::make_unique<MortalModel>(id, std::vector<std::string>{"neutral", "happiness"},
                                         std::vector{0.2F, 0.8F}, 0ms, false);
  };
  mortal.make_detector = [others = mortal.make_detector](
                             const std::string& id) -> std::unique_ptr<faces::FaceDetector> {
    if (id != "mortal") return others(id);
    return std::make_unique<MortalDetector>(id, one_face());
  };
  LiveSession session(
      mortal,
      LiveSession::Start{{.spec = "camera", .realtime = true, .mode = {}}, "", "mortal"});
  EXPECT_TRUE(says(session, "It ended; choose another model."));
  EXPECT_TRUE(eventually([&] { return session.snapshot().status.model_id == "standard"; }));
  session.request({.detector = "mortal"});
  EXPECT_TRUE(eventually([&] { return session.snapshot().status.detector_id == "mortal"; }));
  EXPECT_TRUE(eventually([&] { return session.snapshot().status.detector_id == "standard"; }));
  const auto before = session.snapshot().status.analysed;
  EXPECT_TRUE(eventually([&] { return session.snapshot().status.analysed > before; }));
}

TEST_F(LiveSessionTest, ReadsAStillPictureAnewWithAnotherModel) {
  auto photo = script("photo", "image");
  photo.frames = 1;
  set_source("photo", photo);
  auto sink = std::make_shared<CollectingSink>();
  auto session = start("photo");
  session->set_sink(sink);
  ASSERT_TRUE(eventually([&] { return session->snapshot().analysis != nullptr; }));
  session->request({.model = "other"});
  EXPECT_TRUE(eventually([&] { return session->snapshot().analysis->model_id == "other"; }));
  // A recording gets every frame once.
  EXPECT_LE(sink->frames().size(), 1U);
}

TEST_F(LiveSessionTest, HoldsThePictureWhilePaused) {
  const auto reads = std::make_shared<std::atomic<int>>(0);
  auto counted = script("camera");
  counted.reads = reads;
  set_source("camera", counted);
  auto session = start();
  ASSERT_TRUE(eventually([&] { return session->snapshot().status.captured > 3; }));
  session->request({.paused = true});
  EXPECT_EQ(session->snapshot().status.state, State::paused);
  // What was under way comes through while the next few are read.
  const auto read_on = [reads] {
    const int seen = *reads;
    return eventually([&] { return *reads > seen + 5; });
  };
  ASSERT_TRUE(read_on());
  const auto held = session->snapshot().frame;
  ASSERT_TRUE(read_on());
  EXPECT_EQ(session->snapshot().frame, held);
  session->request({.paused = false});
  EXPECT_TRUE(eventually([&] { return session->snapshot().frame != held; }));
  EXPECT_EQ(session->snapshot().status.state, State::running);
}

TEST_F(LiveSessionTest, HoldsAFileStillWhilePaused) {
  auto clip = script("clip", "video");
  clip.frames = 100;
  set_source("clip", clip);
  auto session = start("clip");
  ASSERT_TRUE(eventually([&] { return session->snapshot().status.captured > 3; }));
  session->request({.paused = true});
  base::FramePtr held;
  ASSERT_TRUE(eventually([&] {  // what was under way comes through
    const auto before = std::exchange(held, session->snapshot().frame);
    std::this_thread::sleep_for(100ms);
    return before == held;
  }));
  EXPECT_EQ(session->snapshot().frame, held);
  session->request({.paused = false});
  // No frame of the file is skipped.
  ASSERT_TRUE(eventually([&] { return session->snapshot().status.state == State::ended; }));
  ASSERT_TRUE(eventually([&] { return session->snapshot().status.analysed == 100; }));
}

TEST_F(LiveSessionTest, StopsAtOnceWithNothingLoadedOrEverythingBroken) {
  LiveSession::Factories nothing;
  nothing.open_source =
      [](const sources::SourceRequest&) -> std::unique_ptr<sources::FrameSource> {
    throw base::Error("No source.");
  };
  nothing.make_detector = [](const std::string&) -> std::unique_ptr<faces::FaceDetector> {
    throw base::Error("No detector.");
  };
  nothing.load_model = [](const std::string&,
                          const std::string&) -> std::unique_ptr<emotions::EmotionModel> {
    throw base::Error("No model.");
  };
  LiveSession session(nothing, {});
  EXPECT_TRUE(eventually([&] { return session.snapshot().status.state == State::failed; }));
  EXPECT_EQ(session.snapshot().frame, nullptr);
}

base::Calibration calibration_of_first(LiveSession& session) {
  const auto analysis = session.snapshot().analysis;
  return analysis && !analysis->readings.empty() ? analysis->readings[0].calibration
                                                 : base::Calibration::none;
}

TEST_F(LiveSessionTest, LearnsUsesAndForgetsARestingFace) {
  // Baselines are learnt from good pictures: large, sharp and lit.
  auto wide = script("camera");
  wide.info.size = {640, 480};
  wide.noise = true;
  set_source("camera", wide);
  auto made = factories();
  made.make_detector = [](const std::string&) -> std::unique_ptr<faces::FaceDetector> {
    return std::make_unique<FakeDetector>(
        "standard", std::vector<base::Face>{
                        {.box = {200, 100, 200, 200}, .confidence = 0.9F, .landmarks = {}}});
  };
  LiveSession session(made, {{.spec = "camera", .realtime = true, .mode = {}}, "", ""});
  ASSERT_TRUE(eventually([&] { return session.snapshot().status.analysed > 2; }));
  const int person = session.snapshot().analysis->readings.at(0).person;
  EXPECT_FALSE(session.snapshot().baseline(person));
  session.request({.baselines = {{BaselineRequest::Kind::begin, person}}});
  EXPECT_TRUE(eventually(
      [&] { return calibration_of_first(session) == base::Calibration::collecting; }));
  ASSERT_TRUE(
      eventually([&] { return calibration_of_first(session) == base::Calibration::set; }));
  const auto baseline = session.snapshot().baseline(person);
  ASSERT_TRUE(baseline);
  EXPECT_EQ(baseline->model_id, "standard");
  ASSERT_EQ(baseline->resting.size(), 2U);
  EXPECT_NEAR(baseline->resting[1], 0.8F, 0.01F);
  EXPECT_EQ(session.snapshot().analysis->readings.at(0).neutral, 1U);

  session.request({.baselines = {{BaselineRequest::Kind::clear, person}}});
  ASSERT_TRUE(
      eventually([&] { return calibration_of_first(session) == base::Calibration::none; }));
  EXPECT_TRUE(eventually([&] { return !session.snapshot().baseline(person); }));

  session.request({.baselines = {{BaselineRequest::Kind::use, person, *baseline}}});
  EXPECT_TRUE(
      eventually([&] { return calibration_of_first(session) == base::Calibration::set; }));
  EXPECT_EQ(all_notices(session), "");
}

TEST_F(LiveSessionTest, ABaselineOfAnotherModelIsANotice) {
  auto session = start();
  ASSERT_TRUE(eventually([&] { return session->snapshot().status.analysed > 2; }));
  session->request({.baselines = {{BaselineRequest::Kind::use,
                                   1,
                                   {"another", {"neutral", "happiness"}, {0.5F, 0.5F}}}}});
  EXPECT_TRUE(eventually([&] { return !all_notices(*session).empty(); }));
  EXPECT_EQ(calibration_of_first(*session), base::Calibration::none);
}

/// With a landmarks model "mesh", and another that cannot be had; the faces are large.
LiveSession::Factories with_meshes(LiveSession::Factories made) {
  made.make_detector = [](const std::string&) -> std::unique_ptr<faces::FaceDetector> {
    return std::make_unique<FakeDetector>(
        "standard", std::vector<base::Face>{
                        {.box = {200, 100, 200, 200}, .confidence = 0.9F, .landmarks = {}}});
  };
  made.load_movements = [](const std::string& id) {
    if (id == "missing") throw base::Error("There is no landmarks model missing.");
    return testing::fake_movements();
  };
  return made;
}

/// Of the newest frame.
std::optional<base::FaceGeometry> geometry_of_first(LiveSession& session) {
  const auto analysis = session.snapshot().analysis;
  return analysis && !analysis->readings.empty() ? analysis->readings[0].geometry
                                                 : std::nullopt;
}

TEST_F(LiveSessionTest, MeasuresFacesWithALandmarksModelAndWithoutOneAgain) {
  auto wide = script("camera");
  wide.info.size = {640, 480};
  set_source("camera", wide);
  LiveSession session(with_meshes(factories()),
                      {.source = {.spec = "camera", .realtime = true, .mode = {}}});
  ASSERT_TRUE(eventually([&] { return session.snapshot().status.analysed > 2; }));
  EXPECT_FALSE(geometry_of_first(session)) << "nobody asked for it";
  EXPECT_EQ(session.snapshot().status.landmarks_id, "");
  session.request({.landmarks = "mesh"});
  ASSERT_TRUE(eventually([&] { return geometry_of_first(session).has_value(); }));
  EXPECT_EQ(session.snapshot().status.landmarks_id, "fake-mesh");
  ASSERT_TRUE(session.snapshot().status.movement_models) << "for session.json";
  EXPECT_FALSE(session.snapshot().status.movement_models->landmarks.document.empty());
  session.request({.measuring = Measuring::never});
  EXPECT_TRUE(eventually([&] { return !geometry_of_first(session); }));
  EXPECT_EQ(session.snapshot().status.landmarks_id, "fake-mesh") << "it is kept";
  session.request({.measuring = Measuring::sometimes});
  EXPECT_TRUE(eventually([&] { return geometry_of_first(session).has_value(); }));
  EXPECT_TRUE(eventually([&] { return !geometry_of_first(session); })) << "not every frame";
  session.request({.landmarks = kNoLandmarks, .measuring = Measuring::always});
  EXPECT_TRUE(eventually([&] { return session.snapshot().status.landmarks_id.empty(); }));
  EXPECT_FALSE(session.snapshot().status.movement_models);
  EXPECT_TRUE(eventually([&] { return !geometry_of_first(session); }));
  EXPECT_EQ(all_notices(session), "");
}

TEST_F(LiveSessionTest, TheFirstFrameOfASinkIsMeasuredAsWasRequestedBefore) {
  auto wide = script("camera");
  wide.info.size = {640, 480};
  set_source("camera", wide);
  LiveSession session(
      with_meshes(factories()),
      {.source = {.spec = "camera", .realtime = true, .mode = {}}, .landmarks = "mesh"});
  session.request({.measuring = Measuring::never});
  ASSERT_TRUE(eventually([&] {
    const auto analysis = session.snapshot().analysis;
    return analysis && !analysis->readings.empty() && !analysis->readings[0].geometry;
  }));
  // A frame that has been read without being measured, and is not given to the sink yet.
  const auto holding = std::make_shared<HoldingSink>();
  session.set_outputs(holding);
  ASSERT_TRUE(eventually([&] { return !holding->frames().empty(); }));
  const auto sink = std::make_shared<CollectingSink>();
  session.request({.measuring = Measuring::always});
  session.set_sink(sink);
  holding->let_go();
  ASSERT_TRUE(eventually([&] { return sink->frames().size() > 2; }));
  for (const auto& frame : sink->frames()) {
    ASSERT_EQ(frame->readings.size(), 1U);
    EXPECT_TRUE(frame->readings[0].geometry) << frame->frame->sequence;
  }
}

TEST_F(LiveSessionTest, APictureThatHasEndedIsMeasuredForItsSink) {
  auto still = script("photo", "image");
  still.frames = 1;
  still.info.size = {640, 480};
  set_source("photo", still);
  LiveSession session(
      with_meshes(factories()),
      {.source = {.spec = "photo", .realtime = true, .mode = {}}, .landmarks = "mesh"});
  ASSERT_TRUE(eventually([&] { return session.snapshot().status.state == State::ended; }));
  session.request({.measuring = Measuring::never});
  ASSERT_TRUE(eventually([&] {
    const auto analysis = session.snapshot().analysis;
    return analysis && !analysis->readings.empty() && !analysis->readings[0].geometry;
  }));
  const auto sink = std::make_shared<CollectingSink>();
  session.request({.measuring = Measuring::always});
  session.set_sink(sink);
  ASSERT_TRUE(eventually([&] { return sink->frames().size() == 1; }));
  EXPECT_TRUE(sink->frames()[0]->readings.at(0).geometry);
}

TEST_F(LiveSessionTest, TheStatusAndTheFramesNameWhatReadsMovements) {
  auto made = with_meshes(factories());
  made.load_movements = [](const std::string&) {
    return movements::load_movement_reader(movements::kDefaultLandmarks,
                                           models::ModelLibrary::standard());
  };
  LiveSession session(
      made, {.source = {.spec = "camera", .realtime = true, .mode = {}}, .landmarks = "mesh"});
  ASSERT_TRUE(eventually([&] { return session.snapshot().analysis != nullptr; }));
  EXPECT_EQ(session.snapshot().status.movements_id, movements::kMovementNetwork);
  EXPECT_EQ(session.snapshot().analysis->movements_id, movements::kMovementNetwork);
  session.request({.landmarks = kNoLandmarks});
  ASSERT_TRUE(eventually([&] { return session.snapshot().status.landmarks_id.empty(); }));
  EXPECT_EQ(session.snapshot().status.movements_id, "");
}

TEST_F(LiveSessionTest, ALandmarksModelThatCannotBeHadIsASentenceAndTheOldOneStays) {
  auto made = with_meshes(factories());
  {
    LiveSession session(made, {.source = {.spec = "camera", .realtime = true, .mode = {}},
                               .landmarks = "missing"});
    EXPECT_TRUE(says(session, "There is no landmarks model missing."));
    EXPECT_TRUE(eventually([&] { return session.snapshot().status.analysed > 2; }))
        << "faces are read all the same";
    EXPECT_EQ(session.snapshot().status.missing, "");
    session.request({.landmarks = "mesh"});
    ASSERT_TRUE(
        eventually([&] { return session.snapshot().status.landmarks_id == "fake-mesh"; }));
    said.clear();
    session.request({.landmarks = "missing"});
    EXPECT_TRUE(says(session, "There is no landmarks model missing."));
    EXPECT_EQ(session.snapshot().status.landmarks_id, "fake-mesh");
  }
  // A recording of what was asked for, or none.
  LiveSession session(made, {.source = {.spec = "camera", .realtime = true, .mode = {}},
                             .landmarks = "missing",
                             .allow_fallbacks = false});
  EXPECT_TRUE(eventually([&] { return !session.snapshot().status.missing.empty(); }));
}

/// A landmarks model whose process ends after so many faces.
std::unique_ptr<movements::MovementReader> mortal_movements(int faces = 2) {
  auto network = std::make_unique<testing::FakeMeshNetwork>(
      [runs = 0, faces](const cv::Mat& /*crop*/) mutable -> std::vector<float> {
        if (++runs > faces) {
          throw models::ModelProcessEnded(models::ModelCard::Task::landmarks,
                                          "The mesh ended; choose another model.");
        }
        return {};
      });
  return std::make_unique<movements::MovementReader>(movements::MeshReader(std::move(network)),
                                                     movements::CanonicalFace{});
}

TEST_F(LiveSessionTest, TheStandardLandmarksModelTakesOverFromOneThatHasEnded) {
  auto made = with_meshes(factories());
  std::atomic<bool> standard_ends = false;
  made.load_movements =
      [&, others = made.load_movements](
          const std::string& id) -> std::unique_ptr<movements::MovementReader> {
    if (id == "mortal" || (id.empty() && standard_ends)) return mortal_movements();
    return others(id);
  };
  auto wide = script("camera");
  wide.info.size = {640, 480};
  set_source("camera", wide);
  LiveSession session(made, {.source = {.spec = "camera", .realtime = true, .mode = {}},
                             .landmarks = "mortal"});
  EXPECT_TRUE(says(session, "The mesh ended; choose another model."));
  EXPECT_TRUE(eventually([&] {
    const auto geometry = geometry_of_first(session);
    return geometry && geometry->doubt == base::MeshDoubt::none;
  })) << "of the standard one";
  EXPECT_EQ(session.snapshot().status.model_id, "standard");
  EXPECT_EQ(session.snapshot().status.detector_id, "standard");

  // Where the standard one ends, too, faces are read without being measured.
  standard_ends = true;
  session.request({.landmarks = "mortal"});
  ASSERT_TRUE(eventually([&] { return session.snapshot().status.landmarks_id.empty(); }));
  const auto before = session.snapshot().status.analysed;
  EXPECT_TRUE(eventually([&] { return session.snapshot().status.analysed > before + 2; }));
  EXPECT_FALSE(geometry_of_first(session));
}

// There is no next frame in which it could be.
TEST_F(LiveSessionTest, APictureAtWhichAModelEndsIsReadByTheStandardOne) {
  auto still = script("photo", "image");
  still.frames = 1;
  still.info.size = {640, 480};
  set_source("photo", still);
  auto made = with_meshes(factories());
  made.load_movements =
      [others = made.load_movements](
          const std::string& id) -> std::unique_ptr<movements::MovementReader> {
    return id == "mortal" ? mortal_movements(0) : others(id);
  };
  LiveSession session(
      made, {.source = {.spec = "photo", .realtime = true, .mode = {}}, .landmarks = "mortal"});
  EXPECT_TRUE(says(session, "The mesh ended; choose another model."));
  EXPECT_TRUE(eventually([&] {
    const auto geometry = geometry_of_first(session);
    return geometry && geometry->doubt == base::MeshDoubt::none;
  }));
}

// A wait for a model's process is given up then, and the model is gone.
TEST_F(LiveSessionTest, LeavingWhileAModelIsWaitedForReadsNothingAgain) {
  auto wide = script("camera");
  wide.info.size = {640, 480};
  set_source("camera", wide);
  std::atomic<int> waits = 0;
  auto made = with_meshes(factories());
  made.load_movements = [&](const std::string&) {
    return std::make_unique<movements::MovementReader>(
        movements::MeshReader(std::make_unique<testing::FakeMeshNetwork>(
            [&](const cv::Mat& /*crop*/) -> std::vector<float> {
              ++waits;
              while (!models::WaitInterruption::asked()) std::this_thread::sleep_for(1ms);
              throw models::ModelProcessEnded(models::ModelCard::Task::landmarks,
                                              "The model was given up.");
            })),
        movements::CanonicalFace{});
  };
  {
    const LiveSession session(made, {.source = {.spec = "camera", .realtime = true, .mode = {}},
                                     .landmarks = "slow"});
    ASSERT_TRUE(eventually([&] { return waits == 1; }));
  }
  EXPECT_LE(waits, 2) << "the frame itself, and one that waited behind it";
}

TEST_F(LiveSessionTest, SetNeutralIsTheNeutralFaceOfMovementsToo) {
  auto wide = script("camera");
  wide.info.size = {640, 480};
  set_source("camera", wide);
  LiveSession session(
      with_meshes(factories()),
      {.source = {.spec = "camera", .realtime = true, .mode = {}}, .landmarks = "mesh"});
  ASSERT_TRUE(eventually([&] { return geometry_of_first(session).has_value(); }));
  // The canonical face is not the mean of people's: some movement is not 0 before.
  const auto strongest = [&] {
    const auto geometry = geometry_of_first(session);
    float most = 0;
    for (const float value : geometry ? geometry->movements : std::vector<float>{}) {
      if (std::isfinite(value)) most = std::max(most, std::abs(value));
    }
    return geometry ? most : 1.0F;
  };
  ASSERT_GT(strongest(), 0.05F);
  const int person = session.snapshot().analysis->readings.at(0).person;
  session.request({.baselines = {{BaselineRequest::Kind::begin, person}}});
  EXPECT_TRUE(eventually([&] { return strongest() < 0.02F; }));
  EXPECT_TRUE(eventually([&] {
    const auto geometry = geometry_of_first(session);
    return geometry && geometry->neutral == 1;
  })) << "what a recording finds it by";
  session.request({.baselines = {{BaselineRequest::Kind::clear, person}}});
  EXPECT_TRUE(eventually([&] { return strongest() > 0.05F; }));
}

}  // namespace
}  // namespace mien::analysis
