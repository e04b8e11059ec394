#include <memory>

#include "mien/analysis/model_tasks.hpp"
#include "mien/base/error.hpp"
#include "mien/base/interruption.hpp"
#include "mien/base/text.hpp"
#include "mien/emotions/emotion_model.hpp"
#include "mien/models/model_installer.hpp"
#include "mien/models/model_process.hpp"
#include "mien/movements/movement_reader.hpp"

#include "command.hpp"
#include "output.hpp"

namespace mien::cli {
namespace {

/// The card's overall accuracy and the key that it goes by: the one on a test split if it has
/// one.
std::pair<std::string, double> accuracy(const nlohmann::json& metrics) {
  std::pair<std::string, double> best;
  if (!metrics.is_object()) return best;
  for (const auto& [key, value] : metrics.items()) {
    if (!value.is_number() || key.find("accuracy") == std::string::npos) continue;
    if (key.find("balanced") != std::string::npos) continue;
    if (best.first.empty() || key.find("test") != std::string::npos) {
      best = {key, value.get<double>()};
    }
  }
  return best;
}

std::string accuracy_words(const nlohmann::json& metrics) {
  auto [key, value] = accuracy(metrics);
  if (key.empty()) return "-";
  key.erase(key.find("accuracy"));
  for (auto& c : key) {
    if (c == '_') c = ' ';
  }
  key = base::trimmed(key);
  return base::decimal(value * 100, 1) + " %" + (key.empty() ? "" : " (" + key + ")");
}

nlohmann::ordered_json readings(const models::ModelCard& card) {
  auto all = nlohmann::ordered_json::array();
  for (const auto& reading : card.readings) {
    all.push_back({{"id", reading.id},
                   {"name", reading.name},
                   {"default", reading.id == card.default_reading}});
  }
  return all;
}

/// `usual`: it is used when none is asked for.
nlohmann::ordered_json to_json(const models::ModelCard& card, bool usual) {
  using Task = models::ModelCard::Task;
  nlohmann::ordered_json json = {
      {"id", card.id},           {"name", card.name}, {"task", models::to_string(card.task)},
      {"version", card.version}, {"default", usual},  {"license", card.license}};
  if (card.task != Task::landmarks) json["labels"] = card.labels;
  if (card.task == Task::emotion) json["readings"] = readings(card);
  json["metrics"] = card.metrics;
  json["limitations"] = card.limitations;
  json["source"] = card.source;
  json["folder"] = card.folder.string();
  return json;
}

/// How a card's movements agree with one set of pictures: correlations, from -1 to 1.
struct Agreement {
  std::string set;
  double mean = 0;
  double lowest = 1;
  std::string weakest{};  ///< the movement of the lowest
};

std::vector<Agreement> agreements(const nlohmann::json& metrics) {
  std::vector<Agreement> all;
  if (!metrics.is_object() || !metrics.contains("correlation")) return all;
  const auto& sets = metrics.at("correlation");
  if (!sets.is_object()) return all;
  for (const auto& [set, movements] : sets.items()) {
    Agreement found{.set = set};
    int count = 0;
    for (const auto& [movement, value] : movements.items()) {
      if (!value.is_number()) continue;
      const auto correlation = value.get<double>();
      found.mean += correlation;
      ++count;
      if (correlation < found.lowest) {
        found.lowest = correlation;
        found.weakest = movement;
      }
    }
    if (count == 0) continue;
    found.mean /= count;
    all.push_back(std::move(found));
  }
  return all;
}

void print_meshes(const std::vector<models::ModelCard>& cards) {
  std::vector<std::vector<std::string>> rows = {{"", "ID", "NAME", "VERSION", "LICENCE"}};
  for (const auto& card : cards) {
    rows.push_back({card.id == movements::kDefaultLandmarks ? "*" : "", card.id, card.name,
                    card.version, card.license});
  }
  print_line("");
  print_line("Meshes of a face, for --landmarks:");
  print_table(rows);
}

/// What reads movements from a mesh, with its figures for each set of pictures on a line.
void print_movement_networks(const std::vector<models::ModelCard>& cards) {
  std::vector<std::vector<std::string>> rows = {
      {"ID", "NAME", "VERSION", "LICENCE", "MOVEMENTS", "CORRELATION WITH", "MEAN", "LOWEST"}};
  for (const auto& card : cards) {
    std::vector<std::string> row = {card.id, card.name, card.version, card.license,
                                    std::to_string(card.labels.size())};
    const auto figures = agreements(card.metrics);
    if (figures.empty()) {
      row.insert(row.end(), {"-", "", ""});
      rows.push_back(row);
    }
    for (const auto& figure : figures) {
      row.insert(row.end(), {figure.set, base::decimal(figure.mean, 2),
                             base::decimal(figure.lowest, 2) + " (" + figure.weakest + ")"});
      rows.push_back(row);
      row.assign(5, "");
    }
  }
  print_line("");
  print_line("Movements of a face, read from its mesh with --landmarks:");
  print_table(rows);
}

int print_models(bool json) {
  const auto library = models::ModelLibrary::standard();
  const auto networks = library.cards(models::ModelCard::Task::movements);
  const auto meshes = library.cards(models::ModelCard::Task::landmarks);
  const auto cards = library.cards(models::ModelCard::Task::emotion);
  std::string usual;
  std::string missing;
  try {
    usual = emotions::default_emotion_model(library);
  } catch (const base::Error& error) {
    missing = error.what();
  }
  auto all = nlohmann::ordered_json::array();
  std::vector<std::vector<std::string>> rows = {
      {"", "ID", "NAME", "VERSION", "LICENCE", "ACCURACY", "LABELS"}};
  for (const auto& card : cards) {
    rows.push_back({card.id == usual ? "*" : "", card.id, card.name, card.version, card.license,
                    accuracy_words(card.metrics), base::joined(card.labels, " ")});
    all.push_back(to_json(card, card.id == usual));
  }
  for (const auto& card : meshes) {
    all.push_back(to_json(card, card.id == movements::kDefaultLandmarks));
  }
  for (const auto& card : networks) {
    all.push_back(to_json(card, card.id == movements::kMovementNetwork));
  }
  if (json) {
    print_json(all);
  } else if (cards.empty()) {
    print_line(missing);
  } else {
    print_table(rows);
    print_line("* is used when none is asked for");
  }
  if (!json && !meshes.empty()) print_meshes(meshes);
  if (!json && !networks.empty()) print_movement_networks(networks);
  for (const auto& problem : library.problems()) print_problem(problem);
  return kDone;
}

int add(const std::string& source, bool json) {
  const base::Interruption interruption;
  const models::WaitInterruption leaving([&] { return interruption.asked(); });
  const models::ModelCard card =
      models::install_model(source, models::user_models_dir(), models::ModelLibrary::standard(),
                            [&](const models::ModelCard& copy) {
                              analysis::try_model(copy);
                              if (interruption.asked())
                                throw base::Error("Interrupted; nothing was added.");
                            });
  if (json) {
    print_json({{"id", card.id},
                {"name", card.name},
                {"task", models::to_string(card.task)},
                {"labels", card.labels},
                {"limitations", card.limitations},
                {"folder", card.folder.string()}});
  } else {
    print_line("Added " + card.name + "; its id is " + card.id + ", its folder " +
               card.folder.string());
    if (!card.limitations.empty()) print_line(card.limitations);
  }
  return kDone;
}

}  // namespace

void add_models_command(CLI::App& root, Command& action) {
  auto* command = root.add_subcommand(
      "models", "List the models of expressions, meshes and movements, or add one");
  auto source = std::make_shared<std::string>();
  command
      ->add_option("--add", *source,
                   "Check a model (a folder with a card.json, or an .onnx file) and copy it to "
                   "your models")
      ->type_name("PATH");
  auto json = std::make_shared<bool>(false);
  command->add_flag("--json", *json, "Print JSON");
  command->callback([&action, command, source, json] {
    if (command->count("--add") > 0) {
      action = [source, json] { return add(*source, *json); };
    } else {
      action = [json] { return print_models(*json); };
    }
  });
}

}  // namespace mien::cli
