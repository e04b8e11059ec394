#include "mien/sessions/session_check.hpp"

#include <gmock/gmock.h>

#include "mien/base/error.hpp"

#include "support/recorded_fixture.hpp"
#include "support/session_fixture.hpp"

namespace mien::sessions {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class SessionCheckTest : public testing::SessionTest {
 protected:
  std::filesystem::path recorded(const std::string& encoder = "") {
    auto settings = options("recorded");
    settings.encoder = encoder;
    settings.min_free_bytes = 0;
    recording::SessionWriter writer(settings);
    const int times[] = {0, 33, 34, 100, 350, 383};
    for (int i = 0; i < 6; ++i) {
      std::vector<base::FaceReading> readings;
      if (i != 2) readings.push_back(testing::reading(1, {10, 10, 30, 30}, {0.7F, 0.2F, 0.1F}));
      if (i > 3)
        readings.push_back(testing::reading(2, {50, 10, 30, 30}, {0.34F, 0.33F, 0.33F}));
      writer.write(testing::analysed(testing::picture({96, 64}, i),
                                     std::chrono::milliseconds(times[i]), readings));
    }
    writer.close("stopped");
    return settings.folder;
  }
  static void replace(const std::filesystem::path& file, const std::string& what,
                      const std::string& with) {
    auto text = testing::contents(file);
    const auto at = text.find(what);
    ASSERT_NE(at, std::string::npos) << what;
    testing::put(file, text.replace(at, what.size(), with));
  }
  static std::vector<std::string> problems(const std::filesystem::path& folder) {
    return check_session(folder).problems;
  }
};

TEST_F(SessionCheckTest, WhatTheWriterWritesAgreesInEveryEncoder) {
  for (const auto& [encoder, word, title, description] : recording::video_encoders()) {
    const auto folder = recorded(encoder);
    const auto check = check_session(folder);
    EXPECT_THAT(check.problems, IsEmpty()) << encoder;
    EXPECT_TRUE(check.video);
    EXPECT_EQ(check.video_frames, 6U);
    EXPECT_EQ(check.table_frames, 6U);
    EXPECT_EQ(check.rows, 8U);
    EXPECT_GE(check.events, 2U) << "two people arrived";
    std::filesystem::remove_all(folder);
  }
}

TEST_F(SessionCheckTest, AMadeUpSessionWithoutAVideoAgrees) {
  const auto folder =
      testing::make_session(root_ / "s", testing::eight_labels(), testing::some_rows());
  const auto check = check_session(folder);
  EXPECT_THAT(check.problems, IsEmpty());
  EXPECT_FALSE(check.video);
  EXPECT_EQ(check.table_frames, 5U);
}

TEST_F(SessionCheckTest, ATimeThatIsAMillisecondOffIsFound) {
  const auto folder = recorded();
  replace(folder / "faces.csv", ",0.100,", ",0.101,");
  EXPECT_THAT(problems(folder),
              ElementsAre(HasSubstr("Frame 4 is at 100 ms in video.mkv, at 101 ms")));
}

TEST_F(SessionCheckTest, ARowThatIsMissingIsFound) {
  const auto folder = recorded();
  auto rows = testing::lines(folder / "faces.csv");
  rows.pop_back();
  rows.pop_back();  // both of the last frame
  std::string text;
  for (const auto& row : rows) text += row + "\r\n";
  testing::put(folder / "faces.csv", text);
  const auto found = problems(folder);
  EXPECT_THAT(found, Contains(HasSubstr("video.mkv has 6 frames, faces.csv 5")));
  EXPECT_THAT(found, Contains(HasSubstr("counts 6 frames, there are 5")));
  EXPECT_THAT(found, Contains(HasSubstr("counts 7 faces, there are 5")));
  EXPECT_THAT(found, Contains(HasSubstr("0.383 s, the last frame is at 0.350 s")));
}

TEST_F(SessionCheckTest, AVideoThatIsCutOrMissingIsFound) {
  const auto folder = recorded();
  const auto size = std::filesystem::file_size(folder / "video.mkv");
  const auto whole = testing::contents(folder / "video.mkv");
  std::filesystem::resize_file(folder / "video.mkv", size / 2);
  EXPECT_THAT(problems(folder), ElementsAre(HasSubstr("no index")));
  testing::put(folder / "video.mkv", "no video");
  EXPECT_THAT(problems(folder), ElementsAre(HasSubstr("cannot be read")));
  std::filesystem::remove(folder / "video.mkv");
  EXPECT_THAT(problems(folder), ElementsAre(HasSubstr("video.mkv, which is missing")));
}

TEST_F(SessionCheckTest, WhatCannotBeReadIsComparedWithNothing) {
  const auto folder = recorded();
  const auto whole = testing::contents(folder / "events.csv");
  testing::put(folder / "events.csv", "no events");
  EXPECT_THAT(problems(folder), ElementsAre(HasSubstr("events.csv")));
  testing::put(folder / "events.csv", whole);
  testing::put(folder / "faces.csv", "no table");
  EXPECT_THAT(problems(folder), ElementsAre(HasSubstr("faces.csv")));
  std::filesystem::remove(folder / "faces.csv");
  EXPECT_THAT(problems(folder), ElementsAre(HasSubstr("faces.csv")));
}

TEST_F(SessionCheckTest, RowsThatContradictThemselvesAreFound) {
  const auto found = [&](auto&& change) {
    auto rows = testing::some_rows();
    change(rows);
    auto document = testing::made_document(testing::eight_labels(), rows);
    return problems(
        testing::make_session(root_ / "s", testing::eight_labels(), rows, document));
  };
  EXPECT_THAT(found([](auto& rows) { rows[0].probabilities[0] = 0.5F; }),
              ElementsAre(HasSubstr("P1 in frame 1 sum to 0.7000")));
  EXPECT_THAT(found([](auto& rows) { rows[0].probabilities[0] = 1.8F; }),
              Contains(HasSubstr("is 1.8000")));
  EXPECT_THAT(found([](auto& rows) { rows[0].verdict = "bored"; }),
              ElementsAre(HasSubstr("\"bored\", which is not a label")));
  EXPECT_THAT(found([](auto& rows) { rows[2].reason.clear(); }),
              ElementsAre(HasSubstr("not sure without a reason")));
  EXPECT_THAT(found([](auto& rows) { rows[0].reason = "blurred"; }),
              ElementsAre(HasSubstr("is sure, but has a reason")));
  EXPECT_THAT(found([](auto& rows) { rows[1].person = 1; }),
              ElementsAre(HasSubstr("P1 in frame 1 is there twice")));
  EXPECT_THAT(found([](auto& rows) { rows[1].timestamp = 0.05; }),
              Contains(HasSubstr("different times")));
  EXPECT_THAT(found([](auto& rows) { rows[2].timestamp = 0; }),
              ElementsAre(HasSubstr("frame 2 does not come after")));
  EXPECT_THAT(found([](auto& rows) { rows.erase(rows.begin() + 2); }),
              Contains(HasSubstr("from frame 1 to 3")));
  EXPECT_THAT(found([](auto& rows) { rows[1].valence = 1.5F; }),
              ElementsAre(HasSubstr("valence")));
}

TEST_F(SessionCheckTest, AnotherModelsLabelsAreNoDisagreement) {
  auto rows = testing::some_rows();
  for (std::size_t i = 4; i < 6; ++i) {
    rows[i].probabilities[1] = 0.1F;
    rows[i].verdict = "smiling";
  }
  auto document = testing::made_document(testing::eight_labels(), rows);
  EXPECT_THAT(
      problems(testing::make_session(root_ / "s", testing::eight_labels(), rows, document)),
      ::testing::SizeIs(4));
  document["model_changes"] = {{{"frame", 1}, {"labels", testing::eight_labels()}},
                               {{"frame", 4}, {"labels", {"smiling", "happiness"}}}};
  EXPECT_THAT(
      problems(testing::make_session(root_ / "s", testing::eight_labels(), rows, document)),
      IsEmpty());
}

TEST_F(SessionCheckTest, EventsLieInsideAndAgree) {
  const auto found = [&](const std::string& events, const char* key = "", int count = 0) {
    auto document = testing::made_document(testing::eight_labels(), testing::some_rows());
    if (*key != '\0') document["counts"][key] = count;
    return problems(testing::make_session(root_ / "s", testing::eight_labels(),
                                          testing::some_rows(), document, events));
  };
  EXPECT_THAT(found("1,0.000,arrival,1,0,\r\n2,0.080,marker,0,0,\r\n5,0.400,departure,2,1,\r\n",
                    "events", 3),
              IsEmpty());
  EXPECT_THAT(found("2,0.100,marker,0,0,\r\n", "events", 2),
              ElementsAre(HasSubstr("counts 2 events, there are 1")));
  EXPECT_THAT(found("5,0.500,marker,0,0,\r\n"), ElementsAre(HasSubstr("outside the session")));
  EXPECT_THAT(found("9,0.400,marker,0,0,\r\n"), ElementsAre(HasSubstr("which is not there")));
  EXPECT_THAT(found("2,0.300,marker,0,0,\r\n"), ElementsAre(HasSubstr("not at the time")));
  EXPECT_THAT(found("4,0.300,marker,0,0,\r\n2,0.100,marker,0,0,late\r\n"), IsEmpty());
  EXPECT_THAT(found("1,0.000,arrival,7,0,\r\n"), ElementsAre(HasSubstr("about P7")));
  EXPECT_THAT(found("2,0.100,gap,0,3,\r\n", "frames_lost", 4),
              ElementsAre(HasSubstr("counts 4 lost frames, events.csv 3")));
  EXPECT_THAT(found("2,zero,gap,0,3,\r\n"), Contains(HasSubstr("events.csv is damaged")));
}

TEST_F(SessionCheckTest, FilesThatOthersCanReadAreFound) {
  const auto folder =
      testing::make_session(root_ / "s", testing::eight_labels(), testing::some_rows());
  ::chmod((folder / "faces.csv").c_str(), 0644);
  ::chmod(folder.c_str(), 0755);
  testing::put(folder / "video.mkv.partial", "x");
  EXPECT_THAT(problems(folder), ::testing::UnorderedElementsAre(
                                    HasSubstr("The folder can be read by others"),
                                    HasSubstr("faces.csv can be read by others"),
                                    HasSubstr("video.mkv.partial is a partial file")));
}

TEST_F(SessionCheckTest, PrivacyThatWasNotKeptIsFound) {
  auto document = testing::made_document(testing::eight_labels(), testing::some_rows());
  document["privacy"] = "data-only";
  const auto folder = testing::make_session(root_ / "s", testing::eight_labels(),
                                            testing::some_rows(), document);
  EXPECT_THAT(problems(folder), IsEmpty());
  testing::put(folder / "report.html", "<img src=\"data:image/jpeg;base64,xyz\">");
  testing::put(folder / "shot.png", "x");
  testing::put(folder / "video.mkv", "x");
  const auto found = problems(folder);
  EXPECT_THAT(found, Contains(HasSubstr("data only, but has a video")));
  EXPECT_THAT(found, Contains(HasSubstr("shot.png is a picture")));
  EXPECT_THAT(found, Contains(HasSubstr("report.html holds pictures")));
}

TEST_F(SessionCheckTest, ASessionThatWasNotClosedIsNone) {
  auto document = testing::made_document(testing::eight_labels(), testing::some_rows());
  document["state"] = "recording";
  const auto folder = testing::make_session(root_ / "s", testing::eight_labels(),
                                            testing::some_rows(), document);
  EXPECT_THAT(problems(folder), ElementsAre(HasSubstr("was not closed")));
  testing::put(folder / "faces.csv", testing::contents(folder / "faces.csv") + "6,1,0.5");
  EXPECT_THAT(problems(folder), Contains(HasSubstr("cut short")));
}

TEST_F(SessionCheckTest, WhatIsNoSessionThrows) {
  EXPECT_THROW(check_session(root_), base::Error);
  EXPECT_THROW(check_session(root_ / "missing"), base::Error);
}

}  // namespace
}  // namespace mien::sessions
