#include "mien/recording/session_recorder.hpp"

#include <chrono>
#include <optional>
#include <thread>

#include <gmock/gmock.h>

#include "mien/base/error.hpp"
#include "mien/sessions/recorded_session.hpp"

#include "support/file_size_limit.hpp"
#include "support/session_fixture.hpp"

namespace mien::recording {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

class SessionRecorderTest : public testing::SessionTest {
 protected:
  static base::AnalyzedFramePtr frame(int number, cv::Size size = {320, 240}) {
    return std::make_shared<const base::AnalyzedFrame>(
        testing::analysed(testing::picture(size, number), number * 33ms,
                          {testing::reading(1, {20, 20, 80, 80}, {0.2F, 0.7F, 0.1F})}));
  }
  static void wait_until_finished(const SessionRecorder& recorder) {
    const auto deadline = std::chrono::steady_clock::now() + 60s;
    while (!recorder.finished() && std::chrono::steady_clock::now() < deadline) {
      std::this_thread::sleep_for(5ms);
    }
    ASSERT_TRUE(recorder.finished());
  }
};

TEST_F(SessionRecorderTest, StopDrainsWhatWaitsAndCloses) {
  SessionRecorder recorder(options());
  // Large pictures come faster than they are encoded, so that some wait when it is stopped.
  for (int i = 0; i < 25; ++i) ASSERT_TRUE(recorder.push(frame(i, {1280, 720})));
  recorder.request_stop();
  EXPECT_FALSE(recorder.push(frame(25, {1280, 720})));
  wait_until_finished(recorder);
  const auto status = recorder.status();
  EXPECT_EQ(status.problem, "");
  EXPECT_EQ(status.frames, 25U);
  EXPECT_NEAR(status.seconds, 24 * 0.033, 1e-9);
  EXPECT_GT(status.bytes, 1000U);
  EXPECT_EQ(testing::read_video(status.folder / "video.mkv").milliseconds.size(), 25U);
  EXPECT_EQ(testing::lines(status.folder / "faces.csv").size(), 26U);
  EXPECT_THAT(testing::contents(status.folder / "session.json"),
              HasSubstr("\"ended\": \"stopped\""));
}

TEST_F(SessionRecorderTest, BlurredFramesWaitForLaterOnesHoweverLongTheyTake) {
  auto requested = options();
  requested.privacy = sessions::Privacy::blurred_faces;
  SessionRecorder recorder(requested);
  ASSERT_TRUE(recorder.push(frame(0)));
  // A model that is being loaded keeps the next frame back for longer than a third of a second;
  // whoever is found in it was there before.
  std::this_thread::sleep_for(800ms);
  EXPECT_EQ(recorder.status().frames, 0U);
  recorder.source_ended();
  const auto deadline = std::chrono::steady_clock::now() + 60s;
  while (recorder.status().frames == 0 && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(5ms);
  }
  EXPECT_EQ(recorder.status().frames, 1U);
}

TEST_F(SessionRecorderTest, KeepsMovementsAndLandmarks) {
  auto requested = options();
  requested.privacy = sessions::Privacy::data_only;
  requested.columns = sessions::Columns::landmarks;
  requested.landmarks_id = "some-mesh";
  SessionRecorder recorder([requested] { return requested; });
  for (int i = 0; i < 20; ++i) {
    auto one = *frame(i);
    one.readings[0].geometry = testing::measured_face(one.readings[0].face.box, 0, 0.25F);
    one.readings[0].geometry->pose->yaw = static_cast<float>(i);
    ASSERT_TRUE(recorder.push(std::make_shared<const base::AnalyzedFrame>(std::move(one))));
  }
  recorder.request_stop();
  wait_until_finished(recorder);
  EXPECT_EQ(recorder.status().problem, "");
  const auto session = sessions::read_session(recorder.status().folder);
  EXPECT_EQ(session.columns, sessions::Columns::landmarks);
  EXPECT_EQ(session.document["landmarks"], "some-mesh");
  ASSERT_EQ(session.rows.size(), 20U);
  for (std::size_t i = 0; i < 20; ++i) {
    ASSERT_TRUE(session.rows[i].geometry);
    EXPECT_EQ(session.rows[i].geometry->yaw, static_cast<float>(i));
    EXPECT_EQ(session.rows[i].geometry->movements.at(3), 0.25F);
    EXPECT_EQ(session.rows[i].geometry->landmarks.size(), 68U);
  }
}

TEST_F(SessionRecorderTest, DestructionDrainsToo) {
  const auto requested = options();
  {
    SessionRecorder recorder(requested);
    for (int i = 0; i < 12; ++i) recorder.push(frame(i, {1280, 720}));
  }
  EXPECT_EQ(testing::read_video(requested.folder / "video.mkv").milliseconds.size(), 12U);
}

TEST_F(SessionRecorderTest, AFolderThatCannotBeMadeIsKnownAtOnce) {
  auto requested = options();
  requested.folder = "/proc/mien-session";
  EXPECT_THROW(SessionRecorder{requested}, base::Error);
}

TEST_F(SessionRecorderTest, AFullDiskEndsItAndIsSaid) {
  auto requested = options();
  requested.encoder = "mjpeg";
  if (avcodec_find_encoder_by_name("mjpeg") == nullptr) GTEST_SKIP() << "no mjpeg encoder";
  std::optional<testing::FileSizeLimit> full(100'000);
  SessionRecorder recorder(requested);
  bool wanted = true;
  for (int i = 0; i < 1000 && wanted; ++i) {
    cv::Mat noise(240, 320, CV_8UC3);
    cv::randu(noise, 0, 255);
    wanted = recorder.push(
        std::make_shared<const base::AnalyzedFrame>(testing::analysed(noise, i * 33ms)));
  }
  wait_until_finished(recorder);
  full.reset();
  EXPECT_FALSE(wanted);
  const auto status = recorder.status();
  EXPECT_THAT(status.problem, HasSubstr("cannot be written: File too large"));
  EXPECT_GE(testing::read_video(status.folder / "video.mkv").milliseconds.size(), 1U);
  EXPECT_THAT(testing::contents(status.folder / "session.json"),
              HasSubstr("\"ended\": \"failed\""));
}

}  // namespace
}  // namespace mien::recording
