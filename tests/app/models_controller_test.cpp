#include "models_controller.hpp"

#include <gmock/gmock.h>

#include "mien/base/error.hpp"

#include "support/fake_mesh.hpp"
#include "support/fake_session.hpp"
#include "support/foreign_model.hpp"
#include "support/temporary_folder.hpp"

namespace mien::app {
namespace {

using ::testing::HasSubstr;

/// Counts what is uploaded.
class CountingSurface : public PictureSurface {
 public:
  void upload(const cv::Mat& /*bgr*/, float /*shown_width*/) override { ++uploads; }
  std::uintptr_t id() const override { return 7; }
  int uploads = 0;
};

/// The person's "face" is bright above or below.
base::AnalyzedFramePtr taught_frame(bool above, int variation) {
  auto frame = std::make_shared<base::Frame>();
  frame->image = cv::Mat(120, 160, CV_8UC3, cv::Scalar::all(40 + variation));
  frame->image.rowRange(above ? 20 : 60, above ? 60 : 100).setTo(cv::Scalar::all(200));
  auto analysis = std::make_shared<base::AnalyzedFrame>();
  analysis->frame = frame;
  base::FaceReading reading;
  reading.person = 1;
  reading.face.box = {40, 20, 80, 80};
  analysis->readings.push_back(reading);
  return analysis;
}

class ModelsControllerTest : public ::testing::Test {
 protected:
  ModelsControllerTest() {
    EXPECT_TRUE(testing::eventually([&] { return !live().model_id.empty(); }));
    EXPECT_TRUE(testing::eventually([&] {
      poll();
      return view_.models.size() == 2;
    }));
  }
  analysis::LiveStatus live() const { return live_->snapshot().status; }
  void poll() {
    view_.status = live();
    if (auto found = discovery_.poll()) models_.take_found(std::move(*found));
    models_.poll();
    choices_.remember_running(view_.status,
                              teaching_.unsaved_card(choices_.requested_model()).has_value());
  }
  bool runs(const std::string& model) {
    return testing::eventually([&] {
      poll();
      return live().model_id == model;
    });
  }
  bool learned() {
    return testing::eventually([&] {
      poll();
      return view_.teaching.result && view_.teaching.state == ui::TeachingView::State::idle;
    });
  }
  /// Shows two expressions, of which it then learns.
  void teach(const std::string& name) {
    for (int i = 0; i < 24; ++i) {
      presenter_.take_replayed(taught_frame(i % 2 == 0, i));
      const auto before = examples();
      models_.handle(ui::action::AddExample{i % 2 == 0 ? "neutral" : "happiness", 1});
      ASSERT_TRUE(testing::eventually([&] {
        poll();
        return examples() == before + 1;
      }));
    }
    teaching_.handle(ui::action::TrainModel{name});
    ASSERT_TRUE(learned());
  }
  std::size_t examples() const {
    std::size_t all = 0;
    for (const auto& label : view_.teaching.labels) all += label.examples;
    return all;
  }
  static Discovery::Found found() {
    Discovery::Found found;
    found.models = {{"fake", "Fake", ""}, {"other", "Other", ""}};
    found.detectors = {{"near", "Near", ""}};
    found.landmarks = {{"mesh", "Mesh", ""}};
    return found;
  }
  std::unique_ptr<analysis::LiveSession> session() {
    analysis::LiveSession::Factories factories;
    factories.open_source = [](const sources::SourceRequest&) {
      return std::make_unique<testing::FakeSource>(testing::FakeSource::Script{});
    };
    factories.make_detector = [](const std::string& id) {
      return std::make_unique<testing::FakeDetector>(id, std::vector<base::Face>{});
    };
    factories.load_movements = [](const std::string&) { return testing::fake_movements(); };
    factories.load_model = [this](const std::string& id, const std::string&) {
      if (id == "missing") throw base::Error("There is no model missing.");
      auto taught = teaching_.make_model(id);
      return taught ? std::move(taught)
                    : std::unique_ptr<emotions::EmotionModel>(
                          std::make_unique<testing::FakeModel>(id.empty() ? "standard" : id));
    };
    return std::make_unique<analysis::LiveSession>(
        factories,
        analysis::LiveSession::Start{.source = {.spec = "fake", .realtime = true, .mode = {}},
                                     .detector = "near",
                                     .model = "fake"});
  }

  testing::TemporaryFolder folder_;
  base::BackgroundQueue disk_;
  Choices choices_{folder_ / "settings.json", {}, disk_};
  CountingSurface faces_;
  ui::ViewModel view_;
  Presenter presenter_{std::make_unique<CountingSurface>()};
  Teaching teaching_{
      {.make_features = [] { return emotions::make_pixel_features(); },
       .models_dir = folder_.path() / "models",
       .library = [this] { return models::ModelLibrary({folder_.path() / "models"}); },
       .shortest_interval = std::chrono::milliseconds{0}}};
  std::unique_ptr<analysis::LiveSession> live_ = session();
  Discovery discovery_{[] {}, &found, folder_.path().string()};
  ModelsController models_{{*live_, choices_, presenter_, teaching_, discovery_, faces_, view_},
                           [] {}};
};

TEST_F(ModelsControllerTest, AModelIsRememberedOnceItRuns) {
  models_.handle(ui::action::UseModel{"other"});
  ASSERT_TRUE(runs("other"));
  poll();
  EXPECT_EQ(choices_.settings().model, "other");
  models_.handle(ui::action::UseModel{"missing"});
  ASSERT_TRUE(testing::eventually([&] { return !live_->take_notices().empty(); }));
  poll();
  EXPECT_EQ(live().model_id, "other");
  EXPECT_EQ(choices_.settings().model, "other");
}

TEST_F(ModelsControllerTest, ADetectorIsRememberedOnceItRuns) {
  models_.handle(ui::action::UseDetector{"far"});
  ASSERT_TRUE(testing::eventually([&] {
    poll();
    return live().detector_id == "far";
  }));
  poll();
  EXPECT_EQ(choices_.settings().detector, "far");
}

TEST_F(ModelsControllerTest, AModelThatCannotBeAddedIsANoticeInTheEnd) {
  const auto file = folder_.write("model.onnx", "no model");
  models_.handle(ui::action::AddModel{file.string()});
  ASSERT_EQ(view_.notices.size(), 1U);
  EXPECT_THAT(view_.notices[0].text, HasSubstr("Checking the model"));
  ASSERT_TRUE(testing::eventually([&] {
    poll();
    return view_.notices.size() == 2;
  }));
  EXPECT_EQ(view_.notices[1].level, base::Notice::Level::error);
}

TEST_F(ModelsControllerTest, ALandmarksModelThatIsAddedIsInItsOwnMenu) {
  const testing::ScopedEnvironment data("XDG_DATA_HOME", (folder_ / "data").string());
  models_.handle(ui::action::AddModel{
      testing::copy_shipped_model("face-mesh", "my-mesh", folder_ / "mine")});
  ASSERT_TRUE(testing::eventually([&] {
    poll();
    return view_.notices.size() == 2;
  }));
  EXPECT_EQ(view_.notices[1].level, base::Notice::Level::info);
  EXPECT_THAT(view_.notices[1].text, HasSubstr("it is in the menu Model > Landmarks."));
  const auto found = Discovery::probe();
  EXPECT_TRUE(std::any_of(found.landmarks.begin(), found.landmarks.end(),
                          [](const auto& model) { return model.id == "my-mesh"; }));
}

TEST_F(ModelsControllerTest, ATaughtModelIsOfferedAndWhenForgottenTheOneBeforeComesBack) {
  models_.handle(ui::action::UseModel{"other"});
  ASSERT_TRUE(runs("other"));
  teach("My face");
  EXPECT_GT(faces_.uploads, 0);
  const std::string id = view_.teaching.result->id;
  ASSERT_EQ(view_.models.size(), 3U);
  EXPECT_EQ(view_.models[2].id, id);
  models_.handle(ui::action::UseModel{id});
  ASSERT_TRUE(runs(id));
  poll();
  EXPECT_EQ(choices_.settings().model, "other") << "it lies in memory alone";
  EXPECT_EQ(models_.in_use(), id);
  models_.handle(ui::action::DeleteModel{id});
  ASSERT_TRUE(runs("other"));
  ASSERT_TRUE(testing::eventually([&] {
    poll();
    return view_.models.size() == 2;
  }));
}

TEST_F(ModelsControllerTest, NobodyIsTaughtFromAPastSession) {
  presenter_.take_replayed(taught_frame(true, 1));
  view_.replay.emplace();
  models_.handle(ui::action::AddExample{"neutral", 1});
  view_.replay.reset();
  models_.handle(ui::action::AddExample{"happiness", 1});
  ASSERT_TRUE(testing::eventually([&] {
    poll();
    return examples() > 0;
  }));
  ASSERT_EQ(view_.teaching.labels.size(), 1U);
  EXPECT_EQ(view_.teaching.labels[0].name, "happiness");
}

TEST_F(ModelsControllerTest, ALandmarksModelIsOfferedAndUsed) {
  ASSERT_EQ(view_.landmarks.size(), 1u);
  models_.handle(ui::action::UseLandmarks{"mesh"});
  ASSERT_TRUE(testing::eventually([&] {
    poll();
    return live().landmarks_id == "fake-mesh";
  }));
  models_.handle(ui::action::UseLandmarks{analysis::kNoLandmarks});
  ASSERT_TRUE(testing::eventually([&] {
    poll();
    return live().landmarks_id.empty();
  }));
  poll();
  EXPECT_EQ(choices_.settings().landmarks, analysis::kNoLandmarks);
}

TEST(MeasuringFor, NobodyPaysForWhatNobodySees) {
  using enum analysis::Measuring;
  ui::ViewModel view;
  EXPECT_EQ(measuring_for(view), sometimes) << "the card";
  view.settings.show_panel = false;
  EXPECT_EQ(measuring_for(view), never);
  view.settings.curves = {"yaw"};
  EXPECT_EQ(measuring_for(view), sometimes);
  view.settings.show_timeline = false;
  EXPECT_EQ(measuring_for(view), never);
  view.outputs.push_back({.word = "osc", .name = "OSC"});
  EXPECT_EQ(measuring_for(view), never) << "it is off";
  view.outputs[0].state = ui::OutputView::State::sending;
  EXPECT_EQ(measuring_for(view), always);
  view.outputs[0].measures = false;
  EXPECT_EQ(measuring_for(view), never) << "a virtual camera shows none of it";
  view.outputs.clear();
  view.settings.show_pose = true;
  EXPECT_EQ(measuring_for(view), always) << "drawn over the picture";
  view.settings.show_pose = false;
  view.settings.mesh = overlay::word(overlay::MeshStyle::lines);
  EXPECT_EQ(measuring_for(view), always);
  view.replay.emplace();
  EXPECT_EQ(measuring_for(view), never) << "a past session was measured then";
  view.recording.requested = true;
  view.columns = sessions::Columns::movements;
  EXPECT_EQ(measuring_for(view), always) << "so that its first frame is measured";
  view.columns = sessions::Columns::basic;
  view.recording.requested = false;
  view.recording.active = true;
  view.columns = sessions::Columns::movements;
  EXPECT_EQ(measuring_for(view), always) << "the recording goes on behind it";
  view.replay.reset();
  view.settings.mesh = overlay::word(overlay::MeshStyle::off);
  EXPECT_EQ(measuring_for(view), always);
  view.columns = sessions::Columns::basic;
  EXPECT_EQ(measuring_for(view), never);
}

}  // namespace
}  // namespace mien::app
