// What is done to every frame or every face, one function at a time. `mien bench` times the
// whole.
#include <benchmark/benchmark.h>

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "mien/emotions/emotion_model.hpp"
#include "mien/emotions/forest_training.hpp"
#include "mien/emotions/picture_quality.hpp"
#include "mien/emotions/smoothing.hpp"
#include "mien/faces/face_align.hpp"
#include "mien/faces/face_detector.hpp"

namespace mien {
namespace {

const ModelLibrary& library() {
  static const ModelLibrary models({std::string(MIEN_SOURCE_DIR) + "/models"});
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

Face face() { return make_detector(kDefaultDetector, library())->detect(picture()).at(0); }

void detect(benchmark::State& state, const char* id) {
  const auto detector = make_detector(id, library());
  for (auto _ : state) benchmark::DoNotOptimize(detector->detect(picture()));
}
BENCHMARK_CAPTURE(detect, blazeface, "blazeface")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(detect, haar, "haar")->Unit(benchmark::kMillisecond);

void align(benchmark::State& state) {
  const Face found = face();
  const int side = static_cast<int>(state.range(0));
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        align_face(picture(), found, {0.1F, ModelCard::Align::eyes}, side));
  }
}
BENCHMARK(align)->Arg(48)->Arg(112)->Unit(benchmark::kMicrosecond);

void quality(benchmark::State& state) {
  const Face found = face();
  for (auto _ : state) benchmark::DoNotOptimize(measure_quality(picture(), found));
}
BENCHMARK(quality)->Unit(benchmark::kMicrosecond);

void classify(benchmark::State& state) {
  const auto model = load_emotion_model(
      library().find(default_emotion_model(library()), ModelCard::Task::emotion));
  const cv::Mat crop =
      align_face(picture(), face(), model->card().crop, model->card().input.width);
  for (auto _ : state) benchmark::DoNotOptimize(model->classify(crop));
}
BENCHMARK(classify)->Unit(benchmark::kMillisecond);

/// A forest as `mien train` makes it: 8 labels, pixels; its file's way is not timed here.
void forest_votes_of_one_face(benchmark::State& state) {
  auto features = make_pixel_features();
  Samples samples;
  std::vector<int> all;
  cv::RNG random(1);
  for (int i = 0; i < 160; ++i) {
    cv::Mat noise(48, 48, CV_8UC3);
    random.fill(noise, cv::RNG::UNIFORM, 0, 256);
    samples.add((*features)(noise), i % 8);
    all.push_back(i);
  }
  const auto forest = grow_forest(samples, all, 8, {});
  const cv::Mat crop = align_face(picture(), face(), features->recipe().crop, 48);
  for (auto _ : state) benchmark::DoNotOptimize(forest_votes(*forest, (*features)(crop)));
}
BENCHMARK(forest_votes_of_one_face)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace mien
