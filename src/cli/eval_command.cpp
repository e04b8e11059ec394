#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include <opencv2/imgproc.hpp>

#include "mien/analysis/analyzer.hpp"
#include "mien/analysis/evaluation.hpp"
#include "mien/analysis/measured_faces.hpp"
#include "mien/base/csv.hpp"
#include "mien/base/error.hpp"
#include "mien/base/interruption.hpp"
#include "mien/base/json_fields.hpp"
#include "mien/base/labels.hpp"
#include "mien/base/movements.hpp"
#include "mien/base/text.hpp"
#include "mien/emotions/certainty.hpp"
#include "mien/emotions/face_views.hpp"
#include "mien/emotions/picture_quality.hpp"
#include "mien/faces/face_align.hpp"
#include "mien/models/model_process.hpp"
#include "mien/movements/movement_reader.hpp"
#include "mien/sources/frame_source.hpp"
#include "mien/sources/labelled_folder.hpp"

#include "command.hpp"
#include "options.hpp"
#include "output.hpp"
#include "progress.hpp"

namespace mien::cli {
namespace {

struct EvalOptions {
  std::string folder;
  std::string model;
  std::string reading;
  std::string detector = faces::kDefaultDetector;
  std::string landmarks = movements::kNoLandmarks;
  std::string table;
  bool cropped = false;
  bool json = false;
};

/// A class of the folder that the model has.
struct KnownClass {
  std::size_t label;  ///< the model's
  std::vector<std::filesystem::path> files;
};

struct Classes {
  std::vector<KnownClass> known;
  std::vector<std::string> left_out;  ///< names of folders whose class the model lacks
  std::size_t images = 0;
};

struct Outcome {
  std::uint64_t images = 0;  ///< readable or not
  std::vector<std::string> unreadable;
  std::uint64_t detected = 0;
  std::map<std::string, std::uint64_t> doubts;  ///< reason -> faces that got no label
  double milliseconds = 0;                      ///< of the analysis alone
};

/// Which label of the model a folder's name stands for: the label itself, or a word for it.
std::optional<std::size_t> find_label(const std::vector<std::string>& labels,
                                      const std::string& name) {
  const auto wanted = base::canonical_label(name);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] == name || (wanted && base::canonical_label(labels[i]) == wanted)) return i;
  }
  return std::nullopt;
}

/// A misspelt folder would silently change the score, so a name that nobody knows is an error;
/// a known expression that this model lacks is skipped and reported.
Classes match_classes(const std::vector<sources::LabelledClass>& folders,
                      const models::ModelCard& card) {
  Classes classes;
  for (const auto& folder : folders) {
    if (const auto label = find_label(card.labels, folder.name)) {
      classes.known.push_back({*label, folder.files});
      classes.images += folder.files.size();
    } else if (base::canonical_label(folder.name)) {
      classes.left_out.push_back(folder.name);
    } else {
      std::vector<std::string> known(card.labels.begin(), card.labels.end());
      for (const auto name : base::canonical_labels()) {
        if (!find_label(card.labels, std::string(name))) known.emplace_back(name);
      }
      throw base::Error(
          "The folder \"" + folder.name + "\" is not a known class; known classes are " +
          base::joined(known, ", ") + ", and common words for them (happy, angry, sad ...).");
    }
  }
  if (classes.images == 0) {
    throw base::Error("There are no pictures of the classes of " + card.id + " (" +
                      base::joined(card.labels, ", ") + ") in that folder.");
  }
  return classes;
}

/// The answers of the whole pipeline, or of the model alone for faces that are cropped already.
class EvalReader {
 public:
  EvalReader(const EvalOptions& options, const models::ModelLibrary& library,
             const models::ModelCard& card) {
    auto model = emotions::load_emotion_model(card);
    movements_ =
        as_usage([&] { return movements::load_movement_reader(options.landmarks, library); });
    if (options.cropped) {
      model_ = std::move(model);
    } else {
      analyzer_.emplace(
          as_usage([&] { return faces::make_detector(options.detector, library); }),
          std::move(model));
      analyzer_->use(movements_);
    }
  }

  /// Empty when nothing is measured.
  std::string landmarks_id() const { return movements_ ? movements_->id() : ""; }

  struct Answer {
    std::vector<float> probabilities;
    base::Verdict verdict;
    float turn = 0;                              ///< as PictureQuality::turn
    std::optional<base::FaceGeometry> geometry;  ///< nothing without a landmarks model
  };

  /// The answer for the largest face; none when there is no face.
  std::optional<Answer> read(const base::FramePtr& frame) {
    if (model_) {
      auto answer = look_at(frame->image);
      auto geometry = measure(*frame);
      emotions::PictureQuality quality;  // of a crop nothing else is known
      if (geometry) quality.shape = emotions::shape_of(*geometry);
      quality.covered = answer.covered.value_or(0);
      quality.distance = answer.distance.value_or(0);
      const auto verdict =
          emotions::judge(answer.probabilities, quality, emotions::rules_for(model_->card()));
      return Answer{std::move(answer.probabilities), verdict, 0, std::move(geometry)};
    }
    analyzer_->reset();  // single pictures, not a video: no tracking
    const auto analysis = analyzer_->analyze(frame);
    const base::FaceReading* largest = nullptr;
    for (const auto& reading : analysis->readings) {
      if (largest == nullptr || reading.face.box.area() > largest->face.box.area()) {
        largest = &reading;
      }
    }
    if (largest == nullptr) return std::nullopt;
    return Answer{largest->raw, largest->verdict,
                  emotions::measure_quality(frame->image, largest->face).turn,
                  largest->geometry};
  }

 private:
  emotions::ModelAnswer look_at(const cv::Mat& crop) {
    const auto& views = model_->card().crop.views;
    if (views.empty()) return model_->answer(crop);
    // Of a huge picture the model sees little; views of that are cheaper.
    const auto& input = model_->card().input;
    const int most = 4 * std::max(input.width, input.height);
    cv::Mat smaller = crop;
    if (std::min(crop.cols, crop.rows) > most) {
      const double scale = static_cast<double>(most) / std::min(crop.cols, crop.rows);
      cv::resize(crop, smaller, {}, scale, scale, cv::INTER_AREA);
    }
    std::vector<emotions::ModelAnswer> answers;
    answers.reserve(views.size());
    for (const auto& view : views) {
      answers.push_back(model_->answer(faces::view_of(smaller, view)));
    }
    return emotions::mean_answer(answers);
  }

  /// Of a face that fills the picture; who cropped it left a little around a detector's box.
  std::optional<base::FaceGeometry> measure(const base::Frame& frame) {
    if (!movements_) return std::nullopt;
    constexpr float kBox = 0.8F;
    const cv::Size2f size(frame.image.size());
    base::FaceReading reading;
    reading.face.box = {size.width * (1 - kBox) / 2, size.height * (1 - kBox) / 2,
                        size.width * kBox, size.height * kBox};
    movements_->reset();  // single pictures, of different people
    movements_->read(frame.image, reading, {});
    return std::move(reading.geometry);
  }

  std::shared_ptr<movements::MovementReader> movements_;  ///< null: nothing is measured
  std::unique_ptr<emotions::EmotionModel> model_;
  std::optional<analysis::Analyzer> analyzer_;
};

/// A row for each picture, for further analysis: RFC 4180 as the tables of a session.
class Table {
 public:
  /// `measured`: with the columns that faces.csv has for what one picture tells. How open eyes
  /// are against what is usual of somebody, and blinks, are nothing that it does.
  Table(const std::string& file, bool measured) : file_(file), measured_(measured) {
    if (file.empty()) return;
    out_.open(file, std::ios::binary);
    out_ << "file,label,answer,probability,verdict,reason,turn";
    if (measured_) {
      out_ << ",presence,no_mesh,pose_pitch,pose_yaw,pose_roll";
      for (const auto& movement : base::movements()) out_ << ',' << movement.id;
      out_ << ",looks_at_camera";
    }
    out_ << "\r\n";
  }

  void add(const std::filesystem::path& picture, const std::string& truth,
           const std::vector<std::string>& labels,
           const std::optional<EvalReader::Answer>& answer) {
    if (file_.empty()) return;
    out_ << base::csv_field(picture.string()) << ',' << base::csv_field(truth);
    if (answer) {
      const auto best =
          std::max_element(answer->probabilities.begin(), answer->probabilities.end()) -
          answer->probabilities.begin();
      const auto& label = labels.at(static_cast<std::size_t>(best));
      out_ << ',' << base::csv_field(label) << ','
           << base::decimal(answer->probabilities[static_cast<std::size_t>(best)], 4) << ','
           << (answer->verdict.sure() ? base::csv_field(label) : "not sure") << ','
           << base::csv_field(base::describe(answer->verdict.doubt)) << ','
           << base::decimal(std::min(answer->turn, 99.0F), 3);
    } else {
      out_ << ",,,no face,,";
    }
    if (measured_) add_geometry(answer ? answer->geometry : std::nullopt);
    out_ << "\r\n";
  }

  void close() {
    if (file_.empty()) return;
    out_.close();
    if (!out_) {
      throw base::Error("The table " + file_ + " cannot be written; choose another file.");
    }
  }

 private:
  void add_geometry(const std::optional<base::FaceGeometry>& geometry) {
    std::string cells(geometry ? "" : ",,");
    if (geometry) {
      cells = ',' + base::decimal_or_empty(geometry->mesh.presence, 3) + ',' +
              base::csv_field(base::describe(geometry->doubt));
    }
    const bool posed = geometry && geometry->pose;
    for (float base::HeadPose::*angle :
         {&base::HeadPose::pitch, &base::HeadPose::yaw, &base::HeadPose::roll}) {
      cells += ',';
      if (posed) cells += base::decimal_or_empty((*geometry->pose).*angle, 2);
    }
    for (std::size_t i = 0; i < base::movements().size(); ++i) {
      cells += ',';
      if (geometry && i < geometry->movements.size()) {
        cells += base::decimal_or_empty(geometry->movements[i], 3);
      }
    }
    cells += ',';
    if (geometry && geometry->towards_camera) cells += *geometry->towards_camera ? '1' : '0';
    out_ << cells;
  }

  const std::string file_;
  const bool measured_;
  std::ofstream out_;
};

Outcome score(const Classes& classes, EvalReader& reader, analysis::Evaluation& evaluation,
              analysis::MeasuredFaces& measured, Table& table,
              const base::Interruption& interruption) {
  const models::WaitInterruption leaving([&] { return interruption.asked(); });
  Outcome outcome;
  ProgressLine progress;
  for (const auto& one : classes.known) {
    for (const auto& file : one.files) {
      if (interruption.asked()) return outcome;
      base::FramePtr frame;
      try {
        frame = sources::open_source({.spec = file.string(), .realtime = false, .mode = {}})
                    ->read();
      } catch (const base::Error&) {
      }
      if (!frame) {
        ++outcome.images;
        outcome.unreadable.push_back(file.string());
        continue;
      }
      const auto start = std::chrono::steady_clock::now();
      std::optional<EvalReader::Answer> answer;
      try {
        answer = reader.read(frame);
      } catch (const models::ModelProcessEnded&) {
        if (interruption.asked()) return outcome;
        throw;
      }
      ++outcome.images;
      outcome.milliseconds +=
          std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
              .count();
      table.add(file, evaluation.labels().at(one.label), evaluation.labels(), answer);
      if (answer) {
        ++outcome.detected;
        evaluation.add(one.label, answer->probabilities, answer->verdict.sure());
        if (answer->geometry) measured.add(one.label, *answer->geometry);
        if (!answer->verdict.sure()) ++outcome.doubts[base::describe(answer->verdict.doubt)];
      }
      if (progress.wanted()) {
        progress.show(progress_bar(outcome.images, classes.images) + ", accuracy " +
                      base::decimal(evaluation.accuracy() * 100, 1) + " %");
      }
    }
  }
  return outcome;
}

/// The commonest first, as shares of the faces found.
std::vector<std::pair<double, std::string>> doubts(const Outcome& outcome) {
  std::vector<std::pair<double, std::string>> all;
  for (const auto& [reason, count] : outcome.doubts) {
    all.emplace_back(static_cast<double>(count) / static_cast<double>(outcome.detected),
                     reason);
  }
  std::sort(all.rbegin(), all.rend());
  return all;
}

double mean_ms(const Outcome& outcome) {
  const auto read = outcome.images - outcome.unreadable.size();
  return read > 0 ? outcome.milliseconds / static_cast<double>(read) : 0;
}

/// A word for why there is no mesh, the commonest first, as counts.
std::vector<std::pair<std::uint64_t, std::string>> mesh_doubts(
    const analysis::MeasuredFaces& measured) {
  std::vector<std::pair<std::uint64_t, std::string>> all;
  for (const auto& [doubt, count] : measured.doubts()) {
    all.emplace_back(count, base::describe(doubt));
  }
  std::sort(all.rbegin(), all.rend());
  return all;
}

nlohmann::ordered_json to_json(const analysis::MeasuredFaces& measured,
                               const std::vector<std::string>& labels) {
  auto reasons = nlohmann::ordered_json::object();
  for (const auto& [count, reason] : mesh_doubts(measured)) reasons[reason] = count;
  auto per_class = nlohmann::ordered_json::object();
  const auto classes = measured.labels();
  for (std::size_t i = 0; i < classes.size(); ++i) {
    const auto& one = classes[i];
    nlohmann::ordered_json values = {{"faces", one.faces}, {"meshes", one.meshes}};
    const auto angle = [](const analysis::MeasuredFaces::Angle& degrees) {
      return nlohmann::ordered_json{{"median", base::rounded(degrees.median, 2)},
                                    {"p95", base::rounded(degrees.p95, 2)}};
    };
    if (one.head) {
      values["abs_pitch"] = angle(one.head->pitch);
      values["abs_yaw"] = angle(one.head->yaw);
      values["abs_roll"] = angle(one.head->roll);
    }
    auto medians = nlohmann::ordered_json::object();
    for (std::size_t m = 0; m < one.movements.size(); ++m) {
      medians[base::movements()[m].id] = base::number_or_null(one.movements[m], 3);
    }
    values["movements"] = std::move(medians);
    per_class[labels[i]] = std::move(values);
  }
  return {{"faces", measured.faces()},
          {"meshes", measured.meshes()},
          {"no_mesh", reasons},
          {"per_class", per_class}};
}

void print_measured(const std::string& mesh, const analysis::MeasuredFaces& measured,
                    const std::vector<std::string>& labels) {
  std::string words;
  for (const auto& [count, reason] : mesh_doubts(measured)) {
    words +=
        (words.empty() ? "; of the others: " : ", ") + reason + ' ' + std::to_string(count);
  }
  print_line("\nmesh " + mesh + ": " + std::to_string(measured.meshes()) + " of " +
             std::to_string(measured.faces()) + " faces have one" + words + '\n');
  const auto classes = measured.labels();
  std::vector<std::vector<std::string>> heads = {
      {"HEAD, DEGREES", "MESHES", "|PITCH|", "95 %", "|YAW|", "95 %", "|ROLL|", "95 %"}};
  std::vector<std::vector<std::string>> rows = {{"MOVEMENT, MEDIAN"}};
  for (std::size_t i = 0; i < classes.size(); ++i) {
    const auto& one = classes[i];
    if (!one.head) continue;
    std::vector<std::string> cells = {labels[i], std::to_string(one.meshes)};
    for (const auto& angle : {one.head->pitch, one.head->yaw, one.head->roll}) {
      cells.push_back(base::decimal(angle.median, 1));
      cells.push_back(base::decimal(angle.p95, 1));
    }
    heads.push_back(std::move(cells));
    rows.front().push_back(labels[i]);
  }
  if (measured.meshes() == 0) return;
  constexpr double kMarks = 0.1;  // less than that of every label is nobody's mark
  rows.front().push_back("HIGHEST");
  print_table(heads);
  print_line("");
  for (std::size_t m = 0; m < base::movements().size(); ++m) {
    std::vector<std::string> cells = {base::movements()[m].id};
    std::optional<std::pair<double, std::string>> highest;
    for (std::size_t i = 0; i < classes.size(); ++i) {
      if (!classes[i].head) continue;
      const double value = classes[i].movements[m];
      cells.push_back(std::isfinite(value) ? base::decimal(value, 2) : "-");
      if (std::isfinite(value) && (!highest || value > highest->first)) {
        highest = {value, labels[i]};
      }
    }
    cells.push_back(highest && highest->first >= kMarks ? highest->second : "-");
    rows.push_back(std::move(cells));
  }
  print_table(rows);
}

nlohmann::ordered_json to_json(const EvalOptions& options, const models::ModelCard& card,
                               const Classes& classes, const Outcome& outcome,
                               const analysis::Evaluation& evaluation) {
  auto per_class = nlohmann::ordered_json::object();
  for (const auto& score : evaluation.classes()) {
    per_class[score.label] = {{"support", score.support},
                              {"precision", base::rounded(score.precision, 4)},
                              {"recall", base::rounded(score.recall, 4)},
                              {"f1", base::rounded(score.f1, 4)}};
  }
  auto curve = nlohmann::ordered_json::array();
  for (const auto& at : evaluation.coverage_curve()) {
    curve.push_back({{"threshold", base::rounded(at.threshold, 4)},
                     {"coverage", base::rounded(at.coverage, 4)},
                     {"accuracy", base::rounded(at.accuracy, 4)}});
  }
  const auto said = evaluation.said();
  const auto read = outcome.images - outcome.unreadable.size();
  const double found =
      read > 0 ? static_cast<double>(outcome.detected) / static_cast<double>(read) : 0;
  auto reasons = nlohmann::ordered_json::object();
  for (const auto& [share, reason] : doubts(outcome)) reasons[reason] = base::rounded(share, 4);
  return {{"model", card.id},
          {"reading", card.reading},
          {"detector", options.cropped ? std::string() : options.detector},
          {"images", outcome.images},
          {"unreadable", outcome.unreadable.size()},
          {"unreadable_files", outcome.unreadable},
          {"detected", outcome.detected},
          {"left_out", classes.left_out},
          {"accuracy", base::rounded(evaluation.accuracy(), 4)},
          {"balanced_accuracy", base::rounded(evaluation.balanced_accuracy(), 4)},
          {"per_class", per_class},
          {"confusion", evaluation.confusion()},
          {"labels", evaluation.labels()},
          {"ece", base::rounded(evaluation.calibration_error(), 4)},
          {"threshold", base::rounded(emotions::CertaintyRules().least_probability, 4)},
          {"coverage", base::rounded(said.coverage, 4)},
          {"answered", base::rounded(said.coverage * found, 4)},
          {"selective_accuracy", base::rounded(said.accuracy, 4)},
          {"not_sure", reasons},
          {"coverage_curve", curve},
          {"ms_per_image", base::rounded(mean_ms(outcome), 3)}};
}

void print_evaluation(const EvalOptions& options, const models::ModelCard& card,
                      const Outcome& outcome, const analysis::Evaluation& evaluation) {
  const auto share = [](double value) { return base::decimal(value * 100, 1) + " %"; };
  print_line("model " + card.id + (card.reading.empty() ? "" : ", reading " + card.reading) +
             (options.cropped ? ", faces cropped already" : ", detector " + options.detector));
  print_line("images " + std::to_string(outcome.images) + ", unreadable " +
             std::to_string(outcome.unreadable.size()) +
             (options.cropped ? "" : ", with a face " + std::to_string(outcome.detected)));
  print_line("accuracy " + share(evaluation.accuracy()) + ", balanced over classes " +
             share(evaluation.balanced_accuracy()) + ", calibration error " +
             base::decimal(evaluation.calibration_error(), 3) + ", " +
             base::decimal(mean_ms(outcome), 2) + " ms an image");
  const auto said = evaluation.said();
  std::string words;
  for (const auto& [part, reason] : doubts(outcome)) {
    words += (words.empty() ? ": " : ", ") + reason + ' ' + share(part);
  }
  print_line("says a label for " + share(said.coverage) + " of the faces, right for " +
             share(said.accuracy) + " of those; not sure of the others" + words + '\n');
  std::vector<std::vector<std::string>> rows = {
      {"CLASS", "IMAGES", "PRECISION", "RECALL", "F1", "ANSWERED"}};
  const auto classes = evaluation.classes();
  for (std::size_t i = 0; i < classes.size(); ++i) {
    const auto& one = classes[i];
    std::string answers;
    for (std::size_t j = 0; j < classes.size(); ++j) {
      const auto count = evaluation.confusion()[i][j];
      if (count > 0) {
        answers +=
            (answers.empty() ? "" : ", ") + classes[j].label + ' ' + std::to_string(count);
      }
    }
    rows.push_back({one.label, std::to_string(one.support), share(one.precision),
                    share(one.recall), share(one.f1), answers});
  }
  print_table(rows);
}

int evaluate(const EvalOptions& options) {
  const auto library = models::ModelLibrary::standard();
  const models::ModelCard card = choose_model(library, options.model, options.reading);
  const Classes classes = match_classes(sources::scan_labelled_folder(options.folder), card);
  if (!classes.left_out.empty()) {
    print_problem("Left out, since " + card.id +
                  " does not know them: " + base::joined(classes.left_out, ", ") + ".");
  }
  EvalReader reader(options, library, card);
  analysis::Evaluation evaluation(card.labels);
  const base::Interruption interruption;
  analysis::MeasuredFaces measured(card.labels.size());
  Table table(options.table, !reader.landmarks_id().empty());
  const Outcome outcome = score(classes, reader, evaluation, measured, table, interruption);
  table.close();
  for (const auto& file : outcome.unreadable) {
    print_problem("The picture " + file + " cannot be read and was left out.");
  }
  if (outcome.unreadable.size() == outcome.images && !interruption.asked()) {
    throw base::Error("None of the pictures in " + options.folder + " can be read.");
  }
  if (options.json) {
    auto json = to_json(options, card, classes, outcome, evaluation);
    json["landmarks"] = reader.landmarks_id();
    if (!reader.landmarks_id().empty()) json["measured"] = to_json(measured, card.labels);
    print_json(json);
  } else {
    print_evaluation(options, card, outcome, evaluation);
    if (!reader.landmarks_id().empty()) {
      print_measured(reader.landmarks_id(), measured, card.labels);
    }
  }
  if (!interruption.asked()) return kDone;
  print_problem("Interrupted; the figures are of the " + std::to_string(outcome.images) +
                " pictures read until then.");
  return kFailed;
}

}  // namespace

void add_eval_command(CLI::App& root, Command& action) {
  auto* command = root.add_subcommand(
      "eval", "Score a model on a labelled folder: one folder of pictures per class");
  auto options = std::make_shared<EvalOptions>();
  command->add_option("DIR", options->folder, "Folder that holds a folder for each class")
      ->required()
      ->type_name("")
      ->check(kNotEmpty);
  add_model_option(*command, options->model);
  add_reading_option(*command, options->reading);
  add_detector_option(*command, options->detector)->capture_default_str();
  add_landmarks_option(*command, options->landmarks, movements::kNoLandmarks)
      ->description(
          "Landmarks model: how heads are held and which movements mark which class; "
          "face-mesh or none")
      ->capture_default_str();
  command->add_flag("--cropped", options->cropped,
                    "The pictures are cropped faces: no detection");
  command
      ->add_option(
          "--table", options->table,
          "Write a row for each picture to FILE (CSV): label, answer, verdict, how far "
          "the head is turned; with --landmarks its pose and the movements, too")
      ->type_name("FILE")
      ->check(kNotEmpty);
  command->add_flag("--json", options->json, "Print JSON");
  command->callback([&action, options] { action = [options] { return evaluate(*options); }; });
}

}  // namespace mien::cli
