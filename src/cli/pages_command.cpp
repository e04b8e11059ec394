#include <filesystem>
#include <map>
#include <memory>

#include "mien/base/error.hpp"
#include "mien/base/files.hpp"
#include "mien/faces/face_detector.hpp"
#include "mien/models/model_library.hpp"
#include "mien/movements/movement_reader.hpp"

#include "command.hpp"
#include "command_table.hpp"
#include "completions.hpp"
#include "man_pages.hpp"
#include "options.hpp"
#include "output.hpp"

namespace mien::cli {
namespace {

void write_page(const std::filesystem::path& file, const std::string& text) {
  std::filesystem::create_directories(file.parent_path());
  base::write_file_atomically(file, text);
}

int write_pages(const CLI::App& root, const std::filesystem::path& folder,
                const std::string& date) {
  return base::translate_errors("The pages cannot be written into " + folder.string(), [&] {
    const auto table = command_table(root);
    for (const auto& page : man_pages(table, date)) {
      write_page(folder / "man1" / (page.name + ".1"), page.text);
    }
    write_page(folder / "bash" / "mien", bash_completion(table));
    write_page(folder / "zsh" / "_mien", zsh_completion(table));
    return kDone;
  });
}

std::vector<CompletionWord> model_words() {
  std::vector<CompletionWord> words;
  for (const auto& card :
       models::ModelLibrary::standard().cards(models::ModelCard::Task::emotion)) {
    words.emplace_back(card.id, card.name);
  }
  return words;
}

std::vector<CompletionWord> landmarks_words() {
  std::vector<CompletionWord> words;
  for (const auto& card :
       models::ModelLibrary::standard().cards(models::ModelCard::Task::landmarks)) {
    words.emplace_back(card.id, card.name);
  }
  words.emplace_back(movements::kNoLandmarks, "Faces are not measured");
  return words;
}

std::vector<CompletionWord> detector_words() {
  std::vector<CompletionWord> words;
  for (const auto& info : faces::list_detectors(models::ModelLibrary::standard())) {
    words.emplace_back(info.id, info.name);
  }
  return words;
}

std::vector<CompletionWord> reading_words() {
  std::map<std::string, std::string> names;
  for (const auto& card :
       models::ModelLibrary::standard().cards(models::ModelCard::Task::emotion)) {
    for (const auto& reading : card.readings) names.emplace(reading.id, reading.name);
  }
  return {names.begin(), names.end()};
}

int complete_words(const std::string& kind) {
  const auto words = kind == "models"      ? model_words()
                     : kind == "landmarks" ? landmarks_words()
                     : kind == "detectors" ? detector_words()
                     : kind == "readings"  ? reading_words()
                                           : source_words();
  for (const auto& [word, meaning] : words) {
    std::string line = word;
    print_line(line.append("\t").append(meaning));
  }
  return kDone;
}

}  // namespace

void add_write_pages_command(CLI::App& root, Command& action) {
  auto* command = root.add_subcommand("write-pages", "Write man pages and completions");
  command->group("");
  auto folder = std::make_shared<std::string>();
  auto date = std::make_shared<std::string>();
  command->add_option("DIR", *folder, "Where they go")->required()->check(kNotEmpty);
  command->add_option("DATE", *date, "Of the release")->required()->check(kNotEmpty);
  command->callback([&root, &action, folder, date] {
    action = [&root, folder, date] { return write_pages(root, *folder, *date); };
  });
}

void add_complete_words_command(CLI::App& root, Command& action) {
  auto* command = root.add_subcommand("complete-words", "Print words for completion");
  command->group("");
  auto kind = std::make_shared<std::string>();
  command->add_option("KIND", *kind, "Of words")
      ->required()
      ->check(CLI::IsMember({"models", "landmarks", "detectors", "readings", "sources"}));
  command->callback([&action, kind] { action = [kind] { return complete_words(*kind); }; });
}

}  // namespace mien::cli
