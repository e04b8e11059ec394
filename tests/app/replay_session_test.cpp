#include "replay_session.hpp"

#include <fstream>

#include <gmock/gmock.h>

#include "mien/base/movements.hpp"
#include "mien/recording/session_writer.hpp"

#include "support/fakes.hpp"
#include "support/temporary_folder.hpp"

namespace mien::app {
namespace {

class ReplaySessionTest : public ::testing::Test {
 protected:
  /// Four seconds at 10 fps: the picture gets brighter, the face changes after two.
  std::filesystem::path record(sessions::Privacy privacy = sessions::Privacy::everything,
                               sessions::Columns columns = sessions::Columns::basic) {
    recording::SessionOptions options;
    options.folder = folder_.path() / "session";
    options.model = testing::FakeModel().card();
    options.model.labels = {"neutral", "happiness"};
    options.detector_id = "fake";
    options.source.name = "camera";
    options.source.size = {160, 120};
    options.privacy = privacy;
    options.columns = columns;
    options.bars = false;
    options.min_free_bytes = 0;
    recording::SessionWriter writer(options);
    const auto labels = std::make_shared<const std::vector<std::string>>(options.model.labels);
    for (int i = 0; i <= 40; ++i) {
      auto frame = std::make_shared<base::Frame>();
      frame->sequence = static_cast<std::uint64_t>(i);
      frame->time = std::chrono::milliseconds(100 * i);
      frame->image = cv::Mat(120, 160, CV_8UC3, cv::Scalar::all(40 + 4 * i));
      base::AnalyzedFrame analysis;
      analysis.frame = frame;
      analysis.labels = labels;
      analysis.model_id = options.model.id;
      analysis.detector_id = "fake";
      base::FaceReading reading;
      reading.person = 1;
      reading.face = {{100, 80, 40, 30}, 1, {}};
      const bool happy = i >= 20;
      reading.smoothed = reading.raw =
          happy ? std::vector<float>{0.1F, 0.9F} : std::vector<float>{0.9F, 0.1F};
      reading.verdict = {happy ? 1 : 0, 0.9F, base::Doubt::none};
      auto& geometry = reading.geometry.emplace();
      geometry.pose = base::HeadPose{5, static_cast<float>(i), 0, {0, 0, 600}};
      geometry.movements.assign(base::movements().size(), static_cast<float>(i) / 40);
      geometry.eyes.opening = 1;
      geometry.eyes.blinks = 7 + i / 25;
      analysis.readings.push_back(reading);
      writer.write(analysis);
    }
    EXPECT_EQ(writer.close("stopped", false).problem, "");
    return options.folder;
  }
  static double brightness(const ReplaySession::Moment& moment) {
    return cv::mean(moment.analysis->frame->image(cv::Rect(4, 60, 40, 40)))[0];
  }
  static double time(const ReplaySession::Moment& moment) {
    return std::chrono::duration<double>(moment.analysis->frame->time).count();
  }
  testing::TemporaryFolder folder_;
};

TEST_F(ReplaySessionTest, PlaysPicturesWithWhatWasReadInThem) {
  const auto replay = ReplaySession::open(record(), [] {});
  ASSERT_TRUE(testing::eventually([&] { return replay->moment().analysis != nullptr; }));
  auto moment = replay->moment();
  ASSERT_TRUE(moment.view);
  EXPECT_NEAR(moment.view->length, 4, 1e-6);
  EXPECT_FALSE(moment.view->unpainted);
  EXPECT_EQ(moment.status.source.kind, "session");
  replay->set_paused(true);
  for (const double wanted : {3.0, 0.5, 2.55}) {
    replay->seek(wanted);
    ASSERT_TRUE(testing::eventually([&] {
      moment = replay->moment();
      return std::abs(time(moment) - std::floor(wanted * 10 + 1e-6) / 10) < 1e-3;
    })) << wanted;
    EXPECT_EQ(moment.status.state, analysis::LiveStatus::State::paused);
    EXPECT_NEAR(moment.view->position, wanted, 1e-6);
    ASSERT_EQ(moment.analysis->readings.size(), 1U);
    EXPECT_EQ(moment.analysis->readings[0].verdict.label, wanted >= 2 ? 1 : 0);
    EXPECT_NEAR(brightness(moment), 40 + 40 * std::floor(wanted * 10 + 1e-6) / 10, 6);
  }
}

TEST_F(ReplaySessionTest, PlaysWhatWasMeasured) {
  for (const auto columns : {sessions::Columns::movements, sessions::Columns::landmarks}) {
    std::filesystem::remove_all(folder_.path() / "session");
    const auto replay =
        ReplaySession::open(record(sessions::Privacy::data_only, columns), [] {});
    ASSERT_TRUE(testing::eventually([&] { return replay->moment().analysis != nullptr; }));
    replay->set_paused(true);
    for (const int frame : {10, 30}) {
      replay->seek(frame / 10.0);
      ReplaySession::Moment moment;
      ASSERT_TRUE(testing::eventually([&] {
        moment = replay->moment();
        return std::abs(time(moment) - frame / 10.0) < 1e-3;
      })) << frame;
      ASSERT_EQ(moment.analysis->readings.size(), 1U);
      ASSERT_TRUE(moment.analysis->readings[0].geometry);
      const auto& geometry = *moment.analysis->readings[0].geometry;
      ASSERT_TRUE(geometry.pose);
      EXPECT_EQ(geometry.pose->yaw, static_cast<float>(frame));
      EXPECT_NEAR(geometry.movements.at(0), static_cast<float>(frame) / 40, 1e-3);
      EXPECT_EQ(geometry.eyes.blinks, frame < 25 ? 0 : 1) << "seven were before";
      EXPECT_TRUE(geometry.mesh.points.empty()) << "it is not in a table";
    }
  }
}

TEST_F(ReplaySessionTest, OfABasicTableNothingWasMeasured) {
  const auto replay = ReplaySession::open(record(sessions::Privacy::data_only), [] {});
  ASSERT_TRUE(testing::eventually([&] { return replay->moment().analysis != nullptr; }));
  EXPECT_FALSE(replay->moment().analysis->readings.at(0).geometry);
}

TEST_F(ReplaySessionTest, EndsAndPlaysAgain) {
  const auto replay = ReplaySession::open(record(), [] {});
  ASSERT_TRUE(testing::eventually([&] { return replay->moment().analysis != nullptr; }));
  replay->seek(3.9);
  ASSERT_TRUE(testing::eventually(
      [&] { return replay->moment().status.state == analysis::LiveStatus::State::ended; }));
  ASSERT_TRUE(testing::eventually([&] { return time(replay->moment()) > 3.95; }));
  replay->set_paused(false);
  EXPECT_EQ(replay->moment().status.state, analysis::LiveStatus::State::running);
  EXPECT_LT(replay->moment().view->position, 3);
  ASSERT_TRUE(testing::eventually([&] { return time(replay->moment()) < 3; }));
}

TEST_F(ReplaySessionTest, WithoutAVideoTheFacesAreShownOnNothing) {
  const auto replay = ReplaySession::open(record(sessions::Privacy::data_only), [] {});
  ASSERT_TRUE(testing::eventually([&] { return replay->moment().analysis != nullptr; }));
  const auto moment = replay->moment();
  EXPECT_TRUE(moment.view->unpainted);
  EXPECT_EQ(moment.analysis->frame->image.size(), cv::Size(160, 120));
  EXPECT_EQ(moment.analysis->readings.size(), 1U);
}

TEST_F(ReplaySessionTest, WhatCannotBeReadIsSaid) {
  const auto nothing = ReplaySession::open(folder_.path() / "none", [] {});
  EXPECT_TRUE(testing::eventually([&] { return !nothing->moment().problem.empty(); }));
  const auto broken = record();
  std::ofstream(broken / "faces.csv") << "not a table";
  const auto replay = ReplaySession::open(broken, [] {});
  ASSERT_TRUE(testing::eventually([&] { return !replay->moment().problem.empty(); }));
  EXPECT_THAT(replay->moment().problem, ::testing::HasSubstr("faces.csv"));
}

}  // namespace
}  // namespace mien::app
