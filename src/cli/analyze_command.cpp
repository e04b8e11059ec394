#include <algorithm>
#include <atomic>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "mien/base/error.hpp"
#include "mien/base/first_notice.hpp"
#include "mien/base/labels.hpp"
#include "mien/base/redaction.hpp"
#include "mien/base/threads.hpp"
#include "mien/cli/commands.hpp"
#include "mien/models/model_process.hpp"
#include "mien/reports/exports.hpp"

#include "analyze_input.hpp"
#include "command.hpp"
#include "input_list.hpp"
#include "options.hpp"
#include "output.hpp"
#include "output_folders.hpp"

namespace mien::cli {
namespace {

/// For a name server, at most: frames that come before an output has opened are lost.
constexpr std::chrono::seconds kOpenOutputs{5};

/// An input with the place of its result.
struct PlacedInput {
  std::string input;
  OutputFolder place;
};

struct AnalyzeOptions {
  std::vector<std::string> inputs;
  std::string out;
  std::string model;
  std::string reading;
  std::string detector = faces::kDefaultDetector;
  std::string landmarks;
  std::string columns;
  bool video = false;
  bool blur = false;
  std::string encoder;
  std::vector<std::string> exports;
  std::vector<std::string> send;
  double seconds = 0;
  bool as_sequence = false;
  std::string shard = "1/1";
  unsigned workers = 0;  ///< 0: one for each core
  bool json = false;
};

sessions::Privacy recording_privacy(const AnalyzeOptions& options) {
  return options.blur ? sessions::Privacy::blurred_faces : sessions::Privacy::everything;
}

MovementChoice movement_choice(const AnalyzeOptions& options) {
  return choose_movements(options.landmarks, options.columns);
}

nlohmann::ordered_json shares(const AnalyzeResult& result) {
  auto json = nlohmann::ordered_json::object();
  for (const auto& [verdict, count] : result.verdicts) {
    json[verdict] =
        base::rounded(static_cast<double>(count) / static_cast<double>(result.faces), 4);
  }
  return json;
}

nlohmann::ordered_json to_json(const AnalyzeResult& result) {
  nlohmann::ordered_json json = {{"input", result.input},
                                 {"folder", result.folder},
                                 {"frames", result.frames},
                                 {"faces", result.faces},
                                 {"people", result.people},
                                 {"seconds", base::rounded(result.seconds, 3)},
                                 {"label_shares", shares(result)},
                                 {"ms_per_frame", base::rounded(result.analysis_ms, 3)},
                                 {"wall_seconds", base::rounded(result.wall_seconds, 3)},
                                 {"ended", result.ended},
                                 {"skipped", result.skipped}};
  if (!result.problem.empty()) json["problem"] = result.problem;
  if (result.frames > 0 && result.faces == 0) json["note"] = "no face found";
  if (!result.damage.empty()) json["damage"] = result.damage;
  if (!result.remark.empty()) json["remark"] = result.remark;
  return json;
}

/// `landmarks`: the model's id, or "none".
nlohmann::ordered_json summary(const AnalyzeOptions& options,
                               const emotions::EmotionModel& model,
                               const std::string& landmarks,
                               const std::vector<AnalyzeResult>& results, bool interrupted) {
  nlohmann::ordered_json json = {{"out", options.out},
                                 {"model", model.card().id},
                                 {"reading", model.card().reading},
                                 {"detector", options.detector},
                                 {"landmarks", landmarks},
                                 {"columns", sessions::word(movement_choice(options).columns)},
                                 {"interrupted", interrupted},
                                 {"inputs", nlohmann::ordered_json::array()},
                                 {"failed", nlohmann::ordered_json::array()}};
  for (const auto& result : results) {
    if (interrupted && result.folder.empty() && result.problem.empty()) continue;  // not begun
    json["inputs"].push_back(to_json(result));
    if (!result.problem.empty() || !result.damage.empty()) {
      json["failed"].push_back(result.input);
    }
  }
  return json;
}

std::string result_text(const AnalyzeResult& result) {
  if (result.folder.empty()) return {};
  const auto report = (result.damage.empty() ? "" : "\n  " + result.damage) +
                      (result.remark.empty() ? "" : "\n  " + result.remark);
  if (result.skipped) return result.input + " -> " + result.folder + " (done before)" + report;
  std::string words;
  std::vector<std::pair<std::uint64_t, std::string>> order;
  for (const auto& [verdict, count] : result.verdicts) order.emplace_back(count, verdict);
  std::sort(order.rbegin(), order.rend());
  for (const auto& [count, verdict] : order) {
    words += (words.empty() ? ": " : ", ") + std::string(base::display_word(verdict)) + ' ' +
             percent(static_cast<double>(count) / static_cast<double>(result.faces));
  }
  const auto counted = [](std::uint64_t count, const char* one, const char* more) {
    return std::to_string(count) + ' ' + (count == 1 ? one : more);
  };
  return result.input + " -> " + result.folder + '\n' + "  " +
         counted(result.frames, "frame", "frames") + " (" + base::decimal(result.seconds, 1) +
         " s), " + counted(result.people, "person", "people") + ", " +
         (result.faces == 0 ? "no face found" : counted(result.faces, "face", "faces")) +
         words + "; " + base::decimal(result.analysis_ms, 1) + " ms a frame" + report;
}

/// A detector and models, loaded once for each thread.
struct Pipeline {
  Pipeline(const AnalyzeOptions& options, const models::ModelLibrary& library)
      : detector(as_usage([&] { return faces::make_detector(options.detector, library); })),
        model(emotions::load_emotion_model(
            choose_model(library, options.model, options.reading))),
        movements(as_usage([&] {
          return movements::load_movement_reader(movement_choice(options).landmarks, library);
        })) {}

  std::shared_ptr<faces::FaceDetector> detector;
  std::shared_ptr<emotions::EmotionModel> model;
  std::shared_ptr<movements::MovementReader> movements;  ///< null: none
};

/// Analyses a list of inputs with several workers; the results are in the order of the list.
class Batch {
 public:
  /// `outputs`, which may be null, outlives it.
  Batch(const AnalyzeOptions& options, std::vector<PlacedInput> inputs, nlohmann::json recipe,
        outputs::Outputs* outputs)
      : options_(options),
        inputs_(std::move(inputs)),
        recipe_(std::move(recipe)),
        outputs_(outputs),
        progress_(inputs_.size()) {
    results_.resize(inputs_.size());
    for (std::size_t i = 0; i < inputs_.size(); ++i)
      results_[i].input = base::redact_address(inputs_[i].input);
  }

  void run(Pipeline& first, const models::ModelLibrary& library) {
    const auto cores = std::max(1U, std::thread::hardware_concurrency());
    // What is sent comes from one input after the other.
    const auto wanted = outputs_ != nullptr    ? 1
                        : options_.workers > 0 ? options_.workers
                                               : cores;
    if (inputs_.empty()) return;  // a shard of fewer inputs than there are shards
    const auto count = std::min<std::size_t>(wanted, inputs_.size());
    std::vector<std::jthread> others;
    try {
      others = base::start_threads(count - 1, [&] {
        try {
          const models::WaitInterruption leaving([this] { return interruption_.asked(); });
          Pipeline own(options_, library);
          work(own);
        } catch (...) {
          // Continue with fewer workers; the first one reports what cannot be loaded.
        }
      });
    } catch (const base::Error&) {
      // No thread can be had: this one does it all.
    }
    const models::WaitInterruption leaving([this] { return interruption_.asked(); });
    work(first);
  }

  const std::vector<AnalyzeResult>& results() const { return results_; }
  /// Why the output could not be written; empty when it could. Once run() has returned.
  const std::string& output_problem() const { return output_problem_; }
  bool interrupted() const { return interruption_.asked(); }

 private:
  void work(Pipeline& pipeline) {
    for (std::size_t i = next_++; i < inputs_.size() && !interruption_.asked(); i = next_++) {
      results_[i] = result_of(inputs_[i], pipeline);
      write_exports(results_[i]);
      if (!options_.json) print(result_text(results_[i]));
    }
  }

  /// A closed pipe or a full disk behind the output must not end the batch.
  void print(const std::string& words) {
    if (words.empty()) return;
    progress_.print_above([&] {
      try {
        if (!output_failed_) print_line(words);
      } catch (const base::Error& error) {
        output_failed_ = true;
        output_problem_ = error.what();
      }
    });
  }

  AnalyzeResult result_of(const PlacedInput& input, Pipeline& pipeline) {
    const auto& place = input.place;
    if (place.finished || !place.problem.empty()) {
      progress_.skip();
      AnalyzeResult result;
      result.input = base::redact_address(input.input);
      result.skipped = place.finished;
      if (place.finished) result.folder = place.folder.string();
      if (place.finished && outputs_ != nullptr) {
        result.remark = "It was not sent, since it was analysed before; choose another --out.";
      }
      result.damage = place.damage;
      result.problem = place.problem;
      return result;
    }
    const AnalyzeJob job{.input = input.input,
                         .folder = place.folder,
                         .replaces = place.replaces,
                         .identity = place.identity,
                         .recipe = recipe_,
                         .video = options_.video,
                         .privacy = recording_privacy(options_),
                         .encoder = options_.encoder,
                         .seconds = options_.seconds,
                         .as_sequence = options_.as_sequence,
                         .columns = movement_choice(options_).columns,
                         .outputs = outputs_};
    return analyze_input(job, {pipeline.detector, pipeline.model, pipeline.movements},
                         interruption_, progress_);
  }

  /// Also for finished results of an earlier run; existing exports stay.
  void write_exports(AnalyzeResult& result) const {
    if (options_.exports.empty() || result.folder.empty() || !result.problem.empty()) return;
    try {
      std::optional<sessions::RecordedSession> session;
      for (const auto& id : options_.exports) {
        const auto& format = reports::export_format(id);
        if (std::filesystem::exists(std::filesystem::path(result.folder) / format.file_name)) {
          continue;
        }
        if (!session) session = sessions::read_session(result.folder);
        reports::export_session(*session, format);
      }
    } catch (...) {
      result.problem = base::describe_current_exception();
    }
  }

  const AnalyzeOptions& options_;
  const std::vector<PlacedInput> inputs_;
  const nlohmann::json recipe_;
  outputs::Outputs* const outputs_;
  base::Interruption interruption_;
  BatchProgress progress_;
  std::atomic<std::size_t> next_{0};
  bool output_failed_ = false;          ///< of whoever holds the progress line
  std::string output_problem_;          ///< likewise
  std::vector<AnalyzeResult> results_;  ///< each one belongs to the worker that has its input
};

nlohmann::json settings_fingerprint(const AnalyzeOptions& options, const Pipeline& pipeline,
                                    const models::ModelLibrary& library) {
  nlohmann::json detector = {{"id", pipeline.detector->id()},
                             {"files", nlohmann::json::array()}};
  try {
    for (const auto& file :
         library.find(pipeline.detector->id(), models::ModelCard::Task::face).files) {
      detector["files"].push_back(file.sha256);
    }
  } catch (const base::Error&) {
    // A detector that is not a model of the library, such as Haar cascades.
  }
  nlohmann::json settings = {{"video", options.video},
                             {"privacy", sessions::word(recording_privacy(options))},
                             {"encoder", options.video ? options.encoder : ""},
                             {"seconds", options.seconds},
                             {"as_sequence", options.as_sequence}};
  // Without movements, results of versions that had none are the same.
  if (pipeline.movements) {
    const auto& [card, network] = *pipeline.movements->models();
    settings["columns"] = sessions::word(movement_choice(options).columns);
    settings["landmarks"] = {{"id", card.id}, {"sha256", card.files.front().sha256}};
    settings["movements"] = {{"id", network.id}, {"sha256", network.files.front().sha256}};
  }
  return cli::settings_fingerprint(pipeline.model->card(), detector, settings);
}

/// For the whole list, also when only a shard of it is analysed: all shards must agree on the
/// folders.
std::vector<OutputFolder> choose_output_folders(const AnalyzeOptions& options,
                                                const std::vector<NamedInput>& inputs,
                                                const nlohmann::json& recipe) {
  OutputFolders places(options.out, recipe);
  std::vector<OutputFolder> result;
  result.reserve(inputs.size());
  for (const auto& input : inputs) result.push_back(places.place(input));
  return result;
}

/// Null when nothing is to be sent. Gives them a moment to open, since frames do not come
/// again.
std::unique_ptr<outputs::Outputs> open_outputs(const std::vector<std::string>& specs) {
  if (specs.empty()) return nullptr;
  auto all = std::make_unique<outputs::Outputs>(outputs::Services{.version = MIEN_VERSION});
  for (const auto& spec : specs) all->add(spec);
  all->wait_opened(kOpenOutputs);
  return all;
}

/// Says what could not be sent. False when an output has failed.
bool report_outputs(const outputs::Outputs& all) {
  using State = outputs::OutputStatus::State;
  bool good = true;
  for (const auto& status : all.status()) {
    if (status.state == State::failed) print_problem(status.problem);
    if (status.state == State::opening) {
      print_problem("Sending to " + status.spec + " could not begin; check the network.");
    }
    good = good && status.state == State::sending;
    if (status.state != State::sending || status.lost == 0) continue;
    print_problem(std::to_string(status.lost) + " frames were not sent to " + status.spec +
                  ", which was too slow.");
  }
  return good;
}

int analyze(const AnalyzeOptions& options) {
  movement_choice(options);  // a wrong command line is said before anything is loaded
  if (!options.send.empty() && options.workers > 1) {
    throw UsageError(
        "With --send, inputs are analysed one after the other; leave --workers out.");
  }
  base::print_first_run_notice();
  const auto library = models::ModelLibrary::standard();
  Pipeline pipeline(options, library);
  std::vector<std::string> skipped_files;
  const auto listed = list_inputs(options.inputs, &skipped_files);
  const auto recipe = settings_fingerprint(options, pipeline, library);
  auto places = choose_output_folders(options, listed, recipe);
  std::vector<PlacedInput> inputs;
  for (const auto i : part_of(parse_shard(options.shard), listed.size())) {
    inputs.push_back({listed[i].input, std::move(places[i])});
  }
  for (const auto& sentence : skipped_files) print_problem(sentence);
  const auto outputs = open_outputs(options.send);
  Batch batch(options, std::move(inputs), recipe, outputs.get());
  batch.run(pipeline, library);

  bool failed = batch.interrupted();
  if (outputs) failed = !report_outputs(*outputs) || failed;
  for (const auto& result : batch.results()) {
    for (const auto& sentence : {result.problem, result.damage}) {
      if (sentence.empty()) continue;
      failed = true;
      print_problem(sentence);
    }
  }
  if (!batch.output_problem().empty()) {
    failed = true;
    print_problem(batch.output_problem());
  }
  if (batch.interrupted()) {
    print_problem("Interrupted; what was analysed until then is in " + options.out +
                  ", and the same command continues with the rest.");
  }
  if (options.json) {
    print_json(summary(options, *pipeline.model,
                       pipeline.movements ? pipeline.movements->id() : movements::kNoLandmarks,
                       batch.results(), batch.interrupted()));
  }
  return failed ? kFailed : kDone;
}

}  // namespace

void add_analyze_command(CLI::App& root, Command& action) {
  auto* command =
      root.add_subcommand("analyze", "Analyse inputs without a window, into tables and videos");
  auto options = std::make_shared<AnalyzeOptions>();
  command
      ->add_option("INPUT", options->inputs,
                   "demo, a picture, a video, a folder of pictures or of videos, a pattern "
                   "such as \"*.mp4\", a URL, camera:N")
      ->required()
      ->type_name("")
      ->check(kNotEmpty);
  command->add_option("--out", options->out, "Where the results go: a folder for each input")
      ->required()
      ->type_name("DIR")
      ->check(kNotEmpty);
  add_model_option(*command, options->model);
  add_reading_option(*command, options->reading);
  add_detector_option(*command, options->detector)->capture_default_str();
  add_landmarks_option(*command, options->landmarks, "as --columns needs it");
  add_columns_option(*command, options->columns);
  command->add_flag("--video", options->video, "Write the annotated video, too");
  command->add_flag("--blur", options->blur,
                    "Make faces unrecognisable in the video before it is written");
  add_encoder_option(*command, options->encoder);
  add_export_option(*command, options->exports);
  add_send_option(*command, options->send);
  command
      ->add_option("--shard", options->shard,
                   "Do every N-th input only, from the I-th on: for job arrays")
      ->type_name("I/N");
  command
      ->add_option("--workers", options->workers,
                   "Inputs worked on at once (default: one for each core)")
      ->type_name("N")
      ->check(CLI::Range(1, 256));
  command->add_option("--seconds", options->seconds, "Stop after that much of each input")
      ->type_name("SECONDS")
      ->check(kSeconds);
  command->add_flag("--as-sequence", options->as_sequence,
                    "The pictures of a folder are the frames of one video: people are tracked "
                    "through them");
  command->add_flag("--json", options->json, "Print a summary as JSON");
  command->callback([&action, options] { action = [options] { return analyze(*options); }; });
}

}  // namespace mien::cli
