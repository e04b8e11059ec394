// What the web output costs: people who are measured whole are sent at 30 frames a second, and
// the processor time of the whole process is told. Listeners are scripts/web_listeners.py,
// which also tells how long a frame takes from here to there:
//   mien_web_output_cost PORT PEOPLE SECONDS [LONG]
// LONG: long names, and markers now and then, to look at the pages with.
#include <cstdio>
#include <cstdlib>
#include <thread>

#include <opencv2/core.hpp>

#include "mien/base/error.hpp"
#include "mien/base/labels.hpp"
#include "mien/outputs/outputs.hpp"
#include "mien/system/process.hpp"

#include "support/many_people.hpp"

namespace {

using namespace std::chrono;

int run(int port, int people, int seconds, bool long_names) {
  mien::outputs::Outputs outputs(
      {.command = [](mien::outputs::Command) { return true; }, .version = "benchmark"});
  outputs.add("web:" + std::to_string(port));
  if (!outputs.wait_opened(milliseconds{5000})) return 1;
  if (!outputs.status().front().problem.empty()) {
    std::fprintf(stderr, "%s\n", outputs.status().front().problem.c_str());
    return 1;
  }
  std::printf("token %s\n", outputs.status().front().token.c_str());
  std::fflush(stdout);
  if (long_names) {
    outputs.use_names({{1, "Ada"},
                       {2, "Maximiliane-Friederike von Hohenstaufen-Weißenburg"},
                       {3, "Нина Ивановна Покровская-Загорская"},
                       {5, "Nguyễn Thị Minh Khai"}});
  }
  const auto names = mien::base::canonical_labels();
  const auto labels =
      std::make_shared<const std::vector<std::string>>(names.begin(), names.end());
  const cv::Mat picture(720, 1280, CV_8UC3, cv::Scalar::all(40));
  const auto own = mien::system::own_process();
  const double before = mien::system::processor_seconds(own);
  const auto start = steady_clock::now();
  const int frames = seconds * 30;
  for (int i = 0; i < frames; ++i) {
    std::this_thread::sleep_until(start + i * nanoseconds{1'000'000'000 / 30});
    auto frame = std::make_shared<mien::base::Frame>();
    frame->sequence = static_cast<std::uint64_t>(i);
    frame->time = i * nanoseconds{1'000'000'000 / 30};
    frame->image = picture;
    auto analyzed = std::make_shared<mien::base::AnalyzedFrame>();
    analyzed->labels = labels;
    analyzed->model_id = "synthetic";
    for (int number = 1; number <= people; ++number) {
      analyzed->readings.push_back(
          mien::testing::person_of_many(number, people, i / 30.0, names.size()));
    }
    frame->arrived = steady_clock::now();
    analyzed->frame = std::move(frame);
    outputs.push(std::move(analyzed));
    if (long_names && i % 240 == 120)
      outputs.mark({"stimulus " + std::to_string(i / 240 + 1), steady_clock::now()});
  }
  const double took = duration<double>(steady_clock::now() - start).count();
  const auto status = outputs.status().front();
  std::printf("%d people, %s: %.2f %% of a core; %llu frames sent, %llu lost\n", people,
              status.listeners.c_str(),
              100 * (mien::system::processor_seconds(own) - before) / took,
              static_cast<unsigned long long>(status.sent),
              static_cast<unsigned long long>(status.lost));
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 4) {
    std::fprintf(stderr, "mien_web_output_cost PORT PEOPLE SECONDS [LONG]\n");
    return 2;
  }
  return run(std::atoi(arguments[1]), std::atoi(arguments[2]), std::atoi(arguments[3]),
             count > 4);
}
