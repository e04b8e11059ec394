#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <system_error>

#include "mien/analysis/model_tasks.hpp"
#include "mien/analysis/timing.hpp"
#include "mien/base/error.hpp"
#include "mien/base/numbers.hpp"
#include "mien/base/statistics.hpp"
#include "mien/models/model_installer.hpp"
#include "mien/models/model_library.hpp"
#include "mien/models/model_process.hpp"
#include "mien/movements/movement_reader.hpp"
#include "mien/movements/opinion_file.hpp"

#include "patience.hpp"
#include "system_sections.hpp"

namespace mien::analysis {
namespace {

using models::ModelCard;
using TrialClock = std::chrono::steady_clock;

/// A model that somebody added gets so long to load; its process may take longer otherwise.
constexpr std::chrono::seconds kForeignPatience{10};
/// A camera gives 30 pictures a second. Beside a window that reads faces it takes twice as
/// long.
constexpr double kMillisecondsOfAPicture = 1000.0 / 30;

constexpr const char* kInstallAgain = "Install mien again.";

/// Loads something; the row says how long it took, or why it failed.
template <typename Load>
SystemRow loaded_row(std::string name, std::string about, const SystemCheckRequest& request,
                     Load&& load) {
  SystemRow row{std::move(name), std::move(about)};
  try {
    const auto start = TrialClock::now();
    load();
    const std::chrono::duration<double, std::milli> took = TrialClock::now() - start;
    row.value += "loads in " + base::decimal(took.count(), 0) + " ms";
  } catch (...) {
    row.value += "does not load";
    row.finding = Finding::broken;
    row.advice = without_names(base::describe_current_exception(), request.names);
  }
  return row;
}

const char* format_words(ModelCard::Format format) {
  switch (format) {
    case ModelCard::Format::onnx:
      return "ONNX";
    case ModelCard::Format::caffe:
      return "Caffe";
    case ModelCard::Format::tensorflow:
      return "TensorFlow";
    case ModelCard::Format::opencv_forest:
      return "forest";
  }
  return "unknown";
}

/// "3 (2 ONNX, 1 forest)"
std::string counted_formats(const std::vector<ModelCard>& cards) {
  std::map<std::string, int> counts;
  for (const auto& card : cards) ++counts[format_words(card.format)];
  std::string words;
  for (const auto& [format, count] : counts) {
    words += (words.empty() ? "" : ", ") + std::to_string(count) + ' ' + format;
  }
  return std::to_string(cards.size()) + " (" + words + ")";
}

/// The user's own models are theirs: neither their names nor what they say of themselves.
/// `option`: the one that names such a model.
SystemRow own_row(const std::vector<ModelCard>& cards, std::size_t refused,
                  const std::string& option, const Stop& stop) {
  SystemRow row{"Added by you", "none"};
  std::size_t failed = 0;
  for (const auto& card : cards) {
    if (stop()) break;
    const auto deadline = TrialClock::now() + kForeignPatience;
    const models::WaitInterruption leaving(
        [&] { return stop() || TrialClock::now() >= deadline; });
    try {
      try_model(card);
    } catch (const std::exception&) {
      ++failed;
    }
  }
  if (!cards.empty()) {
    row.value = counted_formats(cards) +
                (failed == 0 ? std::string(", all load")
                             : ", and " + std::to_string(failed) + " of them do not load");
  }
  if (refused > 0) {
    row.value += "; " + std::to_string(refused) +
                 (refused == 1 ? " folder cannot be used" : " folders cannot be used");
  }
  if (failed + refused > 0) {
    row.finding = Finding::doubtful;
    row.advice = "`mien models` and `mien bench " + option + " ID` say why.";
  }
  return row;
}

std::vector<ModelCard> cards_of(const models::ModelLibrary& library, ModelCard::Task task,
                                bool shipped) {
  auto cards = library.cards(task);
  std::erase_if(cards, [&](const auto& card) { return models::is_shipped(card) != shipped; });
  return cards;
}

/// Sentences about folders of the user's, which are counted, and about the program's own.
struct CardProblems {
  std::size_t own = 0;
  std::vector<std::string> shipped;
};

CardProblems card_problems(const models::ModelLibrary& library) {
  CardProblems problems;
  for (const auto& sentence : library.problems()) {
    if (sentence.find(models::user_models_dir().string()) != std::string::npos) {
      ++problems.own;
    } else {
      problems.shipped.push_back(sentence);
    }
  }
  return problems;
}

/// The rules over movements, of which the user may have own ones.
SystemRow opinions_row(const SystemCheckRequest& request, const Stop& stop) {
  struct Rules {
    std::size_t count = 0;
    std::string problem;
    std::string file;
    bool own = false;
  };
  SystemRow row{"Opinions", "read from opinions.rules"};
  std::optional<Rules> rules;
  try {
    rules = within<Rules>(request.probes.patience, stop, [] {
      const auto file = movements::OpinionFile::standard();
      std::error_code code;
      return Rules{file.rules()->size(), file.problem(), file.own().string(),
                   std::filesystem::exists(file.own(), code)};
    });
  } catch (const base::Error&) {
    row.value = "mien's own rules cannot be used";
    row.finding = Finding::broken;
    row.advice = kInstallAgain;
    return row;
  }
  if (!rules) {
    row.value = "opinions.rules does not answer";
    row.finding = Finding::doubtful;
    row.advice = "Its disk, or the network, hangs.";
    return row;
  }
  row.value = std::to_string(rules->count) + (rules->count == 1 ? " rule" : " rules");
  if (rules->own) row.value += ", with opinions.rules of your own";
  if (!rules->problem.empty()) {
    row.value += ", which cannot be used";
    row.finding = Finding::doubtful;
    row.advice = rules->problem;
    // Where it is does not matter to anybody else.
    if (const auto place = row.advice.find(rules->file); place != std::string::npos) {
      row.advice.replace(place, rules->file.size(), "opinions.rules");
    }
    row.advice = without_names(row.advice, request.names);
  }
  return row;
}

}  // namespace

SystemSection models_section(const SystemCheckRequest& request, const Stop& stop) {
  SystemSection section{"Expression models", {}};
  const auto library = models::ModelLibrary::standard();
  std::string usual;
  try {
    usual = emotions::default_emotion_model(library);
  } catch (const base::Error& error) {
    section.rows.push_back({"Default", "there is none", Finding::broken, error.what()});
  }
  for (const auto& card : cards_of(library, ModelCard::Task::emotion, true)) {
    if (stop()) break;
    section.rows.push_back(
        loaded_row(card.id,
                   "version " + card.version +
                       (card.id == usual ? ", the default, " : ", comes with mien, "),
                   request, [&] { try_model(card); }));
  }
  const auto problems = card_problems(library);
  for (const auto& sentence : problems.shipped) {
    section.rows.push_back({"Problem", "a model of mien's own cannot be used", Finding::broken,
                            without_names(sentence, request.names) + " " + kInstallAgain});
  }
  section.rows.push_back(own_row(cards_of(library, ModelCard::Task::emotion, false),
                                 problems.own, "--model", stop));
  return section;
}

SystemSection detectors_section(const SystemCheckRequest& request, const Stop& stop) {
  SystemSection section{"Face detectors", {}};
  const auto library = models::ModelLibrary::standard();
  const auto own = cards_of(library, ModelCard::Task::face, false);
  for (const auto& info : faces::list_detectors(library)) {
    if (stop()) break;
    if (std::any_of(own.begin(), own.end(),
                    [&](const auto& card) { return card.id == info.id; })) {
      continue;
    }
    const bool usual = info.id == faces::kDefaultDetector;
    section.rows.push_back(loaded_row(info.id, usual ? "the default, " : "comes with mien, ",
                                      request,
                                      [&] { faces::make_detector(info.id, library); }));
    // The others find faces without it.
    if (info.id == "haar" && section.rows.back().finding == Finding::broken) {
      section.rows.back().finding = Finding::doubtful;
    }
  }
  if (!own.empty()) section.rows.push_back(own_row(own, 0, "--detector", stop));
  return section;
}

SystemSection movements_section(const SystemCheckRequest& request, const Stop& stop) {
  SystemSection section{"Movements", {}};
  const auto library = models::ModelLibrary::standard();
  for (const auto task : {ModelCard::Task::landmarks, ModelCard::Task::movements}) {
    const auto cards = cards_of(library, task, true);
    if (cards.empty()) {
      section.rows.push_back(
          {models::to_string(task), "there is none", Finding::broken,
           std::string("No model of this task came with mien. ") + kInstallAgain});
    }
    for (const auto& card : cards) {
      if (stop()) break;
      section.rows.push_back(loaded_row(card.id, "version " + card.version + ", ", request,
                                        [&] { try_model(card); }));
    }
  }
  const auto own = cards_of(library, ModelCard::Task::landmarks, false);
  if (!own.empty()) section.rows.push_back(own_row(own, 0, "--landmarks", stop));
  if (!stop()) section.rows.push_back(opinions_row(request, stop));
  return section;
}

SystemSection speed_section(const SystemCheckRequest& request, const Stop& stop) {
  SystemSection section{"Milliseconds to read a face", {}};
  const auto library = models::ModelLibrary::standard();
  Analyzer analyzer(faces::make_detector(faces::kDefaultDetector, library),
                    emotions::load_emotion_model(library.find(
                        emotions::default_emotion_model(library), ModelCard::Task::emotion)),
                    {.detect_every = 1, .live = true});
  try {
    analyzer.use(movements::load_movement_reader(movements::kDefaultLandmarks, library));
  } catch (const base::Error&) {  // said above; the window reads without a mesh then, too
  }
  const TimingPlan plan{.frames = 15, .warm_up = 5, .stop = stop};
  const auto samples = time_stages(analyzer, {fitted(read_portrait(), {640, 480})}, plan);
  if (!samples) return section;  // stopped
  using base::median;
  const double total = median(samples->total);
  SystemRow all{"All of it", base::decimal(total, 1) +
                                 " in a picture of 640x480, the median of " +
                                 std::to_string(plan.frames) +
                                 (request.in_use ? ", while the window reads, too" : "")};
  if (samples->faces < static_cast<std::uint64_t>(plan.frames)) {
    all.finding = Finding::broken;
    all.advice = std::string("The face in the demo's portrait was not found. ") + kInstallAgain;
  } else if (total > kMillisecondsOfAPicture * (request.in_use ? 2 : 1)) {
    all.finding = Finding::doubtful;
    all.advice =
        "A camera gives a picture every 33 ms, so some will not be read; close other programs, "
        "choose the model mien-small, or no landmarks.";
  }
  section.rows = {{"Detector", base::decimal(median(samples->detect), 1) + " (" +
                                   analyzer.detector().id() + ", in every picture)"},
                  {"Alignment", base::decimal(median(samples->align), 1)},
                  {"Expression", base::decimal(median(samples->classify), 1) + " (" +
                                     analyzer.model().card().id + ")"}};
  if (analyzer.movements() == nullptr) {
    section.rows.push_back({"Mesh", "not measured"});
  } else {
    section.rows.push_back({"Mesh", base::decimal(median(samples->mesh), 1) +
                                        " with the movements (" + analyzer.movements()->id() +
                                        ", " + analyzer.movements()->network_id() + ")"});
  }
  section.rows.push_back(std::move(all));
  return section;
}

}  // namespace mien::analysis
