#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>

#include "mien/analysis/evaluation.hpp"
#include "mien/base/error.hpp"
#include "mien/base/interruption.hpp"
#include "mien/base/staged_folder.hpp"
#include "mien/emotions/forest_training.hpp"
#include "mien/models/model_process.hpp"

#include "command.hpp"
#include "options.hpp"
#include "output.hpp"
#include "progress.hpp"
#include "training_pictures.hpp"

namespace mien::cli {
namespace {

constexpr std::size_t kMaxListed = 10;  ///< files that are named before the rest is counted

struct TrainOptions {
  std::string folder;
  std::string out;
  std::string name;
  std::string features = "pixels";
  std::string detector = faces::kDefaultDetector;
  int trees = 100;
  double test_size = 0.2;
  std::uint64_t seed = 1;
  bool cropped = false;
  bool json = false;
};

struct Result {
  analysis::Evaluation
      held_out;  ///< each picture once: its face where it was found, else as it is
  analysis::Evaluation
      held_out_whole;       ///< of crops: each as it is, which `eval --cropped` sees
  std::size_t learned = 0;  ///< pictures
  double seconds = 0;
};

void check(const TrainOptions& options) {
  if (options.trees < 1 || options.trees > emotions::kMaxTrees) {
    throw UsageError("The number of trees must be from 1 to " +
                     std::to_string(emotions::kMaxTrees) + ", not " +
                     std::to_string(options.trees) + "; 100 is usual.");
  }
  if (!(options.test_size > 0 && options.test_size < 1)) {
    throw UsageError(
        "The test size must lie between 0 and 1, both excluded, not " +
        base::decimal(options.test_size, 2) +
        ": it is the share of the pictures that the model is tried on; 0.2 is usual.");
  }
}

void report_left_out(const TrainingPictures& read) {
  const auto report = [](const std::vector<std::string>& files, const std::string& why) {
    for (std::size_t i = 0; i < std::min(files.size(), kMaxListed); ++i) {
      print_problem("The file " + files[i] + ' ' + why + " and was left out.");
    }
    if (files.size() > kMaxListed) {
      print_problem(std::to_string(files.size() - kMaxListed) + " more " + why +
                    " and were left out; --json names them all.");
    }
  };
  report(read.unreadable, "is not a readable picture");
  report(read.without_face, "shows no face");
}

/// The model would be read as a class next time.
void refuse_among_pictures(const TrainOptions& options) {
  std::error_code error;
  const auto pictures = std::filesystem::weakly_canonical(options.folder, error);
  const auto model = std::filesystem::weakly_canonical(options.out, error);
  const auto apart =
      std::mismatch(pictures.begin(), pictures.end(), model.begin(), model.end());
  if (apart.first != pictures.end()) return;
  throw base::Error("The model cannot go into " + options.out + ", among the pictures of " +
                    options.folder +
                    ": it would be taken for a class; choose a folder outside it.");
}

/// At least two pictures a class: one for training, one for the test.
void check_counts(const std::vector<TrainingClass>& classes, const TrainingPictures& read) {
  for (std::size_t i = 0; i < classes.size(); ++i) {
    const auto count = std::count_if(
        read.pictures.begin(), read.pictures.end(),
        [&](const auto& picture) { return picture.label == static_cast<int>(i); });
    if (count >= 2) continue;
    throw base::Error(
        "The class \"" + classes[i].folder + "\" has " +
        (count == 0 ? "no picture" : "one picture") +
        " that can be learned from; it needs two or more, one of them for the test.");
  }
}

struct Split {
  std::vector<bool> held_out;  ///< by picture
  std::vector<int> rows;       ///< of the samples to learn from
};

Split split(const TrainingPictures& read, const TrainOptions& options) {
  std::vector<int> labels;
  for (const auto& picture : read.pictures) labels.push_back(picture.label);
  Split result{emotions::hold_out(labels, options.test_size, options.seed), {}};
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (result.held_out[i]) continue;
    for (const int row : {read.pictures[i].whole, read.pictures[i].face}) {
      if (row >= 0) result.rows.push_back(row);
    }
  }
  return result;
}

Result judge_held_out(const TrainingPictures& read, const Split& split,
                      const emotions::Forest& forest, const std::vector<std::string>& labels) {
  Result result{analysis::Evaluation(labels), analysis::Evaluation(labels)};
  // Without a face in any of them both figures would be the same.
  const bool both = std::any_of(read.pictures.begin(), read.pictures.end(),
                                [](const auto& p) { return p.whole >= 0 && p.face >= 0; });
  for (std::size_t i = 0; i < read.pictures.size(); ++i) {
    const auto& picture = read.pictures[i];
    if (!split.held_out[i]) {
      ++result.learned;
      continue;
    }
    const auto votes = [&](int row) {
      return emotions::forest_votes(forest, read.samples.features(row));
    };
    const auto truth = static_cast<std::size_t>(picture.label);
    result.held_out.add(truth, votes(picture.face >= 0 ? picture.face : picture.whole));
    if (both && picture.whole >= 0) {
      result.held_out_whole.add(truth, votes(picture.whole));
    }
  }
  return result;
}

nlohmann::ordered_json recalls(const analysis::Evaluation& evaluation) {
  auto recalls = nlohmann::ordered_json::object();
  for (const auto& score : evaluation.classes())
    recalls[score.label] = base::rounded(score.recall, 4);
  return recalls;
}

emotions::ForestDescription describe(const TrainOptions& options,
                                     const base::StagedFolder& folder,
                                     const std::vector<std::string>& labels,
                                     const Result& result) {
  emotions::ForestDescription about;
  about.name = options.name.empty() ? folder.place().filename().string() : options.name;
  about.id = emotions::model_id_from(options.name.empty() ? about.name : options.name);
  about.labels = labels;
  const std::string set = std::filesystem::absolute(options.folder / std::filesystem::path("."))
                              .parent_path()
                              .filename()
                              .string();
  about.source = "Trained by mien on " + std::to_string(result.learned) +
                 " pictures of the folder " + set + ": " + std::to_string(options.trees) +
                 " trees, seed " + std::to_string(options.seed) +
                 (options.cropped ? "" : ", faces found by " + options.detector) + ".";
  about.metrics = {{"dataset", set + ", " + std::to_string(result.held_out.count()) +
                                   " pictures that were held out"},
                   {"accuracy", base::rounded(result.held_out.accuracy(), 4)},
                   {"balanced_accuracy", base::rounded(result.held_out.balanced_accuracy(), 4)},
                   {"recall", recalls(result.held_out)}};
  if (result.held_out_whole.count() > 0) {
    about.metrics["whole_picture_accuracy"] =
        base::rounded(result.held_out_whole.accuracy(), 4);
  }
  return about;
}

nlohmann::ordered_json to_json(const TrainOptions& options, const base::StagedFolder& folder,
                               const models::ModelCard& card, const TrainingPictures& read,
                               const Result& result) {
  nlohmann::ordered_json json = {
      {"folder", folder.place().string()},
      {"model", card.id},
      {"name", card.name},
      {"features", options.features},
      {"embedding", card.features.model},
      {"trees", options.trees},
      {"seed", options.seed},
      {"test_size", options.test_size},
      {"read_as", read.crops ? "crops" : "photographs"},
      {"pictures", read.pictures.size()},
      {"learned", result.learned},
      {"held_out", result.held_out.count()},
      {"unreadable", read.unreadable.size()},
      {"unreadable_files", read.unreadable},
      {"without_face", read.without_face.size()},
      {"without_face_files", read.without_face},
      {"accuracy", base::rounded(result.held_out.accuracy(), 4)},
      {"balanced_accuracy", base::rounded(result.held_out.balanced_accuracy(), 4)},
      {"recall", recalls(result.held_out)},
      {"confusion", result.held_out.confusion()},
      {"labels", result.held_out.labels()},
      {"seconds", base::rounded(result.seconds, 2)}};
  if (result.held_out_whole.count() > 0) {
    json["whole_pictures"] = {{"held_out", result.held_out_whole.count()},
                              {"accuracy", base::rounded(result.held_out_whole.accuracy(), 4)}};
  }
  return json;
}

void print_report(const TrainOptions& options, const base::StagedFolder& folder,
                  const models::ModelCard& card, const TrainingPictures& read,
                  const Result& result) {
  const auto share = [](double value) { return base::decimal(value * 100, 1) + " %"; };
  const auto left_out = read.unreadable.size() + read.without_face.size();
  print_line("pictures " + std::to_string(read.pictures.size()) + ", left out " +
             std::to_string(left_out) + ", read as " +
             (read.crops ? "cropped faces" : "photographs with faces in them"));
  print_line(std::to_string(options.trees) + " trees on " + std::to_string(result.learned) +
             " pictures by " +
             (card.features.model.empty() ? "pixels" : "features of " + card.features.model) +
             ", " + base::decimal(result.seconds, 1) + " s");
  print_line("held out " + std::to_string(result.held_out.count()) + ": accuracy " +
             share(result.held_out.accuracy()) + ", balanced over classes " +
             share(result.held_out.balanced_accuracy()) + ", by chance " +
             share(1.0 / static_cast<double>(card.labels.size())));
  if (result.held_out_whole.count() > 0) {
    print_line("whole pictures, without face detection (" +
               std::to_string(result.held_out_whole.count()) + "): accuracy " +
               share(result.held_out_whole.accuracy()));
  }
  print_line("");
  std::vector<std::vector<std::string>> rows = {{"SHOWN \\ ANSWERED"}};
  const auto& labels = result.held_out.labels();
  rows[0].insert(rows[0].end(), labels.begin(), labels.end());
  rows[0].emplace_back("RIGHT");
  const auto scores = result.held_out.classes();
  for (std::size_t i = 0; i < labels.size(); ++i) {
    std::vector<std::string> row = {labels[i]};
    for (const auto count : result.held_out.confusion()[i]) {
      row.push_back(count > 0 ? std::to_string(count) : ".");
    }
    row.push_back(share(scores[i].recall));
    rows.push_back(std::move(row));
  }
  print_table(rows);
  print_line("\nmodel " + card.id + " in " + folder.place().string());
  // Pixel features depend on how the detector crops the face.
  const bool usual = options.cropped || options.detector == faces::kDefaultDetector;
  print_line("  mien --model " + folder.place().string() +
             (usual ? "" : " --detector " + options.detector));
  print_line("  mien models --add " + folder.place().string());
}

int report_interrupted(const TrainOptions& options) {
  print_problem("Interrupted; nothing was kept in " + options.out + ".");
  return kFailed;
}

int train(const TrainOptions& options, const base::Interruption& interruption) {
  check(options);
  const auto start = std::chrono::steady_clock::now();
  const auto classes = training_classes(sources::scan_labelled_folder(options.folder));
  std::vector<std::string> labels;
  labels.reserve(classes.size());
  for (const auto& one : classes) labels.push_back(one.label);
  const auto library = models::ModelLibrary::standard();
  refuse_among_pictures(options);
  base::StagedFolder folder(options.out);
  const auto features = options.features == "pixels"
                            ? emotions::make_pixel_features()
                            : emotions::make_embedding_features(library);
  const auto detector = options.cropped ? nullptr : as_usage([&] {
    return faces::make_detector(options.detector, library);
  });

  const auto read = read_training_pictures(classes, *features, detector.get(), interruption);
  if (read.interrupted) return report_interrupted(options);
  report_left_out(read);
  check_counts(classes, read);
  const Split parts = split(read, options);
  ProgressLine progress;
  const auto forest = emotions::grow_forest(
      read.samples, parts.rows, static_cast<int>(classes.size()),
      {.trees = options.trees, .seed = options.seed}, [&](int done, int all) {
        progress.show(
            "growing " +
            progress_bar(static_cast<std::size_t>(done), static_cast<std::size_t>(all)) +
            " trees");
        return !interruption.asked();
      });
  if (!forest) return report_interrupted(options);
  Result result = judge_held_out(read, parts, *forest, labels);
  progress.show("writing " + options.out);
  const models::ModelCard card = emotions::write_forest_model(
      folder.path(), describe(options, folder, labels, result), *forest, features->recipe());
  if (interruption.asked()) return report_interrupted(options);
  folder.publish();
  progress.clear();
  result.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (options.json) {
    print_json(to_json(options, folder, card, read, result));
  } else {
    print_report(options, folder, card, read, result);
  }
  return kDone;
}

int train(const TrainOptions& options) {
  const base::Interruption interruption;
  const models::WaitInterruption leaving([&] { return interruption.asked(); });
  try {
    return train(options, interruption);
  } catch (const base::Error&) {
    // Also a detector that was given up while it was loading or at a picture.
    if (!interruption.asked()) throw;
    return report_interrupted(options);
  }
}

}  // namespace

void add_train_command(CLI::App& root, Command& action) {
  auto* command = root.add_subcommand(
      "train",
      "Train a model of your own on a labelled folder: one folder of pictures per class");
  auto options = std::make_shared<TrainOptions>();
  command->add_option("DIR", options->folder, "Folder that holds a folder for each class")
      ->required()
      ->type_name("")
      ->check(kNotEmpty);
  command->add_option("--out", options->out, "Where the model goes: a new or empty folder")
      ->required()
      ->type_name("MODEL_DIR")
      ->check(kNotEmpty);
  command->add_option("--trees", options->trees, "Trees of the random forest")
      ->type_name("N")
      ->capture_default_str();
  command
      ->add_option("--test-size", options->test_size,
                   "Share of each class that is held out and tried on")
      ->type_name("F")
      ->capture_default_str();
  command
      ->add_option("--seed", options->seed,
                   "Makes the split and the trees; same seed, same model")
      ->type_name("N")
      ->capture_default_str();
  command
      ->add_option(
          "--features", options->features,
          "pixels, or embedding: what a shipped network sees\nin a face, which makes ten "
          "pictures a class useful")
      ->type_name("pixels|embedding")
      ->check(CLI::IsMember({"pixels", "embedding"}))
      ->capture_default_str();
  command->add_option("--name", options->name, "As the menu shows it; else the folder's name")
      ->type_name("NAME")
      ->check(kNotEmpty);
  add_detector_option(*command, options->detector)->capture_default_str();
  command->add_flag("--cropped", options->cropped,
                    "The pictures are cropped faces: no detection");
  command->add_flag("--json", options->json, "Print JSON");
  command->callback([&action, options] { action = [options] { return train(*options); }; });
}

}  // namespace mien::cli
