// Live sessions with a camera that is not there all the time, or not at its rate all the time.

#include <chrono>
#include <memory>
#include <thread>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "mien/analysis/live_session.hpp"
#include "mien/recording/session_recorder.hpp"
#include "mien/sessions/session_check.hpp"

#include "support/fakes.hpp"
#include "support/session_fixture.hpp"

namespace mien::recording {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using Clock = std::chrono::steady_clock;

/// 30 frames a second, then 10, as a webcam in the dark; stamped when they are taken.
class SlowingSource : public sources::FrameSource {
 public:
  struct Seen {
    Clock::time_point first{};
    Clock::time_point last{};
  };
  explicit SlowingSource(std::shared_ptr<Seen> seen) : seen_(std::move(seen)) {}

  const sources::SourceInfo& info() const override { return info_; }
  base::FramePtr read() override {
    if (next_ == 60) return nullptr;
    due_ += next_ < 36 ? 33ms : 100ms;
    std::this_thread::sleep_until(due_);
    const auto now = Clock::now();
    if (next_ == 0) seen_->first = now;
    seen_->last = now;
    auto frame = std::make_shared<base::Frame>();
    frame->sequence = next_++;
    frame->time = now - opened_;
    frame->arrived = now;
    frame->image = cv::Mat(48, 64, CV_8UC3, cv::Scalar::all(static_cast<double>(next_)));
    return frame;
  }

 private:
  const sources::SourceInfo info_{.spec = "slow",
                                  .name = "slow",
                                  .kind = "folder",  // not tried again when it ends
                                  .size = {64, 48},
                                  .fps = 30,
                                  .format = "",
                                  .live = true,
                                  .frame_count = {}};
  const Clock::time_point opened_ = Clock::now();
  Clock::time_point due_ = opened_;
  std::uint64_t next_ = 0;
  std::shared_ptr<Seen> seen_;
};

class LiveRecordingTest : public testing::SessionTest {
 protected:
  /// Its sources in turn.
  static analysis::LiveSession::Factories factories(
      std::function<std::unique_ptr<sources::FrameSource>(int opening)> open) {
    auto openings = std::make_shared<std::atomic<int>>(0);
    return {.open_source = [open = std::move(open), openings](
                               const sources::SourceRequest&) { return open((*openings)++); },
            .make_detector =
                [](const std::string&) {
                  base::Face face;
                  face.box = {10, 10, 30, 30};
                  face.confidence = 0.9F;
                  return std::make_unique<testing::FakeDetector>("fake-detector",
                                                                 std::vector<base::Face>{face});
                },
            .load_model =
                [](const std::string&, const std::string&) {
                  return std::make_unique<testing::FakeModel>(
                      "fake", std::vector<std::string>{"neutral", "happiness", "sadness"},
                      std::vector<float>{0.2F, 0.7F, 0.1F});
                }};
  }
};

TEST_F(LiveRecordingTest, ACameraThatGoesAwayKeepsTheSession) {
  auto recorder = std::make_shared<SessionRecorder>(options());
  {
    analysis::LiveSession session(factories([](int opening) {
                                    testing::FakeSource::Script script;
                                    script.info.name = "Studio";
                                    script.interval = 20ms;
                                    if (opening == 0) script.breaks_after = 25;
                                    return std::make_unique<testing::FakeSource>(script);
                                  }),
                                  {.source = {.spec = "fake", .realtime = true, .mode = {}},
                                   .detector = "fake-detector",
                                   .model = "fake"});
    session.set_sink(recorder);
    ASSERT_TRUE(testing::eventually([&] { return recorder->status().seconds > 2.2; }));
    recorder->note({.kind = sessions::SessionEvent::Kind::marker, .text = "it is back"});
    const auto frames = recorder->status().frames;
    ASSERT_TRUE(testing::eventually([&] { return recorder->status().frames > frames + 10; }));
    session.set_sink(nullptr);
  }
  recorder->request_stop();
  ASSERT_TRUE(testing::eventually([&] { return recorder->finished(); }));
  const auto status = recorder->status();
  EXPECT_EQ(status.problem, "");
  const auto events = testing::contents(status.folder / "events.csv");
  EXPECT_THAT(events, HasSubstr(",source,0,0,Studio\r\n"));
  EXPECT_THAT(events, HasSubstr(",departure,1,"));
  // The same person keeps the number when the camera is back.
  EXPECT_THAT(events, Not(HasSubstr(",arrival,2,")));
  EXPECT_THAT(events, HasSubstr(",marker,0,0,it is back\r\n"));
  EXPECT_THAT(sessions::check_session(status.folder).problems, IsEmpty());
  EXPECT_TRUE(std::filesystem::exists(status.folder / "report.html"));
}

TEST_F(LiveRecordingTest, ACameraThatSlowsDownKeepsTheTimeOfTheWall) {
  const auto seen = std::make_shared<SlowingSource::Seen>();
  auto recorder = std::make_shared<SessionRecorder>(options());
  {
    analysis::LiveSession session(
        factories([&](int) { return std::make_unique<SlowingSource>(seen); }),
        {.source = {.spec = "slow", .realtime = true, .mode = {}},
         .detector = "fake-detector",
         .model = "fake"});
    session.set_sink(recorder);
    // A busy machine may lose some on the way; all are accounted for in the end.
    ASSERT_TRUE(testing::eventually([&] {
      const auto status = session.snapshot().status;
      return status.captured == 60 && status.analysed + status.dropped == 60;
    }));
    session.set_sink(nullptr);
  }
  recorder->request_stop();
  ASSERT_TRUE(testing::eventually([&] { return recorder->finished(); }));
  const auto folder = recorder->status().folder;
  const auto times = testing::read_video(folder / "video.mkv").milliseconds;
  const std::chrono::duration<double, std::milli> wall = seen->last - seen->first;
  ASSERT_FALSE(times.empty());
  EXPECT_NEAR(static_cast<double>(times.back()), wall.count(), 0.02 * wall.count());
  EXPECT_GT(wall.count(), 3000);
  EXPECT_THAT(sessions::check_session(folder).problems, IsEmpty());
}

}  // namespace
}  // namespace mien::recording
