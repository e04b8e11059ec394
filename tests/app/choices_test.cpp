#include "choices.hpp"

#include <gmock/gmock.h>

#include "mien/base/files.hpp"

#include "support/temporary_folder.hpp"

namespace mien::app {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

analysis::LiveStatus running(const std::string& source, const std::string& model = "base",
                             const std::string& detector = "near") {
  analysis::LiveStatus status;
  status.state = analysis::LiveStatus::State::running;
  status.source.spec = source;
  status.model_id = model;
  status.detector_id = detector;
  return status;
}

class ChoicesTest : public ::testing::Test {
 protected:
  Choices choices(base::WindowOptions command_line = {}) {
    return Choices(file_, std::move(command_line), disk_);
  }
  /// What is in the file after all has been written.
  base::Settings written(Choices& choices) {
    choices.save(true);
    EXPECT_TRUE(disk_.wait(20s));
    return base::load_settings(file_).settings;
  }

  testing::TemporaryFolder folder_;
  const std::filesystem::path file_ = folder_ / "settings.json";
  base::BackgroundQueue disk_;
};

TEST_F(ChoicesTest, AreRememberedOnceTheyRun) {
  auto one = choices();
  one.request_source("clip.mp4", "camera");
  one.request_model("other");
  one.request_detector("far");
  one.remember_running(running("camera"), false);
  EXPECT_EQ(written(one).source, "");
  EXPECT_EQ(written(one).model, "");
  one.remember_running(running("clip.mp4", "other", "far"), false);
  const auto settings = written(one);
  EXPECT_EQ(settings.source, "clip.mp4");
  EXPECT_EQ(settings.model, "other");
  EXPECT_EQ(settings.detector, "far");
}

TEST_F(ChoicesTest, WhatTheCommandLineSaysIsNotRemembered) {
  auto one = choices({.source = "demo",
                      .model = "small",
                      .reading = "posed",
                      .detector = "haar",
                      .privacy = "blurred",
                      .encoder = "mjpeg",
                      .sessions = "/s"});
  EXPECT_EQ(one.source(), "demo");
  EXPECT_EQ(one.model(), "small");
  EXPECT_EQ(one.reading(), "posed");
  EXPECT_EQ(one.detector(), "haar");
  EXPECT_EQ(one.privacy(), sessions::Privacy::blurred_faces);
  EXPECT_EQ(one.encoder(), "mjpeg");
  EXPECT_EQ(one.sessions_folder(), "/s");
  one.remember_running(running("demo", "small", "haar"), false);
  one.change([](base::Settings& settings) { settings.show_bars = false; });
  auto settings = written(one);
  EXPECT_EQ(settings.source, "");
  EXPECT_EQ(settings.model, "");
  EXPECT_EQ(settings.privacy, "everything");
  EXPECT_FALSE(settings.show_bars);
  // Until another is chosen.
  one.handle(ui::action::ChoosePrivacy{sessions::Privacy::data_only});
  EXPECT_EQ(one.privacy(), sessions::Privacy::data_only);
  EXPECT_EQ(written(one).privacy, "data-only");
}

// As the panels ask when two keys are pressed within one redraw.
TEST_F(ChoicesTest, TwoSwitchesDoNotUndoEachOther) {
  auto one = choices();
  one.handle(ui::action::ChangeSetting{&base::Settings::show_timeline, false});
  one.handle(ui::action::ChangeSetting{&base::Settings::show_bars, false});
  EXPECT_FALSE(one.settings().show_timeline);
  EXPECT_FALSE(one.settings().show_bars);
  const auto settings = written(one);
  EXPECT_FALSE(settings.show_timeline);
  EXPECT_FALSE(settings.show_bars);
  EXPECT_TRUE(settings.show_panel);
}

TEST_F(ChoicesTest, AModelInMemoryAloneIsNotRemembered) {
  auto one = choices();
  one.request_model("taught");
  one.remember_running(running("camera", "taught"), true);
  EXPECT_EQ(written(one).model, "");
  one.remember_running(running("camera", "taught"), false);
  EXPECT_EQ(written(one).model, "taught");
}

TEST_F(ChoicesTest, AnAddressWithASecretIsNotRememberedAndThatIsSaid) {
  auto one = choices();
  one.request_source("http://ann:hush@cam/x?t=hush", "camera");
  one.remember_running(running("http://ann:hush@cam/x?t=hush"), false);
  const auto notices = one.take_notices();
  ASSERT_THAT(notices, ElementsAre(Field(&base::Notice::text, HasSubstr("http://cam/x"))));
  EXPECT_THAT(notices[0].text, Not(HasSubstr("hush")));
  one.change([](base::Settings& settings) { settings.show_bars = false; });
  EXPECT_EQ(written(one).source, "");
  EXPECT_THAT(base::read_text_file(file_), Not(HasSubstr("hush")));
}

TEST_F(ChoicesTest, UnknownWordsAreSafeAndSaid) {
  folder_.write("settings.json",
                R"({"privacy": "data_only", "video_encoder": "x999",
                    "camera_modes": {"/dev/a": "fast", "/dev/b": "640x480@30 MJPG"}})");
  auto one = choices();
  EXPECT_EQ(one.privacy(), sessions::Privacy::data_only);
  EXPECT_EQ(one.encoder(), "");
  EXPECT_FALSE(one.camera_mode("/dev/a"));
  EXPECT_TRUE(one.camera_mode("/dev/b"));
  EXPECT_THAT(one.take_notices(),
              ElementsAre(Field(&base::Notice::text, HasSubstr("data_only")),
                          Field(&base::Notice::text, HasSubstr("x999")),
                          Field(&base::Notice::text, HasSubstr("fast"))));
  // Written down, so that the next start is quiet and as strict.
  EXPECT_EQ(written(one).privacy, "data-only");
  EXPECT_THAT(choices().take_notices(), IsEmpty());
}

TEST_F(ChoicesTest, WhatCannotBeWrittenIsSaid) {
  folder_.write("file", "x");
  Choices one(folder_ / "file/settings.json", {}, disk_);
  one.change([](base::Settings& settings) { settings.show_bars = false; });
  one.save(true);
  ASSERT_TRUE(disk_.wait(20s));
  EXPECT_THAT(one.take_notices(), ElementsAre(Field(&base::Notice::text, HasSubstr("file"))));
}

TEST_F(ChoicesTest, ALandmarksModelIsRememberedOnceItRunsAndSoIsNone) {
  auto one = choices();
  EXPECT_EQ(one.landmarks(), "") << "the standard one";
  auto status = running("camera");
  status.landmarks_id = "face-mesh";
  one.request_landmarks("other-mesh");
  one.remember_running(status, false);
  EXPECT_EQ(written(one).landmarks, "");
  status.landmarks_id = "other-mesh";
  one.remember_running(status, false);
  EXPECT_EQ(written(one).landmarks, "other-mesh");
  one.request_landmarks(analysis::kNoLandmarks);
  one.remember_running(status, false);
  EXPECT_EQ(written(one).landmarks, "other-mesh") << "it still runs";
  status.landmarks_id = "";
  one.remember_running(status, false);
  EXPECT_EQ(written(one).landmarks, "none");
}

TEST_F(ChoicesTest, ColumnsOfTheCommandLineHaveALandmarksModel) {
  folder_.write("settings.json", R"({"landmarks": "none", "columns": "landmarks"})");
  EXPECT_EQ(choices().landmarks(), "none");
  EXPECT_EQ(choices().columns(), sessions::Columns::landmarks);
  auto one = choices({.columns = "movements"});
  EXPECT_EQ(one.landmarks(), analysis::kDefaultLandmarks);
  EXPECT_EQ(one.columns(), sessions::Columns::movements);
  EXPECT_EQ(choices({.columns = "basic"}).landmarks(), "none");
  EXPECT_EQ(choices({.landmarks = "other"}).landmarks(), "other");
  // Until others are chosen.
  one.handle(ui::action::ChooseColumns{sessions::Columns::basic});
  EXPECT_EQ(one.columns(), sessions::Columns::basic);
  EXPECT_EQ(written(one).columns, "basic");
}

TEST_F(ChoicesTest, MeshAndCurvesAreRemembered) {
  folder_.write("settings.json", R"({"mesh": "wires", "columns": "all"})");
  auto one = choices();
  EXPECT_EQ(one.settings().mesh, "off");
  EXPECT_EQ(one.columns(), sessions::Columns::basic);
  one.handle(ui::action::ChooseMesh{overlay::MeshStyle::features});
  one.handle(ui::action::ChooseCurve{"yaw", true});
  one.handle(ui::action::ChooseCurve{"yaw", true});
  one.handle(ui::action::ChooseCurve{"blinks", true});
  EXPECT_EQ(written(one).mesh, "features");
  EXPECT_THAT(written(one).curves, ElementsAre("yaw", "blinks"));
  one.handle(ui::action::ChooseCurve{"yaw", false});
  EXPECT_THAT(written(one).curves, ElementsAre("blinks"));
}

}  // namespace
}  // namespace mien::app
