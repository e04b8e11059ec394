#include "teaching.hpp"

#include <gmock/gmock.h>

#include "mien/base/error.hpp"

#include "support/fakes.hpp"
#include "support/temporary_folder.hpp"

namespace mien::app {
namespace {

using ::testing::HasSubstr;
namespace fs = std::filesystem;

/// A frame with a person whose "face" is bright above or below.
base::AnalyzedFramePtr frame_of(bool above, int variation, int person = 1) {
  auto frame = std::make_shared<base::Frame>();
  frame->image = cv::Mat(120, 160, CV_8UC3, cv::Scalar::all(40 + variation));
  frame->image.rowRange(above ? 20 : 60, above ? 60 : 100)
      .setTo(cv::Scalar::all(200 - 3 * variation));
  auto analysis = std::make_shared<base::AnalyzedFrame>();
  analysis->frame = frame;
  base::FaceReading reading;
  reading.person = person;
  reading.face.box = {40, 20, 80, 80};
  analysis->readings.push_back(reading);
  return analysis;
}

class TeachingTest : public ::testing::Test {
 protected:
  Teaching::Start start() {
    return {.make_features = [this]() -> std::unique_ptr<emotions::FaceFeatures> {
              if (broken_) throw base::Error("There is no network to judge faces by.");
              return emotions::make_pixel_features();
            },
            .models_dir = models_.path() / "models",
            .library = [this] { return models::ModelLibrary({models_.path() / "models"}); },
            .shortest_interval = std::chrono::milliseconds{0}};
  }
  /// Until what is known fulfils `condition`.
  bool until(const std::function<bool(const ui::TeachingView&)>& condition) {
    return testing::eventually([&] {
      if (auto changed = teaching_.take_changes()) view_ = std::move(*changed);
      return condition(view_);
    });
  }
  std::size_t examples(const std::string& label) const {
    for (const auto& one : view_.labels) {
      if (one.name == label) return one.examples;
    }
    return 0;
  }
  void give(const std::string& label, bool above, int count, int from = 0) {
    for (int i = 0; i < count; ++i) {
      const std::size_t before = examples(label);
      teaching_.show(label, frame_of(above, from + i), 1);
      ASSERT_TRUE(until([&](const auto&) { return examples(label) == before + 1; }))
          << view_.problem;
    }
  }
  void learn(const std::string& name) {
    teaching_.handle(ui::action::TrainModel{name});
    ASSERT_TRUE(until([](const auto& view) {
      return view.state == ui::TeachingView::State::idle &&
             (view.result || !view.problem.empty());
    }));
  }
  bool stored_nothing() const { return !fs::exists(models_.path() / "models"); }

  std::atomic<bool> broken_{false};
  testing::TemporaryFolder models_;
  ui::TeachingView view_;
  Teaching teaching_{start()};
};

TEST_F(TeachingTest, CollectsRealCropsAndTakesThemBack) {
  give("neutral", true, 2);
  give("thinking", false, 1);
  ASSERT_EQ(view_.labels.size(), 2U);
  EXPECT_EQ(view_.labels[0].thumbnails, 2);
  EXPECT_EQ(view_.thumbnail_grid, cv::Size(12, 2));
  const cv::Mat faces = teaching_.thumbnails();
  ASSERT_EQ(faces.size(), cv::Size(12 * 64, 2 * 64));
  const auto brightness = [&](int x, int y) { return faces.at<cv::Vec3b>(y, x)[0]; };
  EXPECT_GT(brightness(32, 20), 150) << "bright above";
  EXPECT_LT(brightness(32, 44), 100);
  EXPECT_LT(brightness(32, 64 + 20), 100) << "bright below";
  EXPECT_GT(brightness(32, 64 + 44), 150);
  EXPECT_EQ(brightness(64 + 96, 32), 0) << "only two of the first";
  EXPECT_THAT(view_.missing, HasSubstr("thinking"));
  teaching_.handle(ui::action::RemoveExample{"neutral", 0});
  ASSERT_TRUE(until([&](const auto&) { return examples("neutral") == 1; }));
  teaching_.handle(ui::action::RemoveLabel{"neutral"});
  ASSERT_TRUE(until([&](const auto& view) { return view.labels.size() == 1; }));
  EXPECT_THAT(view_.missing, HasSubstr("Two labels"));
  EXPECT_TRUE(stored_nothing());
}

TEST_F(TeachingTest, TakesAFrameOnceAndOnlyOfThePersonAskedFor) {
  const auto frame = frame_of(true, 0, 1);
  teaching_.show("neutral", frame, 2);
  teaching_.show("neutral", nullptr, 1);
  teaching_.show("neutral", frame, 1);
  ASSERT_TRUE(until([&](const auto&) { return examples("neutral") == 1; }));
  for (int i = 0; i < 5; ++i) teaching_.show("happiness", frame, 1);
  give("neutral", true, 1, 1);  // whatever waited before it is done
  EXPECT_EQ(examples("happiness"), 0U) << "a picture that stands still is one example";
}

TEST_F(TeachingTest, LearnsIsUsedKeptAndForgotten) {
  give("happiness", true, 6);
  give("thinking", false, 6);
  learn("My face");
  ASSERT_TRUE(view_.result) << view_.problem;
  const auto trained = *view_.result;
  EXPECT_EQ(trained.id, "My-face");
  EXPECT_EQ(trained.examples, 12U);
  EXPECT_GT(trained.accuracy, 0.9);
  EXPECT_TRUE(trained.current);
  EXPECT_TRUE(stored_nothing()) << "before the user says so";

  const auto model = teaching_.make_model("My-face");
  ASSERT_NE(model, nullptr);
  EXPECT_EQ(model->card().id, "My-face");
  EXPECT_EQ(teaching_.make_model("mien-base"), nullptr);
  ASSERT_TRUE(teaching_.unsaved_card("My-face"));
  EXPECT_EQ(teaching_.unsaved_card("My-face")->labels, model->card().labels);

  give("thinking", false, 1, 9);
  EXPECT_FALSE(view_.result->current) << "there are newer examples";

  EXPECT_FALSE(teaching_.take_library_changed());
  teaching_.handle(ui::action::SaveModel{});
  ASSERT_TRUE(until([](const auto& view) { return view.result && view.result->saved; }));
  EXPECT_TRUE(teaching_.take_library_changed());
  EXPECT_FALSE(teaching_.unsaved_card("My-face"));
  const fs::path folder = models_.path() / "models" / "My-face";
  const cv::Mat face(48, 48, CV_8UC3, cv::Scalar::all(90));
  EXPECT_EQ(emotions::load_emotion_model(models::load_model_card(folder))->classify(face),
            model->classify(face));
  for (const auto& file : fs::directory_iterator(folder)) {
    EXPECT_NE(file.path().extension(), ".png");
    EXPECT_NE(file.path().extension(), ".jpg");
  }

  learn("My face");
  ASSERT_TRUE(until([](const auto& view) { return view.result && view.result->current; }));
  EXPECT_EQ(view_.result->name, "My face 2") << "the first one is kept";
  EXPECT_FALSE(view_.result->saved);

  teaching_.delete_model("My-face");
  ASSERT_TRUE(testing::eventually([&] { return teaching_.take_library_changed(); }));
  EXPECT_FALSE(fs::exists(folder));
  ASSERT_TRUE(until([](const auto& view) { return view.result && !view.labels.empty(); }));
  teaching_.delete_model("My-face-2");
  ASSERT_TRUE(until([](const auto& view) { return !view.result && view.labels.empty(); }));
  EXPECT_EQ(teaching_.make_model("My-face-2"), nullptr);
  EXPECT_TRUE(teaching_.thumbnails().empty());
}

TEST_F(TeachingTest, ForgetsWhatWasKeptEarlierAndNothingElse) {
  give("a", true, 2);
  give("b", false, 2);
  learn("mine");
  teaching_.handle(ui::action::SaveModel{});
  ASSERT_TRUE(until([](const auto& view) { return view.result && view.result->saved; }));
  broken_ = true;  // a later start, and no network there
  Teaching later(start());
  later.delete_model("other");
  std::optional<ui::TeachingView> changed;
  ASSERT_TRUE(
      testing::eventually([&] { return (changed = later.take_changes()).has_value(); }));
  EXPECT_THAT(changed->problem, HasSubstr("other"));
  later.delete_model("mine");
  ASSERT_TRUE(testing::eventually([&] { return later.take_library_changed(); }));
  EXPECT_TRUE(fs::is_empty(models_.path() / "models"));
  // And the one at hand, whose folder is gone by now, goes without ado.
  teaching_.delete_model("mine");
  ASSERT_TRUE(until([](const auto& view) { return !view.result; }));
  EXPECT_EQ(view_.problem, "");
}

TEST_F(TeachingTest, SaysInASentenceWhyItCannot) {
  learn("mine");
  EXPECT_THAT(view_.problem, HasSubstr("Two labels"));
  give("a", true, 3);
  EXPECT_EQ(view_.problem, "") << "over with the next step";
  give("b", true, 3);
  learn("mine");
  EXPECT_THAT(view_.problem, HasSubstr("\"a\" and of \"b\""));
  EXPECT_FALSE(view_.result);
  teaching_.show(std::string(50, 'x'), frame_of(true, 20), 1);
  ASSERT_TRUE(until([](const auto& view) {
    return view.problem.find("cannot be used") != std::string::npos;
  }));
  teaching_.handle(ui::action::SaveModel{});
  ASSERT_TRUE(until([](const auto& view) {
    return view.problem.find("no model to keep") != std::string::npos;
  }));
  EXPECT_TRUE(stored_nothing());
}

TEST_F(TeachingTest, WithoutANetworkItSaysSoAndTriesAgain) {
  broken_ = true;
  teaching_.show("a", frame_of(true, 0), 1);
  ASSERT_TRUE(until([](const auto& view) { return !view.problem.empty(); }));
  EXPECT_THAT(view_.problem, HasSubstr("no network"));
  broken_ = false;
  give("a", true, 1, 1);
  EXPECT_EQ(view_.problem, "");
}

TEST_F(TeachingTest, IsStoppedAndCanBeLeftInTheMiddle) {
  give("a", true, 3);
  give("b", false, 3);
  teaching_.handle(ui::action::TrainModel{"mine"});
  teaching_.handle(ui::action::CancelTraining{});
  ASSERT_TRUE(
      until([](const auto& view) { return view.state == ui::TeachingView::State::idle; }));
  // Either was quicker; what was stopped leaves nothing, and it can learn again.
  learn("mine");
  EXPECT_TRUE(view_.result);
  Teaching left(start());
  left.show("a", frame_of(true, 0), 1);
  left.handle(ui::action::TrainModel{"mine"});  // the destructor comes before the end
}

}  // namespace
}  // namespace mien::app
