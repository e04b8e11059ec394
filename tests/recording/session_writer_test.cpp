#include "mien/recording/session_writer.hpp"

#include <chrono>
#include <clocale>
#include <cmath>
#include <csignal>
#include <locale>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mien/base/error.hpp"
#include "mien/base/movements.hpp"
#include "mien/sessions/recorded_session.hpp"
#include "mien/sessions/session_check.hpp"
#include "mien/sessions/session_video.hpp"

#include "support/session_fixture.hpp"

namespace mien::recording {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
namespace fs = std::filesystem;

using SessionWriterTest = testing::SessionTest;

int mode(const fs::path& path) {
  struct stat status {};
  EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
  return status.st_mode & 0777;
}

// A webcam's own times: no two gaps alike, and not starting at zero.
std::vector<std::chrono::nanoseconds> jittered(int count) {
  std::vector<std::chrono::nanoseconds> times;
  std::chrono::nanoseconds time = 1234567us;
  for (int i = 0; i < count; ++i) {
    times.push_back(time);
    time += 20ms + std::chrono::microseconds((i * 7919) % 45000);
  }
  return times;
}

TEST_F(SessionWriterTest, MotionJpegIsQuantizedAsItWasMeant) {
  auto requested = options();
  requested.encoder = "mjpeg";
  SessionWriter writer(requested);
  for (int i = 0; i < 3; ++i) {
    writer.write(testing::analysed(testing::picture({320, 240}, i), i * 40ms));
  }
  const auto bytes = testing::contents(writer.close("stopped").folder / "video.mkv");
  // DQT: length, table number, then the table in zigzag order. Its second value is 16 at
  // quantizer 8 in the matrix that the encoder scales.
  const auto table = bytes.find(std::string("\xFF\xDB\0", 3));
  ASSERT_NE(table, std::string::npos);
  EXPECT_EQ(static_cast<int>(bytes.at(table + 6)), 16 * 4 / 8);
}

TEST_F(SessionWriterTest, TheVideoShowsTheNamesThatTheWindowShows) {
  // The last picture of a session in which person 1 got those names one after the other.
  const auto last_picture = [&](const std::string& folder,
                                const std::vector<std::string>& names) {
    auto requested = options(folder);
    requested.bars = false;
    SessionWriter writer(requested);
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < 6; ++i) {
      for (const auto& name : names) {
        if (i == 1) {
          writer.note({.kind = sessions::SessionEvent::Kind::name, .person = 1, .text = name},
                      start);
        }
      }
      auto frame =
          testing::analysed(testing::picture({320, 240}, 0), i * 40ms,
                            {testing::reading(1, {100, 100, 60, 70}, {0.1F, 0.8F, 0.1F})});
      auto own = std::make_shared<base::Frame>(*frame.frame);
      own->arrived = start + i * 40ms;
      frame.frame = std::move(own);
      writer.write(frame);
    }
    sessions::VideoReader video(writer.close("stopped").folder / "video.mkv");
    return video.at(200).value();
  };
  const auto without = last_picture("without", {});
  const auto named = last_picture("named", {"Ada"});
  EXPECT_GT(cv::norm(without, named, cv::NORM_INF), 60);
  EXPECT_GT(cv::norm(named, last_picture("other", {"Bea"}), cv::NORM_INF), 60);
  EXPECT_EQ(cv::norm(without, last_picture("taken", {"Ada", ""}), cv::NORM_INF), 0);
}

/// Twelve frames of a person who is measured in all but the fifth, and of one without a mesh.
base::AnalyzedFrame measured_frame(int i) {
  auto seen = testing::reading(1, {40, 30, 100, 136}, {0.1F, 0.8F, 0.1F});
  if (i != 4) {
    seen.geometry = testing::measured_face(seen.face.box, static_cast<float>(i - 6),
                                           static_cast<float>(i) / 16);
    seen.geometry->eyes.blinks = i / 5;
    seen.geometry->eyes.closed = i == 9;
    seen.geometry->movements.back() = std::nanf("");
    seen.geometry->mesh.points[4] = {90, 98, 0};  // the nose, where the axes begin
  }
  auto refused = testing::reading(2, {200, 30, 60, 70}, {0.375F, 0.375F, 0.25F});
  refused.geometry.emplace().doubt = base::MeshDoubt::cut_off;
  auto frame = testing::analysed(testing::picture({320, 240}, i), i * 40ms, {seen, refused});
  frame.landmarks_id = "some-mesh";
  frame.movements_id = "some-movements";
  return frame;
}

TEST_F(SessionWriterTest, TheSettingsInTheDocumentAreThoseThatApplied) {
  auto requested = options("applied");
  requested.columns = sessions::Columns::landmarks;
  requested.landmarks_id = "some-mesh";
  requested.privacy = sessions::Privacy::data_only;
  requested.model.reading = "acted";
  requested.settings = {
      {"columns", "basic"},      {"landmarks", ""},     {"model", ""},
      {"source", "/dev/video0"}, {"detector", "other"}, {"reading", ""},
      {"privacy", "everything"}, {"outputs", {"lsl"}},  {"video_encoder", "x"},
      {"show_bars", false}};
  {
    SessionWriter writer(requested);
    for (int i = 0; i < 2; ++i) writer.write(measured_frame(i));
    writer.close("stopped");
  }
  const auto settings = testing::document(requested.folder)["settings"];
  EXPECT_EQ(settings["columns"], "landmarks");
  EXPECT_EQ(settings["landmarks"], "some-mesh");
  EXPECT_EQ(settings["model"], "fake");
  EXPECT_EQ(settings["reading"], "acted");
  EXPECT_EQ(settings["detector"], "fake-detector");
  EXPECT_EQ(settings["privacy"], "data-only");
  EXPECT_EQ(settings["video_encoder"], "");
  EXPECT_EQ(settings["outputs"], nlohmann::json::array());
  EXPECT_THAT(settings["source"].get<std::string>(),
              ::testing::AllOf(HasSubstr("camera.example"), Not(HasSubstr("secret"))));
  EXPECT_EQ(settings["show_bars"], false) << "of what the session does not say itself";
  EXPECT_FALSE(testing::document(requested.folder)["settings"].contains("sessions_dir"));
}

TEST_F(SessionWriterTest, MovementsAndLandmarksAreInTheTableAndInTheDocument) {
  for (const auto columns :
       {sessions::Columns::basic, sessions::Columns::movements, sessions::Columns::landmarks}) {
    auto requested = options(sessions::word(columns));
    requested.columns = columns;
    requested.landmarks_id = "some-mesh";
    requested.movements_id = "some-movements";
    SessionWriter writer(requested);
    for (int i = 0; i < 12; ++i) writer.write(measured_frame(i));
    const auto summary = writer.close("stopped");
    EXPECT_EQ(summary.problem, "");
    const auto document = testing::document(summary.folder);
    EXPECT_EQ(document["columns"], sessions::word(columns));
    EXPECT_EQ(document["landmarks"], "some-mesh");
    EXPECT_EQ(document["movements"], "some-movements");
    EXPECT_FALSE(document.contains("landmarks_model")) << "its card is not known";
    EXPECT_EQ(document["model_changes"], nlohmann::json::array());
    EXPECT_THAT(sessions::check_session(summary.folder).problems, IsEmpty());

    const auto session = sessions::read_session(summary.folder);
    EXPECT_EQ(session.columns, columns);
    ASSERT_EQ(session.rows.size(), 24U);
    if (columns == sessions::Columns::basic) {
      EXPECT_TRUE(session.movements.empty());
      EXPECT_FALSE(session.rows[0].geometry);
      continue;
    }
    ASSERT_EQ(session.movements.size(), base::movements().size());
    EXPECT_FALSE(session.rows[8].geometry) << "nobody measured it";
    const auto& tenth = session.rows[18].geometry.value();
    EXPECT_EQ(tenth.yaw, 3);
    EXPECT_EQ(tenth.translation, cv::Point3f(10, -20, 600));
    EXPECT_NEAR(tenth.movements.front(), 9.0 / 16, 1e-3);
    EXPECT_TRUE(std::isnan(tenth.movements.back())) << "not known";
    EXPECT_TRUE(tenth.eyes_closed);
    EXPECT_EQ(tenth.blinks, 1);
    EXPECT_EQ(tenth.looks_at_camera, true);
    EXPECT_EQ(session.rows[19].geometry->looks_at_camera, std::nullopt);
    EXPECT_EQ(session.rows[19].geometry->no_mesh, base::describe(base::MeshDoubt::cut_off));
    EXPECT_FALSE(session.rows[19].geometry->has_pose());
    ASSERT_EQ(tenth.landmarks.size(), columns == sessions::Columns::landmarks ? 68U : 0U);
    if (!tenth.landmarks.empty()) {
      EXPECT_EQ(tenth.landmarks[8], cv::Point2f(128, 70)) << "the chin is point 152";
      EXPECT_TRUE(session.rows[19].geometry->landmarks.empty());
    }
  }
}

TEST_F(SessionWriterTest, TheVideoShowsMeshAndAxesAsChosenButNotOverBlurredFaces) {
  const auto last_picture = [&](const std::string& name, overlay::MeshStyle mesh, bool axes,
                                sessions::Privacy privacy) {
    auto requested = options(name);
    requested.bars = false;
    requested.mesh = mesh;
    requested.pose_axes = axes;
    requested.privacy = privacy;
    SessionWriter writer(requested);
    for (int i = 0; i < 12; ++i) writer.write(measured_frame(i));
    sessions::VideoReader video(writer.close("stopped").folder / "video.mkv");
    return video.at(440).value();
  };
  // Between the lines of the box, where nothing else is drawn.
  const auto differs = [](const cv::Mat& one, const cv::Mat& other) {
    const cv::Rect inside(50, 50, 80, 100);
    return cv::norm(one(inside), other(inside), cv::NORM_INF);
  };
  using overlay::MeshStyle;
  for (const auto privacy : {sessions::Privacy::everything, sessions::Privacy::blurred_faces}) {
    const std::string word = sessions::word(privacy);
    const auto plain = last_picture(word + "-plain", MeshStyle::off, false, privacy);
    const auto mesh = last_picture(word + "-mesh", MeshStyle::lines, false, privacy);
    const auto axes = last_picture(word + "-axes", MeshStyle::off, true, privacy);
    if (privacy == sessions::Privacy::everything) {
      EXPECT_GT(differs(plain, mesh), 60);
      EXPECT_GT(differs(plain, axes), 60);
    } else {
      EXPECT_LT(differs(plain, mesh), 20) << "the mesh would tell the shape of the face";
    }
  }
}

TEST_F(SessionWriterTest, VideoAndTableHoldEveryFrameAtItsOwnTime) {
  const auto times = jittered(60);
  SessionWriter writer(options());
  for (int i = 0; i < 60; ++i) {
    std::vector<base::FaceReading> readings;
    if (i % 3 != 0)
      readings.push_back(testing::reading(1, {40, 30, 60, 70}, {0.1F, 0.8F, 0.1F}));
    if (i % 3 == 2)
      readings.push_back(testing::reading(2, {200, 30, 60, 70}, {0.3F, 0.3F, 0.3F}));
    writer.write(testing::analysed(testing::picture({320, 240}, i), times[i], readings));
  }
  const auto summary = writer.close("stopped");
  EXPECT_EQ(summary.frames, 60U);
  EXPECT_EQ(summary.faces, 60U);
  EXPECT_EQ(summary.problem, "");

  const auto video = testing::read_video(summary.folder / "video.mkv");
  EXPECT_EQ(video.width, 320);
  EXPECT_EQ(video.height, 240);
  ASSERT_EQ(video.milliseconds.size(), 60U);
  for (int i = 0; i < 60; ++i) {
    EXPECT_EQ(video.milliseconds[i],
              std::chrono::round<std::chrono::milliseconds>(times[i] - times[0]).count());
  }

  const auto rows = testing::lines(summary.folder / "faces.csv");
  ASSERT_EQ(rows.size(), 1U + 20 + 20 + 40);
  EXPECT_EQ(rows[0],
            "frame,face_id,timestamp,confidence,success,x,y,w,h,neutral,happiness,sadness,"
            "verdict,certainty,reason,valence");
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const auto row = testing::cells(rows[i]);
    ASSERT_EQ(row.size(), 16U) << rows[i];
    const auto frame = std::stoul(row[0]);
    EXPECT_EQ(std::llround(std::stod(row[2]) * 1000), video.milliseconds.at(frame - 1));
  }
  EXPECT_EQ(rows[1], "1,0,0.000,0,0,,,,,,,,,,,");
  EXPECT_THAT(rows[2],
              HasSubstr(",0.875,1,40.0,30.0,60.0,70.0,0.1000,0.8000,0.1000,happiness,0.8000,,"
                        "0.5000"));
  EXPECT_THAT(rows[4], HasSubstr(",not sure,0.3000,low probability,0.5000"));
  EXPECT_FALSE(fs::exists(summary.folder / "video.mkv.partial"));
}

TEST_F(SessionWriterTest, DocumentTellsHowTheSessionWasMadeAndHowItWent) {
  SessionWriter writer(options());
  const auto folder = writer.summary().folder;
  auto json = testing::document(folder);
  EXPECT_EQ(json["state"], "recording");
  EXPECT_EQ(json["finished"], nullptr);

  writer.write(testing::analysed(testing::picture({64, 48}, 0), 0ms));
  writer.write(testing::analysed(testing::picture({64, 48}, 0), 1500ms,
                                 {testing::reading(4, {9, 9, 9, 9}, {1, 0, 0})}));
  writer.close("stopped");

  json = testing::document(folder);
  EXPECT_EQ(json["state"], "closed");
  EXPECT_EQ(json["ended"], "stopped");
  EXPECT_EQ(json["model"]["license"], "MIT");
  EXPECT_EQ(json["detector"], "fake-detector");
  EXPECT_EQ(json["counts"]["frames"], 2);
  EXPECT_EQ(json["counts"]["faces"], 1);
  EXPECT_EQ(json["counts"]["people"], 1);
  EXPECT_EQ(json["counts"]["frames_without_face"], 1);
  EXPECT_DOUBLE_EQ(json["seconds"], 1.5);
  EXPECT_EQ(json["video"]["width"], 64);
  EXPECT_THAT(json["started"].get<std::string>(),
              ::testing::MatchesRegex("....-..-..T..:..:..[+-]..:.."));
  EXPECT_THAT(testing::contents(folder / "session.json"), Not(HasSubstr("secret")));
}

TEST_F(SessionWriterTest, OnlyTheOwnerReadsTheFiles) {
  SessionWriter writer(options());
  writer.write(testing::analysed(testing::picture({64, 48}, 0), 0ms));
  const auto folder = writer.close("stopped").folder;
  EXPECT_EQ(mode(folder), 0700);
  for (const auto* name : {"video.mkv", "faces.csv", "session.json"}) {
    EXPECT_EQ(mode(folder / name), 0600) << name;
  }
}

TEST_F(SessionWriterTest, EveryEncoderGivesTheSameFramesAndTimes) {
  for (const std::string encoder : {"libx264", "libvpx", "mjpeg"}) {
    if (avcodec_find_encoder_by_name(encoder.c_str()) == nullptr) {
      std::cout << "not here, so not tested: " << encoder << '\n';
      continue;
    }
    auto requested = options(encoder);
    requested.encoder = encoder;
    SessionWriter writer(requested);
    const auto times = jittered(20);
    for (int i = 0; i < 20; ++i)
      writer.write(testing::analysed(testing::picture({160, 120}, i), times[i]));
    const auto summary = writer.close("stopped");
    EXPECT_EQ(testing::document(summary.folder)["video"]["encoder"], encoder);
    const auto video = testing::read_video(summary.folder / "video.mkv");
    ASSERT_EQ(video.milliseconds.size(), 20U) << encoder;
    EXPECT_EQ(video.milliseconds[19],
              std::chrono::round<std::chrono::milliseconds>(times[19] - times[0]).count())
        << encoder;
  }
}

TEST_F(SessionWriterTest, OddSizesAreMadeEven) {
  SessionWriter writer(options());
  for (int i = 0; i < 3; ++i)
    writer.write(testing::analysed(testing::picture({101, 75}, i), i * 40ms));
  const auto video = testing::read_video(writer.close("stopped").folder / "video.mkv");
  EXPECT_EQ(video.width, 102);
  EXPECT_EQ(video.height, 76);
  EXPECT_EQ(video.milliseconds.size(), 3U);
}

TEST_F(SessionWriterTest, FramesOfAnotherSizeAreScaledIn) {
  SessionWriter writer(options());
  writer.write(testing::analysed(testing::picture({160, 120}, 0), 0ms));
  writer.write(testing::analysed(testing::picture({320, 100}, 0), 40ms,
                                 {testing::reading(1, {10, 10, 30, 30}, {1, 0, 0})}));
  writer.write(testing::analysed(testing::picture({31, 301}, 0), 80ms));
  const auto summary = writer.close("stopped");
  const auto video = testing::read_video(summary.folder / "video.mkv");
  EXPECT_EQ(video.milliseconds, (std::vector<std::int64_t>{0, 40, 80}));
  EXPECT_EQ(video.width, 160);
  EXPECT_EQ(testing::document(summary.folder)["counts"]["frames_scaled"], 2);
}

TEST_F(SessionWriterTest, APictureThatIsTooSmallForAnEncoderIsScaledUp) {
  for (const auto& encoder : video_encoders()) {
    auto requested = options(encoder.name);
    requested.encoder = encoder.name;
    SessionWriter writer(requested);
    for (int i = 0; i < 3; ++i)
      writer.write(testing::analysed(testing::picture({2, 1}, 0), i * 40ms));
    const auto summary = writer.close("stopped");
    EXPECT_EQ(summary.problem, "") << encoder.name;
    const auto video = testing::read_video(summary.folder / "video.mkv");
    EXPECT_EQ(video.milliseconds.size(), 3U) << encoder.name;
    EXPECT_EQ(video.width, 32) << encoder.name;
    EXPECT_THAT(sessions::check_session(summary.folder).problems, IsEmpty()) << encoder.name;
  }
}

TEST_F(SessionWriterTest, TimeThatGoesBackOrStandsIsLeftOutAndCounted) {
  SessionWriter writer(options());
  for (const auto time : {100ms, 140ms, 140ms, 20ms, 180ms}) {
    writer.write(testing::analysed(testing::picture({64, 48}, 0), time));
  }
  const auto summary = writer.close("stopped");
  EXPECT_EQ(summary.frames, 3U);
  EXPECT_EQ(testing::document(summary.folder)["counts"]["frames_left_out"], 2);
  EXPECT_EQ(testing::read_video(summary.folder / "video.mkv").milliseconds,
            (std::vector<std::int64_t>{0, 40, 80}));
  EXPECT_EQ(testing::lines(summary.folder / "faces.csv").size(), 4U);
}

// Tables and videos count milliseconds; a film of a high-speed camera has several frames in
// one.
TEST_F(SessionWriterTest, FramesWithinOneMillisecondAreSpreadAndThatIsSaid) {
  SessionWriter writer(options());
  for (int i = 0; i < 20; ++i) {
    writer.write(
        testing::analysed(testing::picture({64, 48}, 0), std::chrono::microseconds(500 * i)));
  }
  const auto summary = writer.close("stopped");
  EXPECT_EQ(summary.frames, 20U);
  EXPECT_EQ(testing::read_video(summary.folder / "video.mkv").milliseconds.back(), 19);
  EXPECT_THAT(summary.remark, HasSubstr("times are up to 9 ms late"));
  EXPECT_EQ(testing::document(summary.folder)["remark"], summary.remark);
  SessionWriter usual(options("usual"));
  for (int i = 0; i < 20; ++i) {
    usual.write(
        testing::analysed(testing::picture({64, 48}, 0), std::chrono::microseconds(1100 * i)));
  }
  EXPECT_EQ(usual.close("stopped").remark, "");
}

// A recording goes on when the camera is switched, unplugged and plugged in again, or a clip is
// played once more: the new source counts its time from 0.
TEST_F(SessionWriterTest, AnotherSourceGoesOnByTheTimeThatPassed) {
  const auto arriving = [](std::chrono::milliseconds time, std::chrono::milliseconds arrived,
                           std::uint64_t source) {
    auto result = testing::analysed(testing::picture({64, 48}, 0), time);
    auto frame = std::make_shared<base::Frame>(*result.frame);
    frame->arrived = std::chrono::steady_clock::time_point(arrived);
    result.frame = std::move(frame);
    result.source = source;
    return result;
  };
  SessionWriter writer(options());
  writer.write(arriving(5000ms, 70000ms, 1));
  writer.write(arriving(5040ms, 70041ms, 1));
  writer.write(arriving(0ms, 72041ms, 2));  // two seconds to switch
  writer.write(arriving(33ms, 72075ms, 2));
  writer.write(arriving(0ms, 72075ms, 3));  // never at the same time
  const auto folder = writer.close("stopped").folder;
  EXPECT_EQ(testing::read_video(folder / "video.mkv").milliseconds,
            (std::vector<std::int64_t>{0, 40, 2040, 2073, 2074}));
}

TEST_F(SessionWriterTest, TwoFramesWithinAMillisecondKeepApart) {
  SessionWriter writer(options());
  for (const auto time : {0us, 100us, 200us, 5000us}) {
    writer.write(testing::analysed(testing::picture({64, 48}, 0), time));
  }
  const auto folder = writer.close("stopped").folder;
  EXPECT_EQ(testing::read_video(folder / "video.mkv").milliseconds,
            (std::vector<std::int64_t>{0, 1, 2, 5}));
  EXPECT_EQ(testing::cells(testing::lines(folder / "faces.csv")[3])[2], "0.002");
}

TEST_F(SessionWriterTest, AModelWithOtherLabelsKeepsTheColumnsAndIsNoted) {
  SessionWriter writer(options());
  writer.write(testing::analysed(testing::picture({64, 48}, 0), 0ms));
  auto other = testing::analysed(testing::picture({64, 48}, 0), 40ms,
                                 {testing::reading(1, {1, 1, 9, 9}, {0.9F, 0.1F})},
                                 {"happiness", "boredom"});
  other.model_id = "other";
  writer.write(other);
  writer.write(other);  // left out: same time
  const auto folder = writer.close("stopped").folder;
  const auto row = testing::cells(testing::lines(folder / "faces.csv")[2]);
  EXPECT_EQ(row[9], "");
  EXPECT_EQ(row[10], "0.9000");
  EXPECT_EQ(row[11], "");
  EXPECT_EQ(row[12], "happiness");
  const auto changes = testing::document(folder)["model_changes"];
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0]["model"], "other");
  EXPECT_EQ(changes[0]["frame"], 2);
  EXPECT_DOUBLE_EQ(changes[0]["timestamp"], 0.04);
}

TEST_F(SessionWriterTest, WhatMeasuredTheFacesIsThereWithItsChecksums) {
  auto wanted = options();
  wanted.columns = sessions::Columns::movements;
  wanted.landmarks_id = "some-mesh";
  wanted.movements_id = "some-movements";
  wanted.landmarks_card = {
      {"id", "some-mesh"}, {"version", "2"}, {"files", {{{"sha256", "ab"}}}}};
  wanted.movements_card = {
      {"id", "some-movements"}, {"version", "3"}, {"files", {{{"sha256", "cd"}}}}};
  SessionWriter writer(wanted);
  for (int i = 0; i < 3; ++i) writer.write(measured_frame(i));
  const auto session = sessions::read_session(writer.close("stopped").folder);
  EXPECT_EQ(session.document["landmarks"], "some-mesh") << "as in sessions without cards";
  EXPECT_EQ(session.document["landmarks_model"], wanted.landmarks_card);
  EXPECT_EQ(session.document["movements_model"], wanted.movements_card);
}

TEST_F(SessionWriterTest, AnotherLandmarksModelOrNoneIsAChangeToo) {
  auto wanted = options();
  wanted.landmarks_id = "some-mesh";
  wanted.movements_id = "some-movements";
  SessionWriter writer(wanted);
  writer.write(measured_frame(0));
  auto other = measured_frame(1);
  other.landmarks_id = "other-mesh";
  writer.write(other);
  writer.write(testing::analysed(testing::picture({64, 48}, 0), 80ms));
  const auto folder = writer.close("stopped").folder;
  const auto document = testing::document(folder);
  EXPECT_EQ(document["landmarks"], "some-mesh") << "the first one";
  const auto& changes = document["model_changes"];
  ASSERT_EQ(changes.size(), 2U);
  EXPECT_EQ(changes[0]["frame"], 2);
  EXPECT_EQ(changes[0]["landmarks"], "other-mesh");
  EXPECT_EQ(changes[0]["movements"], "some-movements");
  EXPECT_EQ(changes[0]["model"], "fake") << "the same as before";
  EXPECT_EQ(changes[1]["frame"], 3);
  EXPECT_EQ(changes[1]["landmarks"], "");
  EXPECT_EQ(changes[1]["movements"], "");
  const auto session = sessions::read_session(folder);
  std::vector<std::string> noted;
  for (const auto& event : session.events) {
    if (event.kind == sessions::SessionEvent::Kind::landmarks) noted.push_back(event.text);
  }
  EXPECT_THAT(noted, ::testing::ElementsAre("other-mesh", "none"));
  EXPECT_THAT(sessions::check_session(folder).problems, IsEmpty());
}

TEST_F(SessionWriterTest, WhatIsSentMeanwhileIsKeptWithItsTimes) {
  SessionWriter writer(options());
  const auto began = std::chrono::steady_clock::now();
  const auto write = [&](std::chrono::milliseconds time) {
    auto frame = testing::analysed(testing::picture({64, 48}, 0), time);
    auto picture = std::make_shared<base::Frame>(*frame.frame);
    picture->arrived = began + time;
    frame.frame = std::move(picture);
    writer.write(frame);
  };
  writer.note_outputs({"osc:a"}, began - 1h);
  write(0ms);
  writer.note_outputs({"osc:a", "web:http://u:secret@b"}, began + 1s);
  write(2000ms);
  EXPECT_EQ(testing::document(writer.summary().folder)["outputs"][0]["to"], nullptr);
  writer.note_outputs({"web:http://u:secret@b"}, began + 3s);
  write(4000ms);
  writer.note_outputs({"osc:a"}, began + 1h);
  const auto outputs = testing::document(writer.close("stopped").folder)["outputs"];
  ASSERT_EQ(outputs.size(), 3U);
  EXPECT_EQ(outputs[0], (nlohmann::json{{"spec", "osc:a"}, {"from", 0.0}, {"to", 3.0}}));
  EXPECT_EQ(outputs[1]["from"], 1.0);
  EXPECT_EQ(outputs[1]["to"], 4.0);
  EXPECT_THAT(outputs[1]["spec"], Not(HasSubstr("secret")));
  EXPECT_EQ(outputs[2], (nlohmann::json{{"spec", "osc:a"}, {"from", 4.0}, {"to", 4.0}}));
}

TEST_F(SessionWriterTest, WhatIsSentHasItsTimesOnTheSessionsClock) {
  SessionWriter writer(options());
  const auto began = std::chrono::steady_clock::now();
  const auto write = [&](std::chrono::milliseconds time, std::chrono::milliseconds arrived) {
    auto frame = testing::analysed(testing::picture({64, 48}, 0), time);
    auto picture = std::make_shared<base::Frame>(*frame.frame);
    picture->arrived = began + arrived;
    frame.frame = std::move(picture);
    writer.write(frame);
  };
  const auto note = [&](std::chrono::milliseconds at, std::vector<std::string> specs,
                        const std::string& text) {
    writer.note_outputs(specs, began + at);
    writer.note({.kind = sessions::SessionEvent::Kind::marker, .text = text}, began + at);
  };
  // A file that stands still for an hour.
  write(0ms, 0ms);
  write(1000ms, 1000ms);
  note(30min, {"osc:a"}, "in the pause");
  write(1040ms, 60min);
  note(60min + 60ms, {}, "after it");
  write(1120ms, 60min + 80ms);
  const auto folder = writer.close("stopped").folder;
  const auto outputs = testing::document(folder)["outputs"];
  ASSERT_EQ(outputs.size(), 1U);
  EXPECT_EQ(outputs[0]["from"], 1.0);
  EXPECT_EQ(outputs[0]["to"], 1.1);
  const auto events = testing::contents(folder / "events.csv");
  EXPECT_THAT(events, HasSubstr("1.000,marker")) << "as markers have";
  EXPECT_THAT(events, HasSubstr("1.100,marker"));
}

TEST_F(SessionWriterTest, NothingIsSentUnlessItIsNoted) {
  SessionWriter writer(options());
  writer.write(testing::analysed(testing::picture({64, 48}, 0), 0ms));
  EXPECT_EQ(testing::document(writer.close("stopped").folder)["outputs"],
            nlohmann::json::array());
}

TEST_F(SessionWriterTest, AnotherReadingOfTheModelIsKept) {
  auto wanted = options();
  for (const char* id : {"everyday", "acted"}) {
    wanted.model.readings.push_back({id, std::string("Reading ") + id, {}, 1});
  }
  wanted.model = models::with_reading(wanted.model, "everyday");
  SessionWriter writer(wanted);
  auto frame = testing::analysed(testing::picture({64, 48}, 0), 0ms);
  frame.model_reading = "everyday";
  writer.write(frame);
  auto other = testing::analysed(testing::picture({64, 48}, 0), 40ms);
  other.model_reading = "acted";
  writer.write(other);
  const auto folder = writer.close("stopped").folder;
  EXPECT_EQ(testing::document(folder)["reading"], "everyday");
  const auto changes = testing::document(folder)["model_changes"];
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0]["reading"], "acted");
  EXPECT_EQ(changes[0]["frame"], 2);
  const auto rows = testing::lines(folder / "events.csv");
  EXPECT_TRUE(std::any_of(rows.begin(), rows.end(), [](const std::string& row) {
    return row.find("model") != row.npos && row.find("(acted)") != row.npos;
  }));
}

TEST_F(SessionWriterTest, WithoutVideoThereIsTheTable) {
  auto requested = options();
  requested.video = false;
  SessionWriter writer(requested);
  writer.write(testing::analysed(testing::picture({64, 48}, 0), 0ms));
  const auto folder = writer.close("end of input").folder;
  EXPECT_FALSE(fs::exists(folder / "video.mkv"));
  EXPECT_EQ(testing::lines(folder / "faces.csv").size(), 2U);
  EXPECT_FALSE(testing::document(folder).contains("video"));
}

TEST_F(SessionWriterTest, ASessionWithoutAFrameIsStillOne) {
  SessionWriter writer(options());
  const auto summary = writer.close("stopped");
  EXPECT_EQ(summary.frames, 0U);
  EXPECT_EQ(testing::lines(summary.folder / "faces.csv").size(), 1U);
  EXPECT_EQ(testing::document(summary.folder)["state"], "closed");
}

TEST_F(SessionWriterTest, NumbersHaveAPointInEveryLocale) {
  struct Comma : std::numpunct<char> {
    char do_decimal_point() const override { return ','; }
    char do_thousands_sep() const override { return '.'; }
    std::string do_grouping() const override { return "\3"; }
  };
  const auto before = std::locale::global(std::locale(std::locale::classic(), new Comma));
  // Where the system has one, C's functions get a comma too.
  const std::string c_before = std::setlocale(LC_ALL, nullptr);
  if (std::setlocale(LC_ALL, "de_DE.UTF-8") == nullptr) std::setlocale(LC_ALL, "fr_FR.UTF-8");
  SessionWriter writer(options());
  writer.write(testing::analysed(testing::picture({64, 48}, 0), 0ms));
  writer.write(
      testing::analysed(testing::picture({64, 48}, 0), 2345678ms,
                        {testing::reading(1, {1234.5F, 1, 9, 9}, {0.5F, 0.25F, 0.25F})}));
  const auto folder = writer.close("stopped").folder;
  std::locale::global(before);
  std::setlocale(LC_ALL, c_before.c_str());
  EXPECT_EQ(
      testing::lines(folder / "faces.csv").at(2),
      "2,1,2345.678,0.875,1,1234.5,1.0,9.0,9.0,0.5000,0.2500,0.2500,neutral,0.5000,,0.5000");
  EXPECT_DOUBLE_EQ(testing::document(folder)["seconds"], 2345.678);
}

}  // namespace
}  // namespace mien::recording
