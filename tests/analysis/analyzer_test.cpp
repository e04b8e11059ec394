#include "mien/analysis/analyzer.hpp"

#include <gtest/gtest.h>

#include "mien/base/error.hpp"
#include "mien/base/movements.hpp"
#include "mien/movements/canonical_face.hpp"

#include "support/fake_mesh.hpp"
#include "support/fakes.hpp"
#include "support/shipped_models.hpp"

namespace mien::analysis {
namespace {

using namespace std::chrono_literals;
using testing::FakeDetector;
using testing::FakeModel;

base::FramePtr picture(std::chrono::nanoseconds time = 0ns, std::uint64_t sequence = 0) {
  auto frame = std::make_shared<base::Frame>();
  frame->time = time;
  frame->sequence = sequence;
  // Sharp and bright everywhere: no doubt comes from the picture.
  frame->image = cv::Mat(240, 320, CV_8UC3);
  cv::theRNG().state = 3;
  cv::randu(frame->image, 0, 220);
  return frame;
}

std::vector<base::Face> two_faces() {
  return {{.box = {10, 10, 80, 80}, .confidence = 0.9F, .landmarks = {}},
          {.box = {200, 100, 80, 80}, .confidence = 0.8F, .landmarks = {}}};
}

TEST(Analyzer, ReadsEveryFaceAndNamesWhatReadIt) {
  Analyzer analyzer(std::make_unique<FakeDetector>("finder", two_faces()),
                    std::make_unique<FakeModel>("reader"));
  const auto frame = picture();
  const auto result = analyzer.analyze(frame);
  EXPECT_EQ(result->frame, frame);
  EXPECT_EQ(result->detector_id, "finder");
  EXPECT_EQ(result->model_id, "reader");
  EXPECT_EQ(*result->labels, (std::vector<std::string>{"neutral", "happiness"}));
  ASSERT_EQ(result->readings.size(), 2U);
  EXPECT_EQ(result->readings[0].person, 1);
  EXPECT_EQ(result->readings[1].person, 2);
  for (const auto& reading : result->readings) {
    EXPECT_EQ(reading.raw, (std::vector<float>{0.2F, 0.8F}));
    EXPECT_EQ(reading.verdict.label, 1);
    EXPECT_TRUE(reading.verdict.sure());
    EXPECT_FLOAT_EQ(reading.valence, 0.8F);
  }
  EXPECT_GE(result->times.total,
            result->times.detect + result->times.align + result->times.classify);
}

TEST(Analyzer, DoubtsWhatTheModelCannotRead) {
  const auto doubt_with = [](std::optional<float> covered, std::optional<float> distance) {
    auto model = std::make_unique<FakeModel>();
    model->measure(covered, distance);
    Analyzer analyzer(std::make_unique<FakeDetector>("finder", two_faces()), std::move(model));
    return analyzer.analyze(picture())->readings.at(0).verdict.doubt;
  };
  EXPECT_EQ(doubt_with(0.4F, 9), base::Doubt::none);
  EXPECT_EQ(doubt_with(0.6F, 9), base::Doubt::covered);
  EXPECT_EQ(doubt_with(std::nullopt, 11), base::Doubt::unlike);
  EXPECT_EQ(doubt_with(std::nullopt, std::nullopt), base::Doubt::none);
}

TEST(Analyzer, ATremblingMeasureIsAveragedLikeTheLabels) {
  auto model = std::make_unique<FakeModel>();
  FakeModel& says = *model;
  says.measure(0.1F, 0);
  Analyzer analyzer(std::make_unique<FakeDetector>("finder", two_faces()), std::move(model));
  for (int i = 0; i < 60; ++i) {
    says.measure(i % 4 == 3 ? 0.9F : 0.1F, 0);
    const auto result = analyzer.analyze(picture(33ms * i, static_cast<std::uint64_t>(i)));
    ASSERT_TRUE(result->readings[0].verdict.sure()) << i;
  }
  base::Verdict last;
  for (int i = 60; i < 90; ++i) {
    says.measure(0.9F, 0);
    last =
        analyzer.analyze(picture(33ms * i, static_cast<std::uint64_t>(i)))->readings[0].verdict;
  }
  EXPECT_EQ(last.doubt, base::Doubt::covered);
  analyzer.reconnect();
  says.measure(0.1F, 0);
  EXPECT_TRUE(analyzer.analyze(picture(33ms * 90, 0))->readings[0].verdict.sure())
      << "what was seen before does not count";
}

TEST(Analyzer, LooksAtAPictureInAllViewsAndLaterAtOneAFrame) {
  const base::Face face{.box = {110, 70, 100, 100}, .confidence = 0.9F, .landmarks = {}};
  for (const bool live : {false, true}) {
    std::vector<cv::Mat> seen;
    const auto analyzer_model = [](std::vector<cv::Mat>& faces) {
      auto model = std::make_unique<FakeModel>();
      model->ask_for_views(
          {{.side = 0.9F}, {.side = 1.1F, .mirrored = true}, {.mirrored = true}});
      model->keep_faces(faces);
      return model;
    };
    Analyzer analyzer(std::make_unique<FakeDetector>("finder", std::vector<base::Face>{face}),
                      analyzer_model(seen), {.live = live});
    analyzer.analyze(picture());
    ASSERT_EQ(seen.size(), 3U) << "nothing is known of anybody yet";
    cv::Mat mirrored;
    cv::flip(seen[1], mirrored, 1);
    EXPECT_GT(cv::norm(seen[0], mirrored, cv::NORM_INF), 0) << "of another size";
    cv::flip(seen[2], mirrored, 1);
    EXPECT_GT(cv::norm(seen[1], mirrored, cv::NORM_INF), 0);
    seen.clear();
    analyzer.analyze(picture(67ms, 1));
    EXPECT_EQ(seen.size(), 1U);
    analyzer.analyze(picture(134ms, 2));
    EXPECT_EQ(seen.size(), live ? 2U : 3U) << "those of the first frame are too old";
    // The same frame once more, as where a film stands still, and slow pictures of a folder.
    seen.clear();
    analyzer.use(analyzer_model(seen));
    analyzer.analyze(picture(134ms, 2));
    EXPECT_EQ(seen.size(), 3U);
    analyzer.analyze(picture(2000ms, 3));
    EXPECT_EQ(seen.size(), 6U);
    auto still = std::make_shared<base::Frame>(*picture(2033ms, 4));
    still->standalone = true;
    analyzer.analyze(still);
    EXPECT_EQ(seen.size(), 9U);
  }
}

TEST(Analyzer, LooksInAllViewsWhereACameraShowsFewFrames) {
  const base::Face face{.box = {110, 70, 100, 100}, .confidence = 0.9F, .landmarks = {}};
  std::vector<cv::Mat> seen;
  auto model = std::make_unique<FakeModel>();
  model->ask_for_views({{.side = 0.9F}, {.side = 1.1F}});
  model->keep_faces(seen);
  Analyzer analyzer(std::make_unique<FakeDetector>("finder", std::vector<base::Face>{face}),
                    std::move(model), {.live = true});
  const auto looks_at = [&](std::chrono::milliseconds time, std::uint64_t sequence) {
    seen.clear();
    analyzer.analyze(picture(time, sequence));
    return seen.size();
  };
  EXPECT_EQ(looks_at(0ms, 0), 2U);
  EXPECT_EQ(looks_at(140ms, 1), 2U) << "the first frame's views do not count any more";
  EXPECT_EQ(looks_at(280ms, 3), 1U) << "a frame was lost: the machine is too slow for more";
  EXPECT_EQ(looks_at(420ms, 4), 2U);
  EXPECT_EQ(looks_at(453ms, 5), 1U);
}

TEST(Analyzer, TakesAPictureWithoutFaces) {
  Analyzer analyzer(std::make_unique<FakeDetector>(), std::make_unique<FakeModel>());
  EXPECT_TRUE(analyzer.analyze(picture())->readings.empty());
}

TEST(Analyzer, KeepsPeopleAcrossFramesAndModels) {
  Analyzer analyzer(std::make_unique<FakeDetector>("finder", two_faces()),
                    std::make_unique<FakeModel>());
  analyzer.analyze(picture());
  const auto second = analyzer.analyze(picture(33ms, 1));
  EXPECT_EQ(second->readings[1].person, 2);
  analyzer.use(std::make_unique<FakeModel>("other",
                                           std::vector<std::string>{"calm", "busy", "asleep"},
                                           std::vector{0.1F, 0.1F, 0.8F}));
  const auto third = analyzer.analyze(picture(66ms, 2));
  EXPECT_EQ(third->readings[1].person, 2);
  EXPECT_EQ(third->model_id, "other");
  EXPECT_EQ(third->readings[0].smoothed.size(), 3U);
  // What was given out before keeps its own labels.
  EXPECT_EQ(second->labels->size(), 2U);
}

TEST(Analyzer, ForgetsEveryoneOnReset) {
  Analyzer analyzer(std::make_unique<FakeDetector>("finder", two_faces()),
                    std::make_unique<FakeModel>());
  analyzer.analyze(picture());
  analyzer.reset();
  EXPECT_EQ(analyzer.analyze(picture(33ms))->readings[0].person, 3);
}

TEST(Analyzer, StaysUsableAfterAFailure) {
  Analyzer analyzer(std::make_unique<FakeDetector>("finder", two_faces()),
                    std::make_unique<FakeModel>("bad", std::vector<std::string>{"a", "b"},
                                                std::vector{0.5F, 0.5F}, 0ms, true));
  EXPECT_THROW(analyzer.analyze(picture()), cv::Exception);
  analyzer.use(std::make_unique<FakeModel>());
  EXPECT_EQ(analyzer.analyze(picture(33ms))->readings.size(), 2U);
}

using testing::fake_movements;

TEST(Analyzer, MeasuresFacesWhenItIsAsked) {
  Analyzer analyzer(std::make_unique<FakeDetector>("finder", two_faces()),
                    std::make_unique<FakeModel>());
  const auto without = analyzer.analyze(picture());
  EXPECT_FALSE(without->readings[0].geometry);
  EXPECT_EQ(without->landmarks_id, "");
  EXPECT_EQ(without->times.mesh, 0);
  const auto runs = std::make_shared<std::atomic<int>>(0);
  analyzer.use(fake_movements(runs));
  const auto with = analyzer.analyze(picture(33ms, 1));
  EXPECT_EQ(*runs, 2) << "once a face";
  EXPECT_EQ(with->landmarks_id, "fake-mesh");
  for (const auto& reading : with->readings) {
    ASSERT_TRUE(reading.geometry);
    EXPECT_TRUE(reading.geometry->pose);
    EXPECT_EQ(reading.geometry->movements.size(), base::movements().size());
  }
  EXPECT_GT(with->times.mesh, 0);
  EXPECT_GE(with->times.total, with->times.mesh);
  analyzer.use(std::shared_ptr<movements::MovementReader>());
  EXPECT_FALSE(analyzer.analyze(picture(66ms, 2))->readings[0].geometry);
}

TEST(Analyzer, ForgetsWhoseFacesItMeasured) {
  Analyzer analyzer(std::make_unique<FakeDetector>("finder", two_faces()),
                    std::make_unique<FakeModel>());
  analyzer.use(fake_movements());
  for (int i = 0; i < 5; ++i) {
    analyzer.analyze(picture(33ms * i, static_cast<std::uint64_t>(i)));
  }
  EXPECT_GT(analyzer.movements()->remembered(), 0U);
  analyzer.reset();
  EXPECT_EQ(analyzer.movements()->remembered(), 0U);
}

TEST(Analyzer, RefusesToHaveNoDetectorOrModel) {
  EXPECT_THROW(Analyzer(nullptr, std::make_unique<FakeModel>()), base::Error);
  EXPECT_THROW(Analyzer(std::make_unique<FakeDetector>(), nullptr), base::Error);
}

TEST(Analyzer, MeasuresAsOftenAsItIsTold) {
  Analyzer analyzer(std::make_unique<FakeDetector>("finder", two_faces()),
                    std::make_unique<FakeModel>());
  const auto runs = std::make_shared<std::atomic<int>>(0);
  analyzer.use(fake_movements(runs));
  analyzer.measure_every(60ms);
  std::vector<bool> measured;
  for (std::uint64_t i = 0; i < 6; ++i) {
    const auto result = analyzer.analyze(picture(33ms * i, i));
    measured.push_back(result->readings[0].geometry.has_value());
    EXPECT_EQ(result->landmarks_id, "fake-mesh") << "in use, whether it runs or not";
  }
  EXPECT_EQ(measured, (std::vector<bool>{true, false, true, false, true, false}));
  EXPECT_TRUE(analyzer.analyze(picture(132ms, 4))->readings[0].geometry)
      << "the frame that was measured last, read anew";
  analyzer.measure_every(Analyzer::kNeverMeasured);
  const int before = *runs;
  EXPECT_FALSE(analyzer.analyze(picture(10s, 300))->readings[0].geometry);
  EXPECT_EQ(*runs, before);
  analyzer.measure_every(0ms);
  EXPECT_TRUE(analyzer.analyze(picture(10s + 1ms, 301))->readings[0].geometry);
  analyzer.reset();
  analyzer.measure_every(60s);
  EXPECT_TRUE(analyzer.analyze(picture(0ms, 0))->readings[0].geometry) << "another source";
}

}  // namespace
}  // namespace mien::analysis
