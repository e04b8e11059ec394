#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include <opencv2/core/utility.hpp>
#include <opencv2/imgproc.hpp>

#include "mien/analysis/timing.hpp"
#include "mien/base/error.hpp"
#include "mien/base/interruption.hpp"
#include "mien/base/redaction.hpp"
#include "mien/base/statistics.hpp"
#include "mien/base/text.hpp"
#include "mien/models/model_process.hpp"
#include "mien/sources/frame_source.hpp"
#include "mien/system/process.hpp"

#include "command.hpp"
#include "logging.hpp"
#include "options.hpp"
#include "output.hpp"

namespace mien::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr const char* kPortrait = "portrait";
/// Limits memory; enough pictures to be representative.
constexpr std::size_t kMaxPictures = 90;

struct BenchOptions {
  std::string input = kPortrait;
  std::string model;
  std::string reading;
  std::string detector = faces::kDefaultDetector;
  std::string landmarks;  ///< empty: none
  std::string size;
  int faces = 1;  ///< of the portrait
  int frames = 300;
  int threads = 1;
  int detect_every = 1;
  bool json = false;
};

double milliseconds_of(const std::function<void()>& work) {
  const auto start = Clock::now();
  work();
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

/// Processor time of all threads of this process.
double cpu_seconds() { return system::processor_seconds(system::own_process()); }

/// Processor time of the processes in which third-party models run.
double worker_cpu_seconds() {
  double sum = 0;
  for (const auto worker : models::running_model_workers()) {
    sum += system::processor_seconds(worker);
  }
  return sum;
}

double worker_peak_memory_mb() {
  double sum = 0;
  for (const auto worker : models::running_model_workers()) {
    sum += system::peak_memory_mb(worker);
  }
  return sum;
}

cv::Size parse_size(const std::string& text) {
  int width = 0;
  int height = 0;
  const auto [before, behind] = base::split(text, 'x');
  if (!base::parse_number(before, width) || !base::parse_number(behind, height) || width < 16 ||
      height < 16 || width > 8192 || height > 8192) {
    return {};
  }
  return {width, height};
}

const CLI::Validator kSize(
    [](std::string& text) -> std::string {
      return parse_size(text).empty() ? "\"" + text + "\" is not a size like 640x480" : "";
    },
    "");

/// The portrait's head `count` times, as large as a grid allows, every other one mirrored.
cv::Mat crowd(const cv::Mat& portrait, cv::Size size, int count) {
  const cv::Point2d middle(224, 118);  // of the face, in the portrait's pixels
  constexpr double kHeadHeight = 190;
  int columns = 1;
  double best = 0;
  for (int wide = 1; wide <= count; ++wide) {
    const int high = (count + wide - 1) / wide;
    const double cell = std::min(static_cast<double>(size.width) / wide,
                                 static_cast<double>(size.height) / high);
    if (cell > best) {
      best = cell;
      columns = wide;
    }
  }
  const int rows = (count + columns - 1) / columns;
  cv::Mat result(size, CV_8UC3, cv::Scalar::all(60));
  for (int i = 0; i < count; ++i) {
    const auto left = [&](int column) { return column * size.width / columns; };
    const auto top = [&](int row) { return row * size.height / rows; };
    const int column = i % columns;
    const int row = i / columns;
    const cv::Rect cell(left(column), top(row), left(column + 1) - left(column),
                        top(row + 1) - top(row));
    const double scale = std::min(cell.width, cell.height) / kHeadHeight;
    const cv::Size2d part(cell.width / scale, cell.height / scale);
    cv::Rect source(cvRound(middle.x - part.width / 2), cvRound(middle.y - part.height / 2),
                    cvRound(part.width), cvRound(part.height));
    source &= cv::Rect({0, 0}, portrait.size());
    cv::Mat head;
    cv::resize(portrait(source), head, cell.size(), 0, 0,
               scale < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
    if (i % 2 == 1) cv::flip(head, head, 1);
    head.copyTo(result(cell));
  }
  return result;
}

struct Pictures {
  std::vector<cv::Mat> images;
  double interval = 1.0 / 30;  ///< seconds between them
};

Pictures load_pictures(const BenchOptions& options) {
  Pictures pictures;
  auto size = parse_size(options.size);
  if (options.input == kPortrait) {
    const auto portrait = analysis::read_portrait();
    if (size.empty()) size = {640, 480};
    pictures.images.push_back(options.faces == 1 ? analysis::fitted(portrait, size)
                                                 : crowd(portrait, size, options.faces));
    return pictures;
  }
  if (options.faces != 1) {
    throw UsageError("--faces multiplies the portrait, not the input " + options.input +
                     "; leave one of them out.");
  }
  const auto source =
      sources::open_source({.spec = options.input, .realtime = false, .mode = {}});
  if (source->info().fps > 0) pictures.interval = 1 / source->info().fps;
  while (pictures.images.size() < kMaxPictures) {
    const auto frame = source->read();
    if (frame == nullptr) break;
    pictures.images.push_back(size.empty() ? frame->image
                                           : analysis::fitted(frame->image, size));
  }
  if (pictures.images.empty()) {
    throw base::Error("The input " + base::redact_address(options.input) +
                      " holds no pictures; choose another one.");
  }
  return pictures;
}

struct Measured {
  analysis::StageSamples stages;
  double wall_seconds = 0;
  double cpu_seconds = 0;  ///< with those of the workers
  double worker_cpu_seconds = 0;
};

/// Nothing when it was interrupted.
std::optional<Measured> measure(analysis::Analyzer& analyzer, const Pictures& pictures,
                                int frames, const base::Interruption& interruption) {
  Measured measured;
  auto start = Clock::now();
  double cpu = 0;
  double worker_cpu = 0;
  auto stages = analysis::time_stages(analyzer, pictures.images,
                                      {.frames = frames,
                                       .interval = pictures.interval,
                                       .stop = [&] { return interruption.asked(); },
                                       .begin =
                                           [&] {
                                             start = Clock::now();
                                             cpu = cpu_seconds();
                                             worker_cpu = worker_cpu_seconds();
                                           }});
  if (!stages) return std::nullopt;
  measured.stages = std::move(*stages);
  measured.wall_seconds = std::chrono::duration<double>(Clock::now() - start).count();
  measured.worker_cpu_seconds = worker_cpu_seconds() - worker_cpu;
  measured.cpu_seconds = cpu_seconds() - cpu + measured.worker_cpu_seconds;
  return measured;
}

/// Undetected faces make the result look too fast: warn.
void warn_of_missed_faces(const BenchOptions& options, const Measured& measured) {
  if (options.input != kPortrait) return;
  const double found =
      static_cast<double>(measured.stages.faces) / static_cast<double>(options.frames);
  if (found >= options.faces) return;
  print_problem(
      "The detector " + options.detector + " finds " + base::decimal(found, 1) + " of the " +
      std::to_string(options.faces) +
      " faces, and the figures are for those; --detector auto with --detect-every 1 sees "
      "smaller ones.");
}

nlohmann::ordered_json to_json(const std::vector<double>& values) {
  return {{"median", base::rounded(base::median(values), 3)},
          {"p95", base::rounded(base::percentile(values, 0.95), 3)}};
}

void print_human(const nlohmann::ordered_json& json) {
  const auto text = [&](const char* key, int decimals) {
    return base::decimal(json[key].get<double>(), decimals);
  };
  print_line("Machine   " + json["machine"].get<std::string>() + ", " +
             std::to_string(json["cores"].get<unsigned>()) + " cores; " +
             std::to_string(json["threads"].get<int>()) +
             (json["threads"] == 1 ? " thread is used (one core)" : " threads are used"));
  print_line("Input     " + json["input"].get<std::string>() + ", " +
             json["size"].get<std::string>() + ", " + text("faces_per_frame", 2) +
             " faces a frame, " + std::to_string(json["frames"].get<int>()) + " frames");
  print_line("Detector  " + json["detector"].get<std::string>() + ", loaded in " +
             base::decimal(json["load_ms"]["detector"].get<double>(), 0) + " ms");
  print_line("Model     " + json["model"].get<std::string>() + ", loaded in " +
             base::decimal(json["load_ms"]["model"].get<double>(), 0) + " ms");
  if (json.contains("landmarks")) {
    print_line("Mesh      " + json["landmarks"].get<std::string>() + ", loaded in " +
               base::decimal(json["load_ms"]["landmarks"].get<double>(), 0) + " ms");
  }
  print_line("");
  std::vector<std::vector<std::string>> rows = {{"ms a frame", "median", "95 %"}};
  for (const auto& [stage, values] : json["ms"].items()) {
    rows.push_back({"  " + stage, base::decimal(values["median"].get<double>(), 2),
                    base::decimal(values["p95"].get<double>(), 2)});
  }
  print_table(rows);
  print_line("");
  print_line(text("fps", 1) + " frames a second, " +
             base::decimal(json["cpu_seconds_per_frame"].get<double>() * 1000, 2) +
             " ms of processor time a frame, " + text("peak_memory_mb", 0) + " MB at most");
  if (const int workers = json["workers"]["processes"].get<int>(); workers > 0) {
    const auto& of = json["workers"];
    print_line("Of that, " +
               base::decimal(of["cpu_seconds_per_frame"].get<double>() * 1000, 2) + " ms and " +
               base::decimal(of["peak_memory_mb"].get<double>(), 0) + " MB are in " +
               (workers == 1 ? "a separate process"
                             : std::to_string(workers) + " separate processes") +
               " for third-party models");
  }
}

int bench(const BenchOptions& options) {
  cv::setNumThreads(options.threads);
  const auto pictures = load_pictures(options);
  const auto library = models::ModelLibrary::standard();
  std::unique_ptr<faces::FaceDetector> detector;
  std::unique_ptr<emotions::EmotionModel> model;
  const double detector_ms = milliseconds_of([&] {
    detector = as_usage([&] { return faces::make_detector(options.detector, library); });
  });
  const double model_ms = milliseconds_of([&] {
    model = emotions::load_emotion_model(choose_model(library, options.model, options.reading));
  });
  analysis::Analyzer analyzer(
      std::move(detector), std::move(model),
      {.detect_every = options.detect_every, .live = options.detect_every != 1});
  double landmarks_ms = 0;
  if (!options.landmarks.empty()) {
    std::shared_ptr<movements::MovementReader> movements;
    landmarks_ms = milliseconds_of([&] {
      movements =
          as_usage([&] { return movements::load_movement_reader(options.landmarks, library); });
    });
    analyzer.use(std::move(movements));
  }
  const base::Interruption interruption;
  const auto all = measure(analyzer, pictures, options.frames, interruption);
  if (!all) {
    print_problem("Interrupted; nothing was measured.");
    return kFailed;
  }
  const Measured& measured = *all;
  warn_of_missed_faces(options, measured);

  const auto size = pictures.images.front().size();
  nlohmann::ordered_json json = {
      {"machine", machine_name()},
      {"cores", std::thread::hardware_concurrency()},
      {"threads", options.threads},
      {"input", base::redact_address(options.input)},
      {"size", std::to_string(size.width) + "x" + std::to_string(size.height)},
      {"frames", options.frames},
      {"faces_per_frame", base::rounded(static_cast<double>(measured.stages.faces) /
                                            static_cast<double>(options.frames),
                                        3)},
      {"detector", analyzer.detector().id()},
      {"detect_every", options.detect_every},
      {"model", analyzer.model().card().id},
      {"reading", analyzer.model().card().reading},
      {"ms",
       {{"detect", to_json(measured.stages.detect)},
        {"align", to_json(measured.stages.align)},
        {"classify", to_json(measured.stages.classify)},
        {"total", to_json(measured.stages.total)}}},
      {"fps", base::rounded(options.frames / measured.wall_seconds, 2)},
      {"cpu_seconds_per_frame", base::rounded(measured.cpu_seconds / options.frames, 6)},
      {"peak_memory_mb",
       base::rounded(system::peak_memory_mb(system::own_process()) + worker_peak_memory_mb(),
                     1)},
      {"workers",
       {{"processes", models::running_model_workers().size()},
        {"cpu_seconds_per_frame",
         base::rounded(measured.worker_cpu_seconds / options.frames, 6)},
        {"peak_memory_mb", base::rounded(worker_peak_memory_mb(), 1)}}},
      {"load_ms",
       {{"detector", base::rounded(detector_ms, 1)}, {"model", base::rounded(model_ms, 1)}}}};
  if (analyzer.movements() != nullptr) {
    json["landmarks"] = analyzer.movements()->id();
    json["load_ms"]["landmarks"] = base::rounded(landmarks_ms, 1);
    nlohmann::ordered_json stages;
    for (const auto& [stage, values] : json["ms"].items()) {
      if (stage == "total") stages["mesh"] = to_json(measured.stages.mesh);
      stages[stage] = values;
    }
    json["ms"] = stages;
  }
  if (options.json) {
    print_json(json);
  } else {
    print_human(json);
  }
  return kDone;
}

}  // namespace

void add_bench_command(CLI::App& root, Command& action) {
  auto* command =
      root.add_subcommand("bench", "Measure how fast faces are read on this machine");
  command->footer(
      "Processor time and memory include those of the processes in which third-party models "
      "run.");
  auto options = std::make_shared<BenchOptions>();
  command
      ->add_option("INPUT", options->input,
                   "What to read; its first pictures are used again and again. Default: a "
                   "portrait with one face at 640x480")
      ->type_name("");
  add_model_option(*command, options->model);
  add_reading_option(*command, options->reading);
  add_detector_option(*command, options->detector)->capture_default_str();
  add_landmarks_option(*command, options->landmarks, "none");
  command->add_option("--frames", options->frames, "How many frames to measure")
      ->type_name("N")
      ->check(CLI::Range(1, 1000000))
      ->capture_default_str();
  command->add_option("--threads", options->threads, "How many threads the networks may use")
      ->type_name("N")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  command
      ->add_option("--detect-every", options->detect_every,
                   "Detect in every N-th frame and let boxes follow in between; 0: as the load "
                   "asks for")
      ->type_name("N")
      ->check(CLI::Range(0, 1000))
      ->capture_default_str();
  command->add_option("--faces", options->faces, "How many faces the portrait shows")
      ->type_name("N")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  command->add_option("--size", options->size, "Scale the pictures to this size")
      ->type_name("WxH")
      ->check(kSize);
  command->add_flag("--json", options->json, "Print JSON");
  command->callback([&action, options] { action = [options] { return bench(*options); }; });
}

}  // namespace mien::cli
