#include <memory>
#include <vector>

#include "mien/base/error.hpp"
#include "mien/base/labels.hpp"

#include "analyze_input.hpp"
#include "checks.hpp"
#include "command.hpp"
#include "output.hpp"

namespace mien {
namespace {

struct AnalyzeOptions {
  std::vector<std::string> inputs;
  std::string out;
  std::string model;
  std::string detector = kDefaultDetector;
  bool video = false;
  double seconds = 0;
  bool json = false;
};

nlohmann::ordered_json shares(const AnalyzeResult& result) {
  auto json = nlohmann::ordered_json::object();
  for (const auto& [verdict, count] : result.verdicts) {
    json[verdict] = rounded(static_cast<double>(count) / static_cast<double>(result.faces), 4);
  }
  return json;
}

nlohmann::ordered_json to_json(const AnalyzeResult& result) {
  nlohmann::ordered_json json = {{"input", result.input},
                                 {"folder", result.folder},
                                 {"frames", result.frames},
                                 {"faces", result.faces},
                                 {"people", result.people},
                                 {"seconds", rounded(result.seconds, 3)},
                                 {"label_shares", shares(result)},
                                 {"ms_per_frame", rounded(result.analysis_ms, 3)},
                                 {"wall_seconds", rounded(result.wall_seconds, 3)},
                                 {"ended", result.ended}};
  if (!result.problem.empty()) json["problem"] = result.problem;
  return json;
}

nlohmann::ordered_json summary(const AnalyzeOptions& options, const EmotionModel& model,
                               const std::vector<AnalyzeResult>& results, bool interrupted) {
  nlohmann::ordered_json json = {{"out", options.out},
                                 {"model", model.card().id},
                                 {"detector", options.detector},
                                 {"interrupted", interrupted},
                                 {"inputs", nlohmann::ordered_json::array()},
                                 {"failed", nlohmann::ordered_json::array()}};
  for (const auto& result : results) {
    json["inputs"].push_back(to_json(result));
    if (!result.problem.empty()) json["failed"].push_back(result.input);
  }
  return json;
}

void print_result(const AnalyzeResult& result) {
  if (result.folder.empty()) return;
  std::string words;
  std::vector<std::pair<std::uint64_t, std::string>> order;
  for (const auto& [verdict, count] : result.verdicts) order.emplace_back(count, verdict);
  std::sort(order.rbegin(), order.rend());
  for (const auto& [count, verdict] : order) {
    words += (words.empty() ? ": " : ", ") + std::string(display_word(verdict)) + ' ' +
             percent(static_cast<double>(count) / static_cast<double>(result.faces));
  }
  const auto some = [](std::uint64_t count, const char* one, const char* more) {
    return std::to_string(count) + ' ' + (count == 1 ? one : more);
  };
  print_line(result.input + " -> " + result.folder + '\n' + "  " +
             some(result.frames, "frame", "frames") + " (" + number(result.seconds, 1) +
             " s), " + some(result.people, "person", "people") + ", " +
             some(result.faces, "face", "faces") + words + "; " +
             number(result.analysis_ms, 1) + " ms a frame");
}

int analyze(const AnalyzeOptions& options) {
  const auto library = ModelLibrary::standard();
  const auto detector = make_detector(options.detector, library);
  const auto model = load_emotion_model(
      library.find(options.model.empty() ? default_emotion_model(library) : options.model,
                   ModelCard::Task::emotion));

  Interruption interruption;
  std::vector<AnalyzeResult> results;
  {
    ProgressLine progress;
    for (const auto& input : options.inputs) {
      if (interruption.asked()) break;
      const AnalyzeJob job{.input = input,
                           .folder = result_folder(options.out, input),
                           .video = options.video,
                           .seconds = options.seconds};
      results.push_back(analyze_input(job, *detector, *model, interruption, progress));
      if (!options.json) print_result(results.back());
    }
  }
  const bool interrupted = interruption.asked();
  bool failed = interrupted;
  for (const auto& result : results) {
    if (result.problem.empty()) continue;
    failed = true;
    print_problem(result.problem);
  }
  if (interrupted) {
    print_problem("Interrupted; what was analysed until then is in " + options.out + ".");
  }
  if (options.json) print_json(summary(options, *model, results, interrupted));
  return failed ? kFailed : kDone;
}

}  // namespace

void add_analyze_command(CLI::App& root, Action& action) {
  auto* command =
      root.add_subcommand("analyze", "Analyse inputs without a window, into tables and videos");
  auto options = std::make_shared<AnalyzeOptions>();
  command
      ->add_option("INPUT", options->inputs,
                   "demo, a picture, a video, a folder of pictures, a URL, camera:N")
      ->required()
      ->type_name("")
      ->check(kNotEmpty);
  command->add_option("--out", options->out, "Where the results go: a folder for each input")
      ->required()
      ->type_name("DIR")
      ->check(kNotEmpty);
  add_model_option(*command, options->model);
  add_detector_option(*command, options->detector)->capture_default_str();
  command->add_flag("--video", options->video, "Write the annotated video, too");
  command->add_option("--seconds", options->seconds, "Stop after that much of each input")
      ->type_name("SECONDS")
      ->check(kSeconds);
  command->add_flag("--json", options->json, "Print a summary as JSON");
  command->callback([&action, options] { action = [options] { return analyze(*options); }; });
}

}  // namespace mien
