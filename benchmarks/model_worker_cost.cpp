// What it costs a frame that a third-party model runs in a process of its own: the same picture
// is read once in place and once by a worker, in turns, so that other programs hit both alike.
//   cmake --preset release -DMIEN_BENCHMARKS=ON
//   cmake --build build/release --target mien_model_worker_cost &&
//   build/release/benchmarks/mien_model_worker_cost
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include <opencv2/core.hpp>

#include "mien/models/model_process.hpp"
#include "mien/models/model_worker.hpp"
#include "mien/system/process.hpp"

#include "support/model_folder.hpp"

namespace mien::benchmarks {
namespace {

using Clock = std::chrono::steady_clock;

/// Stands for a model: it reads every pixel, and answers as many numbers as one with an
/// embedding.
std::vector<float> read_pixels(const cv::Mat& bgr) {
  const auto sum = cv::sum(bgr);
  return std::vector<float>(256, static_cast<float>(sum[0] + sum[1] + sum[2]));
}

/// Of this process and of its workers.
double processor_ms() {
  double seconds = system::processor_seconds(system::own_process());
  for (const auto worker : models::running_model_workers()) {
    seconds += system::processor_seconds(worker);
  }
  return seconds * 1e3;
}

double at(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

struct Times {
  std::vector<double> wall, processor;
  void measure(const std::function<void()>& work) {
    const double before = processor_ms();
    const auto start = Clock::now();
    work();
    wall.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
    processor.push_back(processor_ms() - before);
  }
};

void compare(models::ModelProcess& process, cv::Size size, int frames,
             std::chrono::milliseconds pause) {
  Times here, there;
  cv::Mat picture(size, CV_8UC3);
  for (int i = 0; i < frames + 20; ++i) {
    // As a new frame: written by this process just now.
    cv::randu(picture, 0, 255);
    std::this_thread::sleep_for(pause);
    here.measure([&] { read_pixels(picture); });
    there.measure([&] { process.run(picture); });
    if (i == 19) here = there = {};
  }
  std::printf("%5d x %-5d %9.3f %9.3f %9.3f %9.3f %9.3f\n", size.width, size.height,
              at(here.wall, 0.5), at(there.wall, 0.5), at(there.wall, 0.5) - at(here.wall, 0.5),
              at(there.wall, 0.95) - at(here.wall, 0.95),
              at(there.processor, 0.5) - at(here.processor, 0.5));
  std::fflush(stdout);
}

int run(int argc, char** argv) {
  if (argc > 1 && std::strcmp(argv[1], models::kModelWorkerArgument) == 0) {
    const auto load = [](const models::ModelCard&) { return models::ServedModel(read_pixels); };
    return models::serve_model({load, load, load});
  }
  const int frames = argc > 1 ? std::max(10, std::atoi(argv[1])) : 300;
  const std::chrono::milliseconds pause{argc > 2 ? std::atoi(argv[2]) : 10};
  models::set_model_worker("/proc/self/exe");
  cv::setNumThreads(1);
  const testing::TemporaryFolder folder;
  models::ModelCard card =
      models::parse_model_card(testing::emotion_card(folder, "weights"), "card.json");
  card.folder = folder.path();
  {
    models::ModelProcess process(card);
    std::printf("ms a picture  in place    worker    dearer  95%% dearer  processor\n");
    for (const cv::Size size :
         {cv::Size(64, 64), cv::Size(112, 112), cv::Size(224, 224), cv::Size(640, 480),
          cv::Size(1280, 720), cv::Size(1920, 1080)}) {
      compare(process, size, frames, pause);
    }
  }
  return 0;
}

}  // namespace
}  // namespace mien::benchmarks

int main(int argc, char** argv) { return mien::benchmarks::run(argc, argv); }
