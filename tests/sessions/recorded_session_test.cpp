#include "mien/sessions/recorded_session.hpp"

#include <chrono>
#include <cmath>

#include <gmock/gmock.h>

#include "mien/base/error.hpp"

#include "support/recorded_fixture.hpp"
#include "support/session_fixture.hpp"

namespace mien::sessions {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class RecordedSessionTest : public testing::SessionTest {
 protected:
  std::string error_of(const std::string& faces) {
    testing::put(root_ / "faces.csv", faces);
    try {
      read_faces(root_ / "faces.csv");
    } catch (const base::Error& error) {
      return error.what();
    }
    return "";
  }
};

constexpr const char* kHeader =
    "frame,face_id,timestamp,confidence,success,x,y,w,h,calm,verdict,certainty,reason,valence";

TEST_F(RecordedSessionTest, ReadsWhatTheWriterWrote) {
  auto settings = options();
  recording::SessionWriter writer(settings);
  writer.write(
      testing::analysed(testing::picture({64, 48}, 0), 0ms,
                        {testing::reading(1, {1, 2, 30, 40}, {0.7F, 0.2F, 0.1F}),
                         testing::reading(2, {5, 6, 20, 21.5F}, {0.35F, 0.33F, 0.32F})}));
  writer.write(testing::analysed(testing::picture({64, 48}, 1), 40ms));
  writer.close("stopped");

  const auto session = read_session(settings.folder);
  EXPECT_EQ(session.folder, settings.folder);
  EXPECT_THAT(session.labels, ElementsAre("neutral", "happiness", "sadness"));
  ASSERT_EQ(session.rows.size(), 3U);
  const auto& first = session.rows[0];
  EXPECT_EQ(first.frame, 1U);
  EXPECT_EQ(first.person, 1);
  EXPECT_TRUE(first.success);
  EXPECT_EQ(first.box, cv::Rect2f(1, 2, 30, 40));
  EXPECT_FLOAT_EQ(first.confidence, 0.875F);
  EXPECT_THAT(first.probabilities, ElementsAre(0.7F, 0.2F, 0.1F));
  EXPECT_EQ(first.verdict, "neutral");
  EXPECT_FLOAT_EQ(first.certainty, 0.7F);
  EXPECT_EQ(first.reason, "");
  EXPECT_FLOAT_EQ(first.valence, 0.5F);
  EXPECT_EQ(session.rows[1].verdict, kNotSure);
  EXPECT_EQ(session.rows[1].reason, "low probability");
  const auto& without = session.rows[2];
  EXPECT_FALSE(without.success);
  EXPECT_EQ(without.person, 0);
  EXPECT_EQ(without.timestamp, 0.04);
  EXPECT_EQ(without.verdict, "");
  ASSERT_EQ(without.probabilities.size(), 3U);
  EXPECT_TRUE(std::isnan(without.probabilities[0]));
  EXPECT_EQ(session.video, settings.folder / "video.mkv");
  EXPECT_EQ(session.name_of(2), "P2");
}

TEST_F(RecordedSessionTest, ASlashBehindTheFolderIsNoOtherFolder) {
  testing::make_session(root_ / "s", testing::eight_labels(), testing::some_rows());
  EXPECT_EQ(read_session((root_ / "s").string() + '/').folder, root_ / "s");
}

TEST_F(RecordedSessionTest, AnyLabelsAndEmptyCells) {
  const std::vector<std::string> labels = {"calm, or bored", "\"ha\"", "frame"};
  auto row = testing::made_row(1, 1, 0, {0.5F, std::nanf(""), 0.25F}, "\"ha\"");
  testing::put(root_ / "faces.csv", testing::faces_csv(labels, {row}));
  const auto faces = read_faces(root_ / "faces.csv");
  EXPECT_EQ(faces.labels, labels);
  ASSERT_EQ(faces.rows.size(), 1U);
  EXPECT_EQ(faces.rows[0].probabilities[0], 0.5F);
  EXPECT_TRUE(std::isnan(faces.rows[0].probabilities[1]));
  EXPECT_EQ(faces.rows[0].verdict, "\"ha\"");
}

TEST_F(RecordedSessionTest, NotANumberIsNothingButNoTime) {
  testing::put(root_ / "faces.csv",
               std::string(kHeader) + "\r\n1,1,0.000,0.9,1,1,2,inf,4,nan,calm,nan,,-nan\r\n");
  const auto row = read_faces(root_ / "faces.csv").rows.at(0);
  EXPECT_TRUE(std::isnan(row.probabilities[0]));
  EXPECT_EQ(row.certainty, 0);
  EXPECT_EQ(row.valence, 0);
  EXPECT_EQ(row.box.width, 0);
  for (const char* time : {"inf", "nan", "-inf"}) {
    EXPECT_THAT(error_of(std::string(kHeader) + "\r\n1,0," + time + ",0,0,,,,,,,,,\r\n"),
                HasSubstr("timestamp"));
  }
}

TEST_F(RecordedSessionTest, ALastLineThatWasCutShortIsLeftOut) {
  const std::string whole = std::string(kHeader) + "\r\n1,0,0.000,0,0,,,,,,,,,\r\n";
  for (const std::string rest :
       {"2,0,0.0", "2,0,0.033,0,0,,,,,,,,,", "2,1,0.033,0.9,1,\"", "2"}) {
    testing::put(root_ / "faces.csv", whole + rest);
    EXPECT_EQ(read_faces(root_ / "faces.csv").rows.size(), 1U) << rest;
  }
}

TEST_F(RecordedSessionTest, WhatIsWrongIsSaidWithItsPlace) {
  const std::string header = std::string(kHeader) + "\r\n";
  EXPECT_THAT(error_of(header + "1,0,0.000,0,0,,,,,,,,,\r\n2,0,zero,0,0,,,,,,,,,\r\n"),
              AllOf(HasSubstr("faces.csv"), HasSubstr("line 3"), HasSubstr("\"zero\""),
                    HasSubstr("timestamp")));
  EXPECT_THAT(error_of(header + "1,0,0.000\r\n"),
              AllOf(HasSubstr("line 2"), HasSubstr("3 columns")));
  EXPECT_THAT(error_of(header + "1,1,0.000,1,1,a,2,3,4,,neutral,1,,0\r\n"), HasSubstr("\"a\""));
  EXPECT_THAT(error_of("frame,timestamp\r\n"), HasSubstr("columns of a faces.csv"));
  EXPECT_THAT(error_of(""), HasSubstr("is empty"));
  EXPECT_THAT(error_of(std::string(5000, '\0')), HasSubstr("columns of a faces.csv"));
  EXPECT_THROW(read_faces(root_ / "missing.csv"), base::Error);
}

TEST_F(RecordedSessionTest, EventsAndNamesAreRead) {
  auto document = testing::made_document(testing::eight_labels(), testing::some_rows());
  document["privacy"] = "data-only";
  document["names"] = {{"2", "Bo"}, {"x", "nobody"}};
  testing::make_session(root_ / "s", testing::eight_labels(), testing::some_rows(), document,
                        "1,0.000,arrival,1,0,\r\n"
                        "2,0.100,marker,0,0,\"question 1, \"\"why?\"\"\"\r\n"
                        "2,0.100,name,1,0,Ada\r\n"
                        "3,0.200,gap,0,4,\r\n"
                        "3,0.200,something new,0,0,of a later version\r\n"
                        "4,0.30");
  const auto session = read_session(root_ / "s");
  ASSERT_EQ(session.events.size(), 4U);
  EXPECT_EQ(session.events[1].kind, SessionEvent::Kind::marker);
  EXPECT_EQ(session.events[1].text, "question 1, \"why?\"");
  EXPECT_EQ(session.events[1].frame, 2U);
  EXPECT_EQ(session.events[1].timestamp, 0.1);
  EXPECT_EQ(session.events[3].value, 4);
  EXPECT_EQ(session.name_of(1), "Ada");
  EXPECT_EQ(session.name_of(2), "Bo");
  EXPECT_EQ(session.name_of(3), "P3");
  EXPECT_EQ(session.privacy, Privacy::data_only);
  EXPECT_TRUE(session.video.empty());
}

TEST_F(RecordedSessionTest, ASessionFromBeforeEventsAndPrivacyIsOne) {
  testing::make_session(root_ / "s", testing::eight_labels(), testing::some_rows());
  const auto session = read_session(root_ / "s");
  EXPECT_TRUE(session.events.empty());
  EXPECT_EQ(session.privacy, Privacy::everything);
}

TEST_F(RecordedSessionTest, WhatIsNoFinishedSessionIsRefused) {
  const auto error = [&](const nlohmann::json& document) -> std::string {
    const auto folder = testing::make_session(root_ / "s", testing::eight_labels(),
                                              testing::some_rows(), document);
    try {
      read_session(folder);
    } catch (const base::Error& problem) {
      return problem.what();
    }
    return "";
  };
  auto document = testing::made_document(testing::eight_labels(), testing::some_rows());
  document["state"] = "recording";
  EXPECT_THAT(error(document), HasSubstr("was not finished"));
  document = testing::made_document(testing::eight_labels(), testing::some_rows());
  document["schema_version"] = 2;
  EXPECT_THAT(error(document), HasSubstr("later version"));
  EXPECT_THAT(error({{"schema", "something else"}}), HasSubstr("not a session"));
  testing::put(root_ / "s" / "session.json", "{\"schema\": ");
  EXPECT_THROW(read_session(root_ / "s"), base::Error);
  EXPECT_THROW(read_session(root_ / "missing"), base::Error);
  std::filesystem::create_directories(root_ / "empty");
  EXPECT_THROW(read_session(root_ / "empty"), base::Error);
}

TEST_F(RecordedSessionTest, AnHourIsReadInMoments) {
  std::vector<SessionRow> rows;
  for (std::uint64_t i = 0; i < 100'000; ++i) {
    rows.push_back(testing::made_row(i + 1, 1, static_cast<double>(i) * 0.033,
                                     {0.9F, 0.02F, 0.02F, 0.02F, 0.01F, 0.01F, 0.01F, 0.01F},
                                     "neutral"));
  }
  testing::put(root_ / "faces.csv", testing::faces_csv(testing::eight_labels(), rows));
  const auto start = std::chrono::steady_clock::now();
  const auto faces = read_faces(root_ / "faces.csv");
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  ASSERT_EQ(faces.rows.size(), rows.size());
  EXPECT_EQ(faces.rows.back().timestamp, 3299.967);
  std::printf("100,000 rows in %.3f s\n", took.count());
}

}  // namespace
}  // namespace mien::sessions
