#include "recording_control.hpp"

#include <filesystem>

#include <gmock/gmock.h>

#include "support/fakes.hpp"
#include "support/temporary_folder.hpp"

namespace mien::testing {
namespace {

class RecordingControlTest : public ::testing::Test {
 protected:
  RecordingControlTest() {
    LiveSession::Factories factories;
    factories.open_source = [](const SourceRequest&) {
      FakeSource::Script script;
      script.info.size = {320, 240};
      return std::make_unique<FakeSource>(script);
    };
    factories.make_detector = [](const std::string& id) {
      return std::make_unique<FakeDetector>(
          id, std::vector<Face>{{.box = {40, 40, 90, 90}, .confidence = 1, .landmarks = {}}});
    };
    factories.load_model = [](const std::string& id) {
      return std::make_unique<FakeModel>(id);
    };
    session_ = std::make_unique<LiveSession>(
        factories, LiveSession::Start{.source = {.spec = "fake", .realtime = true, .mode = {}},
                                      .detector = "fake",
                                      .model = "fake"});
  }
  SessionOptions options() {
    SessionOptions options;
    options.folder = new_session_folder(folder_.path());
    options.model = FakeModel().card();
    options.detector_id = "fake";
    options.source = session_->snapshot().status.source;
    return options;
  }
  TemporaryFolder folder_;
  std::unique_ptr<LiveSession> session_;
  RecordingControl control_;
};

TEST_F(RecordingControlTest, RecordsStopsWithoutWaitingAndSaysWhere) {
  ASSERT_TRUE(eventually([&] { return session_->snapshot().analysis != nullptr; }));
  const auto wanted = options();
  control_.start(*session_, wanted);
  EXPECT_TRUE(control_.view().active);
  ASSERT_TRUE(eventually([&] { return control_.view().seconds > 0.2; }));
  control_.stop(*session_);
  EXPECT_FALSE(control_.recording());
  EXPECT_FALSE(control_.view().active);
  std::vector<Notice> notices;
  ASSERT_TRUE(eventually([&] {
    for (auto& notice : control_.poll(*session_)) notices.push_back(notice);
    return !control_.busy();
  }));
  ASSERT_EQ(notices.size(), 1u);
  EXPECT_EQ(notices[0].level, Notice::Level::info);
  EXPECT_THAT(notices[0].text, ::testing::HasSubstr(wanted.folder.string()));
  EXPECT_GT(std::filesystem::file_size(wanted.folder / "video.mkv"), 0u);
  EXPECT_TRUE(std::filesystem::exists(wanted.folder / "faces.csv"));
}

TEST_F(RecordingControlTest, AFolderThatCannotBeMadeIsAnErrorAndNothingRuns) {
  auto wanted = options();
  wanted.folder = "/proc/mien/session";
  EXPECT_THROW(control_.start(*session_, wanted), Error);
  EXPECT_FALSE(control_.busy());
}

}  // namespace
}  // namespace mien::testing
