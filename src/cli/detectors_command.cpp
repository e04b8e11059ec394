#include <memory>

#include "mien/faces/face_detector.hpp"

#include "command.hpp"
#include "output.hpp"

namespace mien::cli {
namespace {

int print_detectors(bool json) {
  const auto library = models::ModelLibrary::standard();
  auto all = nlohmann::ordered_json::array();
  std::vector<std::vector<std::string>> rows = {{"", "ID", "NAME", "LICENCE", "ABOUT"}};
  for (const auto& info : faces::list_detectors(library)) {
    const bool usual = info.id == faces::kDefaultDetector;
    rows.push_back({usual ? "*" : "", info.id, info.name, info.license, info.description});
    all.push_back({{"id", info.id},
                   {"name", info.name},
                   {"default", usual},
                   {"license", info.license},
                   {"description", info.description}});
  }
  if (json) {
    print_json(all);
  } else {
    print_table(rows);
    print_line("* is used when none is asked for");
  }
  for (const auto& problem : library.problems()) print_problem(problem);
  return kDone;
}

}  // namespace

void add_detectors_command(CLI::App& root, Command& action) {
  auto* command = root.add_subcommand("detectors", "List the face detectors");
  auto json = std::make_shared<bool>(false);
  command->add_flag("--json", *json, "Print JSON");
  command->callback([&action, json] { action = [json] { return print_detectors(*json); }; });
}

}  // namespace mien::cli
