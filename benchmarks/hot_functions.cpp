// What is done to every frame or every face, one function at a time. `mien bench` times the
// whole.
#include <benchmark/benchmark.h>
#include <chrono>
#include <utility>
#include <vector>

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "mien/emotions/certainty.hpp"
#include "mien/emotions/emotion_model.hpp"
#include "mien/emotions/forest_training.hpp"
#include "mien/emotions/picture_quality.hpp"
#include "mien/emotions/smoothing.hpp"
#include "mien/faces/face_align.hpp"
#include "mien/faces/face_detector.hpp"
#include "mien/faces/tracker.hpp"

namespace mien::benchmarks {
namespace {

const models::ModelLibrary& library() {
  static const models::ModelLibrary models({std::string(MIEN_SOURCE_DIR) + "/models"});
  return models;
}

const cv::Mat& picture() {
  static const cv::Mat portrait = [] {
    cv::Mat read = cv::imread(std::string(MIEN_SOURCE_DIR) + "/assets/demo/astronaut.png");
    cv::resize(read, read, {720, 720});
    return read;
  }();
  return portrait;
}

base::Face face() {
  return faces::make_detector(faces::kDefaultDetector, library())->detect(picture()).at(0);
}

void detect(benchmark::State& state, const char* id) {
  const auto detector = faces::make_detector(id, library());
  for (auto _ : state) benchmark::DoNotOptimize(detector->detect(picture()));
}
BENCHMARK_CAPTURE(detect, blazeface, "blazeface")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(detect, blazeface_far, "blazeface-far")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(detect, haar, "haar")->Unit(benchmark::kMillisecond);

void align(benchmark::State& state) {
  const base::Face found = face();
  const int side = static_cast<int>(state.range(0));
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        faces::align_face(picture(), found, {0.1F, models::ModelCard::Align::eyes}, side));
  }
}
BENCHMARK(align)->Arg(48)->Arg(112)->Unit(benchmark::kMicrosecond);

/// So many faces in a grid, looks included, each going its way.
void track(benchmark::State& state) {
  const int count = static_cast<int>(state.range(0));
  faces::Tracker tracker;
  int frame = 0;
  for (auto _ : state) {
    std::vector<base::Face> faces;
    for (int i = 0; i < count; ++i) {
      base::Face one;
      const auto sway = static_cast<float>(frame % 40 < 20 ? frame % 20 : 20 - frame % 20);
      one.box = {static_cast<float>(i % 5) * 140 + sway, static_cast<float>(i / 5) * 170, 90,
                 90};
      one.confidence = 0.9F;
      faces.push_back(one);
    }
    benchmark::DoNotOptimize(
        tracker.update(faces, std::chrono::milliseconds{33 * frame}, picture()));
    ++frame;
  }
}
BENCHMARK(track)->Arg(1)->Arg(5)->Arg(20)->Unit(benchmark::kMicrosecond);

/// From a face's numbers to what is said of it.
void smooth_and_judge(benchmark::State& state) {
  emotions::Smoother smoother;
  emotions::SteadyVerdicts verdicts;
  std::vector<float> raw = {0.5F, 0.2F, 0.1F, 0.05F, 0.05F, 0.04F, 0.03F, 0.03F};
  int frame = 0;
  for (auto _ : state) {
    std::swap(raw[0], raw[static_cast<std::size_t>(frame % 8)]);
    const std::chrono::nanoseconds time = std::chrono::milliseconds{33 * frame};
    benchmark::DoNotOptimize(verdicts.update(1, smoother.update(1, raw, time), {}, time));
    ++frame;
  }
}
BENCHMARK(smooth_and_judge)->Unit(benchmark::kNanosecond);

void quality(benchmark::State& state) {
  const base::Face found = face();
  for (auto _ : state) benchmark::DoNotOptimize(emotions::measure_quality(picture(), found));
}
BENCHMARK(quality)->Unit(benchmark::kMicrosecond);

void classify(benchmark::State& state) {
  const auto model = emotions::load_emotion_model(library().find(
      emotions::default_emotion_model(library()), models::ModelCard::Task::emotion));
  const cv::Mat crop =
      faces::align_face(picture(), face(), model->card().crop, model->card().input.width);
  for (auto _ : state) benchmark::DoNotOptimize(model->classify(crop));
}
BENCHMARK(classify)->Unit(benchmark::kMillisecond);

/// A forest as `mien train` makes it: 8 labels, pixels; its file's way is not timed here.
void forest_votes_of_one_face(benchmark::State& state) {
  auto features = emotions::make_pixel_features();
  emotions::Samples samples;
  std::vector<int> all;
  cv::RNG random(1);
  for (int i = 0; i < 160; ++i) {
    cv::Mat noise(48, 48, CV_8UC3);
    random.fill(noise, cv::RNG::UNIFORM, 0, 256);
    samples.add((*features)(noise), i % 8);
    all.push_back(i);
  }
  const auto forest = emotions::grow_forest(samples, all, 8, {});
  const cv::Mat crop = faces::align_face(picture(), face(), features->recipe().crop, 48);
  for (auto _ : state)
    benchmark::DoNotOptimize(emotions::forest_votes(*forest, (*features)(crop)));
}
BENCHMARK(forest_votes_of_one_face)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace mien::benchmarks
