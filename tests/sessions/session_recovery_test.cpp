#include <chrono>
#include <csignal>
#include <thread>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mien/base/error.hpp"
#include "mien/base/movements.hpp"
#include "mien/reports/exports.hpp"
#include "mien/reports/report.hpp"
#include "mien/sessions/recorded_session.hpp"
#include "mien/sessions/session_check.hpp"
#include "mien/sessions/session_lock.hpp"
#include "mien/sessions/session_store.hpp"

#include "support/frames.hpp"
#include "support/recorded_fixture.hpp"
#include "support/session_fixture.hpp"

namespace mien::sessions {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::ThrowsMessage;
namespace fs = std::filesystem;

class SessionRecoveryTest : public testing::SessionTest {
 protected:
  /// A process that writes frames, one every 10 ms, and is killed after `frames` of them.
  fs::path killed_after(int frames, const recording::SessionOptions& options) {
    int pipe[2];
    EXPECT_EQ(::pipe(pipe), 0);
    const auto child = ::fork();
    if (child == 0) {
      cv::setNumThreads(0);  // OpenCV's threads did not come along
      recording::SessionWriter writer(options);
      for (int i = 0;; ++i) {
        writer.write(frame(i));
        if (i == 20) writer.note({.kind = SessionEvent::Kind::marker, .text = "twenty"});
        std::this_thread::sleep_for(10ms);
        (void)!::write(pipe[1], "x", 1);
      }
    }
    ::close(pipe[1]);
    char byte = 0;
    for (int i = 0; i < frames; ++i) EXPECT_EQ(::read(pipe[0], &byte, 1), 1);
    EXPECT_TRUE(is_being_recorded(options.folder));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    ::close(pipe[0]);
    return options.folder;
  }

  /// 33 ms apart; in every third there is nobody, in every ninth somebody else, too.
  static base::AnalyzedFrame frame(int number) {
    std::vector<base::FaceReading> readings;
    if (number % 3 != 0) {
      readings.push_back(testing::reading(1, {40, 30, 60, 70}, {0.1F, 0.8F, 0.1F}));
      readings.back().geometry = testing::measured_face(readings.back().face.box,
                                                        static_cast<float>(number % 60), 0.25F);
    }
    if (number % 9 == 1)
      readings.push_back(testing::reading(2, {200, 30, 60, 70}, {0.375F, 0.375F, 0.25F}));
    return testing::numbered(
        testing::analysed(testing::picture({320, 240}, number), number * 33ms, readings),
        static_cast<std::uint64_t>(number < 10 ? number : number + 2));
  }
};

class KilledWhileEncoding : public SessionRecoveryTest,
                            public ::testing::WithParamInterface<const char*> {};

TEST_P(KilledWhileEncoding, LosesASecondAtMostAndAgreesWithItself) {
  if (avcodec_find_encoder_by_name(GetParam()) == nullptr) GTEST_SKIP() << "no such encoder";
  auto requested = options();
  requested.encoder = GetParam();
  const auto folder = killed_after(100, requested);
  EXPECT_FALSE(is_being_recorded(folder));
  // It plays as it is.
  const auto partial = testing::read_video(folder / "video.mkv.partial").milliseconds.size();
  EXPECT_GE(partial, 100U - 1000 / 33);

  const auto recovery = recover_session(folder);
  EXPECT_GE(recovery.frames, 100U - 1000 / 33);
  EXPECT_THAT(recovery.words, HasSubstr("Saved"));
  const auto video = testing::read_video(folder / "video.mkv");
  ASSERT_EQ(video.milliseconds.size(), recovery.frames);
  EXPECT_DOUBLE_EQ(recovery.seconds, static_cast<double>(video.milliseconds.back()) / 1000);
  EXPECT_FALSE(fs::exists(folder / "video.mkv.partial"));
  EXPECT_THAT(check_session(folder).problems, IsEmpty());
  const auto json = testing::document(folder);
  EXPECT_EQ(json["ended"], "recovered");
  EXPECT_EQ(json["counts"]["people"], 2);
  EXPECT_EQ(json["counts"]["frames_lost"], 2);
  EXPECT_EQ(json["counts"]["not_sure"]["low probability"], (recovery.frames + 7) / 9);
  const auto events = testing::contents(folder / "events.csv");
  EXPECT_THAT(events, HasSubstr("11,0.330,gap,0,2,\r\n"));
  EXPECT_THAT(events, HasSubstr(",marker,0,0,twenty\r\n"));
  struct stat status {};
  ASSERT_EQ(::stat((folder / "video.mkv").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
  for (const auto& file : fs::directory_iterator(folder)) {
    EXPECT_THAT(file.path().filename().string(),
                ::testing::AnyOf("video.mkv", "faces.csv", "events.csv", "session.json",
                                 "report.html"));
  }
}

INSTANTIATE_TEST_SUITE_P(Encoders, KilledWhileEncoding,
                         ::testing::Values("libx264", "libvpx", "mjpeg"));

TEST_F(SessionRecoveryTest, ARecoveredVideoCanBeSearchedAndHasItsLength) {
  const auto folder = killed_after(60, options());
  recover_session(folder);
  AVFormatContext* format = nullptr;
  ASSERT_EQ(avformat_open_input(&format, (folder / "video.mkv").c_str(), nullptr, nullptr), 0);
  EXPECT_GT(format->duration, 0);
  EXPECT_GE(avformat_seek_file(format, 0, 0, 900, 1000, 0), 0);
  avformat_close_input(&format);
}

TEST_F(SessionRecoveryTest, DataAloneIsRecoveredToo) {
  auto requested = options();
  requested.privacy = Privacy::data_only;
  const auto folder = killed_after(80, requested);
  const auto recovery = recover_session(folder);
  EXPECT_GE(recovery.frames, 80U - 1000 / 33);
  EXPECT_FALSE(fs::exists(folder / "video.mkv"));
  EXPECT_THAT(check_session(folder).problems, IsEmpty());
}

TEST_F(SessionRecoveryTest, MovementsAndLandmarksAreRecovered) {
  for (const auto columns : {Columns::movements, Columns::landmarks}) {
    auto requested = options(word(columns));
    requested.columns = columns;
    requested.landmarks_id = "some-mesh";
    const auto folder = killed_after(60, requested);
    const auto recovery = recover_session(folder);
    EXPECT_GE(recovery.frames, 60U - 1000 / 33);
    EXPECT_THAT(check_session(folder).problems, IsEmpty());
    const auto session = read_session(folder);
    EXPECT_EQ(session.columns, columns);
    EXPECT_EQ(session.document["landmarks"], "some-mesh");
    for (const auto& row : session.rows) {
      ASSERT_EQ(row.geometry.has_value(), row.person == 1) << row.frame;
      if (row.person != 1) continue;
      EXPECT_EQ(row.geometry->yaw, static_cast<float>((row.frame - 1) % 60));
      EXPECT_EQ(row.geometry->looks_at_camera, row.geometry->yaw < 10);
      EXPECT_EQ(row.geometry->movements.size(), base::movements().size());
      EXPECT_EQ(row.geometry->landmarks.size(), columns == Columns::landmarks ? 68U : 0U);
    }
  }
}

TEST_F(SessionRecoveryTest, ATornRowOfMovementsIsCutOff) {
  auto requested = options();
  requested.privacy = Privacy::data_only;
  requested.columns = Columns::landmarks;
  const auto folder = killed_after(60, requested);
  const auto rows = testing::contents(folder / "faces.csv");
  const auto frame_9 = rows.find("\r\n9,");
  ASSERT_NE(frame_9, std::string::npos);
  // In the middle of the movements.
  std::ofstream(folder / "faces.csv", std::ios::binary) << rows.substr(0, frame_9 + 160);
  // What is torn might be another row of frame 8.
  EXPECT_EQ(recover_session(folder).frames, 7U);
  EXPECT_THAT(check_session(folder).problems, IsEmpty());
  const auto session = read_session(folder);
  EXPECT_EQ(session.columns, Columns::landmarks);
  EXPECT_EQ(session.rows.back().frame, 7U);
  EXPECT_EQ(session.rows.at(1).geometry.value().landmarks.size(), 68U);
}

TEST_F(SessionRecoveryTest, RowsThatEndBeforeTheVideoCutTheVideo) {
  const auto folder = killed_after(60, options());
  const auto rows = testing::contents(folder / "faces.csv");
  const auto frame_9 = rows.find("\r\n9,");
  ASSERT_NE(frame_9, std::string::npos);
  std::ofstream(folder / "faces.csv", std::ios::binary) << rows.substr(0, frame_9 + 7);
  const auto recovery = recover_session(folder);
  // What is torn might be another row of frame 8.
  EXPECT_EQ(recovery.frames, 7U);
  EXPECT_EQ(testing::read_video(folder / "video.mkv").milliseconds.size(), 7U);
  EXPECT_THAT(check_session(folder).problems, IsEmpty());
}

TEST_F(SessionRecoveryTest, ATornVideoIsCutWhereItIsTorn) {
  const auto folder = killed_after(60, options());
  const auto video = folder / "video.mkv.partial";
  fs::resize_file(video, fs::file_size(video) * 2 / 3);
  const auto recovery = recover_session(folder);
  EXPECT_GT(recovery.frames, 10U);
  EXPECT_LT(recovery.frames, 60U);
  EXPECT_THAT(check_session(folder).problems, IsEmpty());
}

TEST_F(SessionRecoveryTest, ARecoveryThatWasInterruptedIsRepeated) {
  const auto folder = killed_after(60, options());
  // Killed when the video had its name already, but not the rest.
  std::ofstream(folder / "video.mkv.recovered.partial") << "half";
  fs::rename(folder / "video.mkv.partial", folder / "video.mkv");
  const auto recovery = recover_session(folder);
  EXPECT_GE(recovery.frames, 60U - 1000 / 33);
  EXPECT_THAT(check_session(folder).problems, IsEmpty());
}

TEST_F(SessionRecoveryTest, ASessionWithoutAWholeFrameIsClosedEmpty) {
  const auto folder = killed_after(1, options());
  const auto recovery = recover_session(folder);
  // What is written is flushed once a second: on a slow machine the first frame is there.
  EXPECT_LE(recovery.frames, 1U);
  EXPECT_EQ(testing::lines(folder / "faces.csv").size(), 1U + recovery.frames);
  EXPECT_EQ(testing::document(folder)["state"], "closed");
  EXPECT_THAT(check_session(folder).problems, IsEmpty());
}

class LostDocument : public SessionRecoveryTest {
 protected:
  /// A session of 60 frames whose program was killed.
  fs::path killed(Privacy privacy = Privacy::everything) {
    auto requested = options("2026-11-22_07-15-00");
    requested.privacy = privacy;
    return killed_after(60, requested);
  }
};

TEST_F(LostDocument, OneOfASessionWithMovementsSaysHowMuchTheTableHolds) {
  auto requested = options("2026-11-22_07-15-00");
  requested.columns = Columns::movements;
  const auto folder = killed_after(60, requested);
  fs::remove(folder / "session.json");
  recover_session(folder);
  EXPECT_EQ(testing::document(folder)["columns"], word(Columns::movements));
  EXPECT_THAT(check_session(folder).problems, IsEmpty());
  const auto session = read_session(folder);
  EXPECT_EQ(session.columns, Columns::movements);
  EXPECT_TRUE(session.rows.at(1).geometry->has_pose());
}

TEST_F(LostDocument, AMissingOneIsMadeAnewFromTheTablesAndTheVideo) {
  const auto folder = killed();
  fs::remove(folder / "session.json");
  const auto listed = list_sessions(root_);
  ASSERT_EQ(listed.size(), 1U);
  EXPECT_EQ(listed[0].state, SessionEntry::State::broken);
  EXPECT_THAT(
      [&] { read_session(folder); },
      ThrowsMessage<base::Error>(HasSubstr("`mien report --recover " + folder.string())));

  const auto recovery = recover_session(folder);
  reports::make_report(folder);
  EXPECT_GE(recovery.frames, 60U - 1000 / 33);
  EXPECT_THAT(recovery.words, AllOf(HasSubstr("was missing"), HasSubstr("model")));
  EXPECT_EQ(testing::read_video(folder / "video.mkv").milliseconds.size(), recovery.frames);
  EXPECT_THAT(check_session(folder).problems, IsEmpty());
  const auto json = testing::document(folder);
  EXPECT_EQ(json["ended"], "recovered");
  EXPECT_THAT(json["rebuilt"], HasSubstr("was missing"));
  EXPECT_EQ(json["labels"], options().model.labels);
  EXPECT_EQ(json["video"]["width"], 320);
  EXPECT_EQ(json["video"]["encoder"], recording::video_encoders().front().name);
  EXPECT_THAT(json["started"], ::testing::StartsWith("2026-11-22T07:15:00"));
  EXPECT_FALSE(json.contains("privacy"));
  // Perhaps faces were to be hidden: none may come into the report.
  const auto report = testing::contents(folder / "report.html");
  EXPECT_THAT(report, HasSubstr("was missing"));
  EXPECT_THAT(report, HasSubstr("not known any more"));
  EXPECT_THAT(report, ::testing::Not(HasSubstr("data:image")));
  EXPECT_EQ(list_sessions(root_)[0].state, SessionEntry::State::finished);
}

TEST_F(LostDocument, OfADamagedOneWhatIsWholeIsKept) {
  const auto folder = killed();
  const auto text = testing::contents(folder / "session.json");
  const auto torn = text.substr(0, text.find("\"settings\"") + 12);
  std::ofstream(folder / "session.json", std::ios::binary) << torn << std::string(40, '\0');
  const auto recovery = recover_session(folder);
  EXPECT_THAT(recovery.words, HasSubstr("was damaged"));
  EXPECT_THAT(check_session(folder).problems, IsEmpty());
  const auto json = testing::document(folder);
  EXPECT_EQ(json["model"]["license"], "MIT");
  EXPECT_EQ(json["source"]["name"], "camera");
  EXPECT_EQ(json["privacy"], "everything");
  EXPECT_THAT(json["rebuilt"], ::testing::EndsWith("video. What was sent live is not known."))
      << "it stood behind the damage";
  EXPECT_THAT(testing::contents(folder / "session.damaged.json"), ::testing::StartsWith(torn));
  delete_session(folder, reports::export_file_names());
  EXPECT_FALSE(fs::exists(folder));
}

TEST_F(LostDocument, WhatItIsNotKnownForIsSaidAndNoMore) {
  auto requested = options("2026-11-22_07-15-00");
  requested.columns = Columns::movements;
  requested.privacy = Privacy::data_only;
  const auto folder = killed_after(60, requested);
  fs::remove(folder / "session.json");
  recover_session(folder);
  const auto json = testing::document(folder);
  EXPECT_THAT(json["rebuilt"], AllOf(HasSubstr("What measured the faces is not known."),
                                     HasSubstr("What was sent live is not known.")));
  EXPECT_THAT(json["rebuilt"], ::testing::Not(HasSubstr("blurred"))) << "there is no video";
}

TEST_F(LostDocument, AFinishedSessionThatLosesItKeepsItsVideoAsItIs) {
  recording::SessionWriter writer(options());
  for (int i = 0; i < 12; ++i) writer.write(frame(i));
  const auto folder = writer.close("stopped").folder;
  const auto video = testing::contents(folder / "video.mkv");
  std::ofstream(folder / "session.json") << "{\"schema\": \"mie";
  EXPECT_EQ(recover_session(folder).frames, 12U);
  EXPECT_TRUE(testing::contents(folder / "video.mkv") == video);
  EXPECT_THAT(check_session(folder).problems, IsEmpty());
}

TEST_F(LostDocument, DataAloneNeedsNoVideo) {
  const auto folder = killed(Privacy::data_only);
  fs::remove(folder / "session.json");
  EXPECT_GE(recover_session(folder).frames, 60U - 1000 / 33);
  EXPECT_THAT(testing::document(folder)["files"],
              ::testing::ElementsAre("faces.csv", "events.csv"));
  EXPECT_THAT(check_session(folder).problems, IsEmpty());
}

TEST_F(SessionRecoveryTest, AVideoThatCannotBeReadDoesNotCostTheTables) {
  const auto folder = killed_after(60, options());
  std::ofstream(folder / "video.mkv.partial", std::ios::binary) << std::string(100'000, 'x');
  const auto recovery = recover_session(folder);
  EXPECT_GE(recovery.frames, 60U - 1000 / 33);
  EXPECT_THAT(recovery.words, HasSubstr("video.damaged.mkv"));
  EXPECT_EQ(fs::file_size(folder / "video.damaged.mkv"), 100'000U);
  EXPECT_FALSE(fs::exists(folder / "video.mkv"));
  EXPECT_THAT(check_session(folder).problems, IsEmpty());
}

TEST_F(SessionRecoveryTest, TablesThatAreEmptyDoNotCostTheVideo) {
  const auto folder = killed_after(60, options());
  fs::resize_file(folder / "faces.csv", 0);
  fs::resize_file(folder / "events.csv", 0);
  EXPECT_EQ(recover_session(folder).frames, 0U);
  EXPECT_EQ(testing::lines(folder / "faces.csv").size(), 1U)
      << "the header that it must have had";
  EXPECT_GE(testing::read_video(folder / "video.damaged.mkv").milliseconds.size(), 30U);
  EXPECT_EQ(testing::document(folder)["state"], "closed");
}

TEST_F(SessionRecoveryTest, AnEmptyTableOfPicturesGetsTheHeaderOfOne) {
  const auto folder = killed_after(60, options());
  auto described = testing::document(folder);
  described["source"]["kind"] = "folder";
  std::ofstream(folder / "session.json") << described;
  fs::resize_file(folder / "faces.csv", 0);
  recover_session(folder);
  EXPECT_THAT(testing::lines(folder / "faces.csv").front(), HasSubstr(",file"));
}

TEST_F(SessionRecoveryTest, OneThatWasEndedInItsFirstMomentsIsKnownAsSuch) {
  const auto folder = killed_after(1, options());
  EXPECT_FALSE(is_barely_begun(folder)) << "it has its session.json";
  fs::remove(folder / "session.json");
  fs::remove(folder / "video.mkv.partial");
  const auto header = testing::lines(folder / "faces.csv").front() + "\r\n";
  std::ofstream(folder / "faces.csv", std::ios::binary) << header;
  std::ofstream(folder / "session.json.77.partial") << "{\"schema";
  EXPECT_TRUE(is_barely_begun(folder));
  std::ofstream(folder / "faces.csv", std::ios::binary) << "";
  EXPECT_TRUE(is_barely_begun(folder));
  std::ofstream(folder / "faces.csv", std::ios::binary)
      << header << "1,0,0.000,0,0,,,,,,,,,,,\r\n";
  EXPECT_FALSE(is_barely_begun(folder)) << "there is a row to be saved";
  std::ofstream(folder / "faces.csv", std::ios::binary) << "name,age\r\n";
  EXPECT_FALSE(is_barely_begun(folder)) << "a table of somebody else's";
  std::ofstream(folder / "faces.csv", std::ios::binary) << header;
  std::ofstream(folder / "notes.txt") << "mine";
  EXPECT_FALSE(is_barely_begun(folder)) << "something is in there that is not mien's";
  fs::remove(folder / "notes.txt");
  EXPECT_EQ(recover_session(folder).frames, 0U);
  EXPECT_THAT(check_session(folder).problems, IsEmpty());
  EXPECT_FALSE(is_barely_begun(root_ / "missing"));
  fs::create_directories(root_ / "empty");
  EXPECT_FALSE(is_barely_begun(root_ / "empty"));
}

/// A session that was broken off, of rows that a test makes up: without a video.
class RecoveredTables : public SessionRecoveryTest {
 protected:
  fs::path broken(const std::string& faces, const std::string& events = "") const {
    const auto folder = root_ / "broken";
    fs::create_directories(folder);
    testing::put(
        folder / "faces.csv",
        "frame,face_id,timestamp,confidence,success,x,y,w,h,\"happy\nface\",sad,verdict,"
        "certainty,reason,valence\r\n" +
            faces);
    testing::put(folder / "events.csv",
                 "frame,timestamp,event,face_id,value,text\r\n" + events);
    testing::put(folder / "session.json", nlohmann::json{{"schema", "mien-session"},
                                                         {"schema_version", 1},
                                                         {"state", "recording"},
                                                         {"labels", {"happy\nface", "sad"}},
                                                         {"files", {"faces.csv", "events.csv"}},
                                                         {"counts", nlohmann::json::object()}}
                                              .dump());
    return folder;
  }
  static std::string rows(int first, int last) {
    std::string text;
    for (int i = first; i <= last; ++i) {
      text += std::to_string(i) + ",1," + std::to_string(i - 1) +
              ".000,0.9,1,1,2,3,4,0.9,0.1,\"happy\nface\",0.9,,0.1\r\n";
    }
    return text;
  }
};

TEST_F(RecoveredTables, LabelsWithALineEndAreReadAsTheyWereWritten) {
  const auto folder = broken(rows(1, 12) + "13,1,12.0");
  EXPECT_EQ(recover_session(folder).frames, 11U);
  const auto session = read_session(folder);
  ASSERT_EQ(session.rows.size(), 11U);
  EXPECT_EQ(session.rows.back().verdict, "happy\nface");
}

TEST_F(RecoveredTables, ATableThatIsDamagedFromItsFirstRowOnIsLeftAlone) {
  const auto folder = broken("x" + rows(1, 12));
  const auto before = testing::contents(folder / "faces.csv");
  EXPECT_THAT([&] { recover_session(folder); },
              ThrowsMessage<base::Error>(HasSubstr("damaged from its first row on")));
  EXPECT_EQ(testing::contents(folder / "faces.csv"), before);
  EXPECT_EQ(testing::document(folder)["state"], "recording");
}

TEST_F(RecoveredTables, WhatStandsBehindDamageIsKeptBesideTheTable) {
  const auto folder = broken(rows(1, 5) + "no row at all\r\n" + rows(7, 12));
  const auto before = testing::contents(folder / "faces.csv");
  const auto recovery = recover_session(folder);
  EXPECT_EQ(recovery.frames, 4U) << "of the fifth frame a row may be missing";
  EXPECT_THAT(recovery.words, HasSubstr("faces.damaged.csv"));
  EXPECT_EQ(testing::contents(folder / "faces.damaged.csv"), before);
}

TEST_F(RecoveredTables, AMarkerThatWasTypedLateStays) {
  const auto folder =
      broken(rows(1, 8) + "9,1,8.",
             "1,0.000,arrival,1,0,\r\n9,8.000,detector,0,0,haar\r\n"
             "3,2.000,marker,0,0,\"late, but here\"\r\n9,8.000,marker,0,0,no\r\n");
  EXPECT_EQ(recover_session(folder).frames, 7U);
  const auto events = read_session(folder).events;
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[1].text, "late, but here");
  EXPECT_EQ(testing::document(folder)["counts"]["events"], 2);
}

TEST_F(RecoveredTables, WhatWasSentEndsWithTheSession) {
  const auto folder = broken(rows(1, 8));  // seven seconds
  auto json = testing::document(folder);
  json["outputs"] = {{{"spec", "osc:a"}, {"from", 1.5}, {"to", 3.25}},
                     {{"spec", "osc:b"}, {"from", 2.0}, {"to", nullptr}},
                     {{"spec", "osc:c"}, {"from", 5.0}, {"to", 8.5}},
                     {{"spec", "osc:d"}, {"from", 7.5}, {"to", nullptr}},
                     "no output"};
  testing::put(folder / "session.json", json.dump());
  EXPECT_EQ(recover_session(folder).seconds, 7);
  const auto outputs = testing::document(folder)["outputs"];
  const auto entry = [](const char* spec, double from, double to) {
    return nlohmann::json{{"spec", spec}, {"from", from}, {"to", to}};
  };
  ASSERT_EQ(outputs.size(), 5U);
  EXPECT_EQ(outputs[0], entry("osc:a", 1.5, 3.25));
  EXPECT_EQ(outputs[1], entry("osc:b", 2, 7));
  EXPECT_EQ(outputs[2], entry("osc:c", 5, 7));
  EXPECT_EQ(outputs[3], entry("osc:d", 7, 7));
}

TEST_F(RecoveredTables, ARebuiltDocumentHasTheChangesThatTheEventsTellOf) {
  const auto folder =
      broken(rows(1, 8),
             "2,1.000,detector,0,0,haar\r\n3,2.000,landmarks,0,0,none\r\n"
             "4,3.000,model,0,0,other (acted)\r\n4,3.000,landmarks,0,0,some-mesh\r\n");
  fs::remove(folder / "session.json");
  recover_session(folder);
  const auto changes = testing::document(folder)["model_changes"];
  ASSERT_EQ(changes.size(), 3U);
  EXPECT_EQ(changes[0]["frame"], 2);
  EXPECT_EQ(changes[0]["detector"], "haar");
  EXPECT_EQ(changes[0]["labels"], (nlohmann::json{"happy\nface", "sad"}))
      << "the first model's";
  EXPECT_EQ(changes[1]["landmarks"], "");
  EXPECT_EQ(changes[1]["detector"], "haar");
  EXPECT_EQ(changes[2]["model"], "other");
  EXPECT_EQ(changes[2]["reading"], "acted");
  EXPECT_EQ(changes[2]["landmarks"], "some-mesh");
  EXPECT_EQ(changes[2]["labels"], nlohmann::json::array());
  // The folder that a test makes is no private one.
  EXPECT_THAT(check_session(folder).problems,
              ::testing::ElementsAre(HasSubstr("read by others than its owner")));
}

TEST_F(RecoveredTables, OddMembersOfTheDocumentChangeNothingOnTheDisk) {
  const auto folder = broken(rows(1, 8));
  auto json = testing::document(folder);
  json["counts"] = {1, 2};
  testing::put(folder / "session.json", json.dump());
  const auto before = testing::contents(folder / "faces.csv");
  EXPECT_THROW(recover_session(folder), base::Error);
  EXPECT_EQ(testing::contents(folder / "faces.csv"), before);
}

TEST_F(SessionRecoveryTest, WhatIsFinishedAliveOrNoSessionIsRefused) {
  recording::SessionWriter writer(options());
  writer.write(frame(0));
  const auto folder = writer.summary().folder;
  EXPECT_THROW(recover_session(folder), base::Error) << "alive";
  writer.close("stopped");
  const auto before = testing::contents(folder / "session.json");
  EXPECT_THROW(recover_session(folder), base::Error) << "finished";
  EXPECT_EQ(testing::contents(folder / "session.json"), before);
  EXPECT_THROW(recover_session(root_), base::Error) << "no session";
}

}  // namespace
}  // namespace mien::sessions
