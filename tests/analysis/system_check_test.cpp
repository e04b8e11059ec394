#include "mien/analysis/system_check.hpp"

#include <future>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/fakes.hpp"
#include "support/foreign_model.hpp"
#include "support/model_folder.hpp"
#include "support/temporary_folder.hpp"
#include "system_sections.hpp"

namespace mien::analysis {
namespace {

using namespace std::chrono_literals;

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

/// A user whose names and folders are told apart from everything else.
class SystemCheckTest : public ::testing::Test {
 protected:
  SystemCheckTest() {
    request_.version = "1.2.3";
    request_.sessions_folder = home() / "Videos/mien";
    request_.display.window_system = "X11";
    request_.display.gl_renderer = "A renderer";
    request_.display.libraries = {{"Dear ImGui", "1.86"}};
    request_.libraries = {{"libsending", "7.8"}};
    request_.names = {.home = home(), .user = "adalovelace", .host = "difference-engine"};
    request_.probes.list_cameras = [this] { return cameras_; };
    request_.probes.open_source = [](const sources::SourceRequest&) { return working(); };
  }

  std::filesystem::path home() const { return folder_ / "adalovelace"; }
  static std::unique_ptr<sources::FrameSource> working() {
    testing::FakeSource::Script script;
    script.info.format = "MJPG";
    return std::make_unique<testing::FakeSource>(script);
  }
  void add_camera(const std::string& name) {
    sources::CameraInfo camera;
    camera.index = static_cast<int>(cameras_.size());
    camera.device = "/dev/video" + std::to_string(2 * camera.index);
    camera.stable_path = "/dev/v4l/by-id/usb-Maker_Camera_SN0012345-video-index0";
    camera.name = name;
    camera.modes = {
        {{1280, 720}, 30, "MJPG"}, {{640, 480}, 30, "MJPG"}, {{640, 480}, 15, "YUYV"}};
    cameras_.push_back(camera);
  }

  using Look = SystemSection(const SystemCheckRequest&, const Stop&);
  SystemSection section(Look& look) const {
    return look(request_, [] { return false; });
  }
  static SystemRow row(const SystemSection& section, const std::string& name) {
    for (const auto& each : section.rows) {
      if (each.name == name) return each;
    }
    throw std::runtime_error("no row " + name);
  }

  const testing::TemporaryFolder folder_;
  const testing::ScopedEnvironment home_{"HOME", (folder_ / "adalovelace").string()};
  const testing::ScopedEnvironment config_{"XDG_CONFIG_HOME", ""}, data_{"XDG_DATA_HOME", ""},
      state_{"XDG_STATE_HOME", ""};
  std::vector<sources::CameraInfo> cameras_;
  SystemCheckRequest request_;
};

TEST_F(SystemCheckTest, HasOnOnePageWhatABugReportNeeds) {
  add_camera("Studio");
  std::vector<std::string> seen;
  const auto report = check_system(
      request_, {.section = [&](const SystemSection& each) { seen.push_back(each.title); }});
  EXPECT_EQ(report.count(Finding::broken), 0) << text(report);
  const auto page = text(report);
  for (const char* words : {"1.2.3",
                            "Kernel",
                            "OpenCV",
                            "threads",
                            "libavcodec",
                            "ONNX",
                            "protobuf",
                            "\n  WebP ",
                            "\n  spdlog ",
                            "\n  libsending      7.8",
                            "Dear ImGui",
                            "A renderer",
                            "Studio, /dev/video0",
                            "MJPG up to 1280x720@30 (2 modes)",
                            "YUYV up to 640x480@15 (1",
                            "yes, 64x48@100 MJPG",
                            "mien-base",
                            "the default, loads",
                            "haar",
                            "~/.config/mien",
                            "~/Videos/mien",
                            "~/.local/state/mien",
                            "GB free",
                            "the median of 15"}) {
    EXPECT_THAT(page, HasSubstr(words));
  }
  ASSERT_EQ(seen.size(), report.sections.size());
  EXPECT_EQ(seen.front(), "Program and system");
  EXPECT_EQ(seen.back(), "Milliseconds to read a face");
}

TEST_F(SystemCheckTest, NothingInItSaysWhoseComputerItIs) {
  add_camera("Adalovelace's eye at difference-engine");
  add_camera("Second");
  request_.sessions_folder = home() / "patients/Smith";
  request_.display.problem = "";
  request_.probes.open_source =
      [this](const sources::SourceRequest&) -> std::unique_ptr<sources::FrameSource> {
    throw base::Error("The file " + (home() / "x").string() + " of adalovelace is missing.");
  };
  folder_.write("adalovelace/.local/share/mien/models/Smith/card.json", "{");
  const testing::TemporaryFolder scratch;
  auto card = testing::emotion_card(scratch, "weights");
  card["id"] = "Smith-face";
  card["name"] = "The face of Smith";
  folder_.write("adalovelace/.local/share/mien/models/other/card.json", card.dump());
  const auto page = text(check_system(request_));
  for (const auto& words :
       {home().string(), std::string("adalovelace"), std::string("Adalovelace"),
        std::string("difference-engine"), std::string("Smith"), std::string("SN0012345"),
        folder_.path().string()}) {
    EXPECT_THAT(page, Not(HasSubstr(words)));
  }
  EXPECT_THAT(page,
              AllOf(HasSubstr("(user)'s eye at (host)"), HasSubstr("The file ~/x of (user)"),
                    HasSubstr("a folder of your own in your home"), HasSubstr("1 ONNX"),
                    HasSubstr("1 folder cannot be used")));
}

TEST_F(SystemCheckTest, AFolderElsewhereIsNotNamed) {
  const testing::TemporaryFolder other;
  request_.sessions_folder = other / "Smith";
  EXPECT_THAT(row(section(folders_section), "Sessions").value,
              StartsWith("a folder of your own outside of your home, made when it is needed"));
}

TEST_F(SystemCheckTest, TheNamesAreThoseOfTheSystem) {
  const auto names = personal_names();
  EXPECT_EQ(names.home, home());
  EXPECT_NE(names.user, "");
  EXPECT_NE(names.host, "");
}

TEST(WithoutNames, AreReplacedAsWholeWordsInAnyCase) {
  const PersonalNames names{.home = "/home/ada", .user = "ada", .host = "ENGINE"};
  EXPECT_EQ(without_names("/home/ada/x, /home/adam, Ada's Adapter at engine.", names),
            "~/x, /home/adam, (user)'s Adapter at (host).");
  EXPECT_EQ(without_names("/media/ada/stick", names), "/media/(user)/stick");
  EXPECT_EQ(without_names("a b c", {.home = "/", .user = "b", .host = ""}), "a b c");
}

TEST_F(SystemCheckTest, ACameraThatHangsIsLeftBehind) {
  add_camera("Stuck");
  add_camera("Fine");
  auto gate = std::make_shared<std::promise<void>>();
  request_.probes.patience = 60ms;
  request_.probes.open_source =
      [wait = gate->get_future().share()](const sources::SourceRequest& request) {
        if (request.spec == "/dev/video0") wait.wait();
        return working();
      };
  const auto found = section(cameras_section);
  EXPECT_EQ(found.rows.at(2).finding, Finding::broken);
  EXPECT_THAT(found.rows.at(2).advice, HasSubstr("did not answer"));
  EXPECT_EQ(found.rows.at(5).finding, Finding::good) << "the next one is tried all the same";
  gate->set_value();
}

TEST_F(SystemCheckTest, DriversThatHangAreSaid) {
  auto gate = std::make_shared<std::promise<void>>();
  request_.probes.patience = 20ms;
  request_.probes.list_cameras = [wait = gate->get_future().share()] {
    wait.wait();
    return std::vector<sources::CameraInfo>();
  };
  EXPECT_EQ(section(cameras_section).rows.at(0).finding, Finding::broken);
  gate->set_value();
}

TEST_F(SystemCheckTest, TellsABusyCameraFromOneThatDoesNotWork) {
  add_camera("Busy");
  add_camera("Forbidden");
  add_camera("Silent");
  request_.probes.open_source =
      [](const sources::SourceRequest& request) -> std::unique_ptr<sources::FrameSource> {
    if (request.spec == "/dev/video0") throw sources::CameraBusy("Somebody uses it.");
    if (request.spec == "/dev/video2") throw base::Error("You may not.");
    testing::FakeSource::Script empty;
    empty.frames = 0;
    return std::make_unique<testing::FakeSource>(empty);
  };
  const auto found = section(cameras_section);
  EXPECT_EQ(found.rows.at(2).finding, Finding::doubtful);
  EXPECT_EQ(found.rows.at(2).advice, "Somebody uses it.");
  EXPECT_EQ(found.rows.at(5).finding, Finding::broken);
  EXPECT_EQ(found.rows.at(5).advice, "You may not.");
  EXPECT_EQ(found.rows.at(8).finding, Finding::broken);
  cameras_[0].name = cameras_[0].device;
  EXPECT_EQ(section(cameras_section).rows.at(0).value, "/dev/video0") << "it told no name";
}

TEST_F(SystemCheckTest, TheCameraOfTheWindowIsNotOpenedAgain) {
  add_camera("Mine");
  std::atomic<int> opened{0};
  request_.probes.open_source = [&](const sources::SourceRequest&) {
    ++opened;
    return working();
  };
  sources::SourceInfo info;
  info.spec = cameras_[0].stable_path;
  info.kind = "camera";
  info.size = {640, 480};
  info.fps = 15;
  info.format = "YUYV";
  request_.in_use = info;
  EXPECT_EQ(section(cameras_section).rows.at(2).value,
            "in use by this window: 640x480@15 YUYV");
  EXPECT_EQ(opened, 0);
}

TEST_F(SystemCheckTest, AFolderThatCannotBeWrittenIsBroken) {
  request_.sessions_folder = folder_.write("file", "") / "sessions";
  const auto sessions = row(section(folders_section), "Sessions");
  EXPECT_EQ(sessions.finding, Finding::broken);
  EXPECT_THAT(sessions.advice, AllOf(StartsWith("Recordings cannot be kept"),
                                     HasSubstr("--sessions"), EndsWith(".")));
}

TEST_F(SystemCheckTest, MissingModelsAreBroken) {
  std::filesystem::create_directories(folder_ / "data/models");
  std::filesystem::create_directories(folder_ / "data/assets");
  const testing::ScopedEnvironment data("MIEN_DATA_DIR", (folder_ / "data").string());
  EXPECT_EQ(row(section(models_section), "Default").finding, Finding::broken);
  EXPECT_EQ(row(section(detectors_section), "auto").finding, Finding::broken);
  const auto page = text(check_system(request_));
  EXPECT_THAT(page, HasSubstr("this could not be looked at, as above"));
  EXPECT_THAT(page, Not(HasSubstr(folder_.path().string())));
}

TEST_F(SystemCheckTest, LandmarksModelsOfYourOwnAreTriedAndCounted) {
  EXPECT_THAT(text(check_system(request_)), Not(HasSubstr("--landmarks")));
  const auto models = home() / ".local/share/mien/models";
  testing::copy_shipped_model("face-mesh", "smith-mesh", models / "smith-mesh");
  auto added = row(section(movements_section), "Added by you");
  EXPECT_EQ(added.value, "1 (1 ONNX), all load");
  EXPECT_EQ(added.finding, Finding::good);
  testing::copy_shipped_model("face-mesh", "other-mesh", models / "other-mesh");
  folder_.write("adalovelace/.local/share/mien/models/other-mesh/canonical_face.json", "{}");
  added = row(section(movements_section), "Added by you");
  EXPECT_EQ(added.value, "2 (2 ONNX), and 1 of them do not load");
  EXPECT_EQ(added.finding, Finding::doubtful);
  EXPECT_THAT(added.advice, HasSubstr("`mien bench --landmarks ID`"));
}

TEST_F(SystemCheckTest, RulesOfYourOwnThatCannotBeUsedAreSaid) {
  EXPECT_EQ(row(section(movements_section), "Opinions").finding, Finding::good);
  folder_.write("adalovelace/.config/mien/opinions.rules", "[mine]\nwhen = smle_left > 1\n");
  const auto broken = row(section(movements_section), "Opinions");
  EXPECT_EQ(broken.finding, Finding::doubtful) << "mien's own go on";
  EXPECT_THAT(broken.advice,
              AllOf(StartsWith("The rules in opinions.rules cannot be used: line 2"),
                    HasSubstr("smle_left"), Not(HasSubstr("adalovelace"))));
  folder_.write("adalovelace/.config/mien/opinions.rules", "[mine]\nwhen = smile_left > 1\n");
  const auto good = row(section(movements_section), "Opinions");
  EXPECT_EQ(good.finding, Finding::good);
  EXPECT_THAT(good.value, HasSubstr("of your own"));
}

TEST_F(SystemCheckTest, AllOfTheReadingIsWhatTheWindowDoesByDefault) {
  const auto speed = section(speed_section);
  EXPECT_THAT(row(speed, "Mesh").value, HasSubstr("(face-mesh, face-movements)"));
  EXPECT_EQ(speed.rows.back().name, "All of it");
}

TEST_F(SystemCheckTest, WithoutADisplayItSaysWhy) {
  request_.display = {};
  request_.display.problem = "No display was found.";
  const auto window = row(section(display_section), "Window");
  EXPECT_EQ(window.finding, Finding::doubtful) << "the commands work without one";
  EXPECT_EQ(window.advice, "No display was found.");
  request_.display.window_system = "X11";
  EXPECT_EQ(row(section(display_section), "Window").finding, Finding::broken)
      << "OpenGL is too old";
}

TEST_F(SystemCheckTest, EndsSoonWhenItIsStopped) {
  add_camera("Stuck");
  auto gate = std::make_shared<std::promise<void>>();
  std::atomic<bool> stopped{false};
  request_.probes.patience = 1h;
  request_.probes.open_source =
      [&, wait = gate->get_future().share()](const sources::SourceRequest&) {
        stopped = true;
        wait.wait();
        return working();
      };
  const auto report = check_system(request_, {.stop = [&] { return stopped.load(); }});
  EXPECT_EQ(report.sections.size(), 3U) << "those before the cameras";
  gate->set_value();
}

}  // namespace
}  // namespace mien::analysis
