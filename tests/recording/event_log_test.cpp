#include "event_log.hpp"

#include <gmock/gmock.h>

#include "mien/sessions/recorded_session.hpp"

#include "support/session_fixture.hpp"

namespace mien::recording {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using Kind = sessions::SessionEvent::Kind;

class EventLogTest : public testing::SessionTest {
 protected:
  EventLogTest() : event_log_(root_ / "events.csv", "fake", "fake-detector", "") {}

  /// A frame 40 ms after the last one; `people` are in it.
  base::AnalyzedFrame frame(const std::vector<int>& people = {}) {
    std::vector<base::FaceReading> readings;
    for (const int person : people)
      readings.push_back(testing::reading(person, {1, 1, 9, 9}, {1, 0, 0}));
    auto result = testing::analysed(cv::Mat(8, 8, CV_8UC3), {}, readings);
    auto own = std::make_shared<base::Frame>(*result.frame);
    own->sequence = sequence_++;
    own->arrived = arrived_ + 40ms * number_;
    result.frame = std::move(own);
    result.source = source_;
    return result;
  }
  void add(const base::AnalyzedFrame& frame) {
    event_log_.add(frame, number_ + 1, 40 * static_cast<std::int64_t>(number_));
    ++number_;
  }

  std::vector<std::string> rows() {
    event_log_.table().flush();
    auto result = testing::lines(root_ / "events.csv");
    EXPECT_EQ(result.at(0), "frame,timestamp,event,face_id,value,text");
    result.erase(result.begin());
    EXPECT_EQ(event_log_.events(), result.size());
    return result;
  }

  EventLog event_log_;
  const EventLog::Clock::time_point arrived_ = EventLog::Clock::now();
  std::uint64_t number_ = 0;
  std::uint64_t sequence_ = 7;
  std::uint64_t source_ = 0;
};

TEST_F(EventLogTest, PeopleArriveOnceAndDepartWhenTheyStayAway) {
  add(frame());
  add(frame({1}));
  add(frame({1, 2}));
  for (int i = 0; i < 50; ++i) add(frame({2}));  // just two seconds without 1
  EXPECT_THAT(rows(), ElementsAre("2,0.040,arrival,1,0,", "3,0.080,arrival,2,0,"));
  add(frame({2}));
  EXPECT_THAT(rows(), ElementsAre("2,0.040,arrival,1,0,", "3,0.080,arrival,2,0,",
                                  "54,2.120,departure,1,3,"));
}

TEST_F(EventLogTest, LostFramesAreAGapAndCounted) {
  add(frame());
  sequence_ += 3;
  add(frame());
  add(frame());
  sequence_ += 1;
  const auto left_out = frame();
  event_log_.leave_out(left_out);
  add(frame());  // what was left out was not lost; what came before it shows in no place
  EXPECT_THAT(rows(), ElementsAre("2,0.040,gap,0,3,"));
  EXPECT_EQ(event_log_.lost_frames(), 3U);
}

TEST_F(EventLogTest, WhatAPauseThrowsAwayIsNoLoss) {
  add(frame());
  event_log_.note({.kind = Kind::pause, .text = {}}, arrived_ + 50ms);
  number_ = 2;
  add(frame());  // was on its way already
  sequence_ += 100;
  event_log_.note({.kind = Kind::resume, .text = {}}, arrived_ + 130ms);
  number_ = 4;
  add(frame());
  sequence_ += 2;
  add(frame());
  EXPECT_THAT(rows(),
              ElementsAre("3,0.050,pause,0,0,", "5,0.130,resume,0,0,", "6,0.200,gap,0,2,"));
  EXPECT_EQ(event_log_.lost_frames(), 2U);
}

TEST_F(EventLogTest, AnotherSourceEndsAPauseAndLossesCountAgain) {
  add(frame());
  event_log_.note({.kind = Kind::pause, .text = {}}, arrived_ + 50ms);
  number_ = 2;
  add(frame());
  source_ = 1;  // another camera, or the same one plugged in again
  sequence_ = 0;
  add(frame());
  sequence_ += 9;
  add(frame());
  event_log_.note({.kind = Kind::resume, .text = {}}, arrived_ + 170ms);  // comes too late
  number_ = 6;
  add(frame());
  EXPECT_THAT(rows(), ElementsAre("3,0.050,pause,0,0,", "4,0.120,resume,0,0,",
                                  "4,0.120,source,0,0,", "5,0.160,gap,0,9,"));
  EXPECT_EQ(event_log_.lost_frames(), 9U);
}

TEST_F(EventLogTest, ANoteBelongsToTheFirstFrameThatArrivedAfterIt) {
  event_log_.note({.kind = Kind::marker, .text = "before all"}, arrived_ - 5s);
  add(frame());
  event_log_.note({.kind = Kind::marker, .text = "here, \"now\""}, arrived_ + 50ms);
  event_log_.note({.kind = Kind::name, .person = 2, .text = "Ann\r\nB."}, arrived_ + 90ms);
  add(frame());
  add(frame());
  EXPECT_THAT(rows(), ElementsAre("1,0.000,marker,0,0,before all",
                                  "3,0.050,marker,0,0,\"here, \"\"now\"\"\""));
  add(frame());
  EXPECT_EQ(rows().back(), "4,0.090,name,2,0,Ann  B.");
  EXPECT_THAT(event_log_.names(), ElementsAre(::testing::Pair(2, "Ann\r\nB.")));
}

TEST_F(EventLogTest, AMarkerBelongsWhereItWasSetHoweverLateItsTextIsWritten) {
  for (int i = 0; i < 50; ++i) add(frame(i < 30 ? std::vector<int>{} : std::vector<int>{1}));
  event_log_.note({.kind = Kind::marker, .text = "question 3"}, arrived_ + 390ms);
  event_log_.note({.kind = Kind::marker, .text = "before all"}, arrived_ - 5s);
  EXPECT_THAT(rows(), ElementsAre("31,1.200,arrival,1,0,", "11,0.390,marker,0,0,question 3",
                                  "1,0.000,marker,0,0,before all"));
  const auto events = sessions::read_events(root_ / "events.csv");
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(events[0].text, "before all");
  EXPECT_EQ(events[1].text, "question 3");
  EXPECT_EQ(events[2].kind, Kind::arrival);
}

TEST_F(EventLogTest, ANoteThatNoFrameFollowsBelongsToTheLast) {
  add(frame());
  add(frame());
  event_log_.note({.kind = Kind::name, .person = 1, .text = "old"},
                  EventLog::Clock::now() - 2s);
  event_log_.note({.kind = Kind::name, .person = 1, .text = "new"}, EventLog::Clock::now());
  event_log_.settle(false);
  EXPECT_THAT(rows(), ElementsAre("2,0.040,name,1,0,old"));
  event_log_.settle(true);
  EXPECT_THAT(rows(), ElementsAre("2,0.040,name,1,0,old", "2,0.040,name,1,0,new"));
}

TEST_F(EventLogTest, WhatIsSeenInTheFramesIsNotTakenFromNotes) {
  add(frame());
  for (const auto kind : {Kind::arrival, Kind::departure, Kind::source, Kind::model,
                          Kind::detector, Kind::landmarks, Kind::neutral, Kind::gap}) {
    event_log_.note({.kind = kind, .text = "no"}, arrived_);
  }
  add(frame());
  event_log_.settle(true);
  EXPECT_THAT(rows(), ElementsAre());
}

TEST_F(EventLogTest, EachNeutralFaceThatBeginsOrEndsIsFound) {
  const auto with = [&](std::uint32_t expressions, std::optional<std::uint32_t> movements) {
    auto result = frame({1, 2});
    result.readings[0].neutral = expressions;
    if (movements) result.readings[0].geometry.emplace().neutral = *movements;
    return result;
  };
  add(with(1, {}));  // set before the recording began
  add(with(1, 0));
  add(with(2, 1));  // both anew
  add(with(2, {}));
  add(with(2, 1));
  add(with(2, 2));  // set again
  add(with(0, 2));  // another model
  add(with(0, 0));
  EXPECT_THAT(rows(), ElementsAre("1,0.000,arrival,1,0,", "1,0.000,neutral,1,1,set",
                                  "1,0.000,arrival,2,0,", "3,0.080,neutral,1,3,set",
                                  "6,0.200,neutral,1,2,set", "7,0.240,neutral,1,1,cleared",
                                  "8,0.280,neutral,1,2,cleared"));
}

TEST_F(EventLogTest, ACameraThatComesBackKeepsNeutralFaces) {
  const auto with = [&](std::uint64_t source, std::uint32_t expressions,
                        std::uint32_t movements) {
    auto result = frame({1});
    result.source = source;
    result.readings[0].neutral = expressions;
    result.readings[0].geometry.emplace().neutral = movements;
    return result;
  };
  add(with(1, 4, 7));
  add(with(2, 4, 7));  // the same ones
  add(with(3, 5, 7));
  std::vector<std::string> neutral;
  for (const auto& row : rows()) {
    if (row.find("neutral") != row.npos) neutral.push_back(row);
  }
  EXPECT_THAT(neutral, ElementsAre("1,0.000,neutral,1,3,set", "3,0.080,neutral,1,1,set"));
}

TEST_F(EventLogTest, AnotherLandmarksModelIsFoundAndNone) {
  add(frame());
  auto measured = frame();
  measured.landmarks_id = "some-mesh";
  add(measured);
  add(measured);
  add(frame());
  EXPECT_THAT(rows(),
              ElementsAre("2,0.040,landmarks,0,0,some-mesh", "4,0.120,landmarks,0,0,none"));
}

TEST_F(EventLogTest, AnotherSourceModelOrDetectorIsFound) {
  add(frame({1}));
  source_ = 1;
  sequence_ = 500;  // its own count: no loss
  event_log_.set_source_name(1, "rtsp://ann:secret@camera.example/live");
  auto next = frame({2});
  next.model_id = "other";
  next.detector_id = "other-detector";
  add(next);
  EXPECT_THAT(
      rows(),
      ElementsAre("1,0.000,arrival,1,0,", "2,0.040,departure,1,1,",
                  "2,0.040,source,0,0,rtsp://camera.example/live", "2,0.040,model,0,0,other",
                  "2,0.040,detector,0,0,other-detector", "2,0.040,arrival,2,0,"));
}

}  // namespace
}  // namespace mien::recording
