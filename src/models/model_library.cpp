#include "mien/models/model_library.hpp"

#include <algorithm>

#include "mien/base/error.hpp"
#include "mien/base/paths.hpp"
#include "mien/base/text.hpp"

namespace fs = std::filesystem;

namespace mien::models {

ModelLibrary::ModelLibrary(const std::vector<fs::path>& folders) {
  for (const auto& folder : folders) {
    std::error_code error;
    std::vector<fs::path> entries;
    for (fs::directory_iterator it(folder, error), end; !error && it != end;
         it.increment(error)) {
      if (fs::is_regular_file(it->path() / "card.json", error)) entries.push_back(it->path());
    }
    std::sort(entries.begin(), entries.end());
    for (const auto& entry : entries) {
      try {
        ModelCard card = load_model_card(entry);
        const bool known = std::any_of(cards_.begin(), cards_.end(),
                                       [&](const auto& other) { return other.id == card.id; });
        if (known) {
          problems_.push_back("The model folder " + entry.string() + " is left out: its id \"" +
                              card.id + "\" is taken; give it another id in its card.json.");
        } else {
          cards_.push_back(std::move(card));
        }
      } catch (const base::Error& problem) {
        problems_.emplace_back(problem.what());
      }
    }
  }
  std::stable_sort(cards_.begin(), cards_.end(), [](const auto& a, const auto& b) {
    return base::ascii_lower(a.name) < base::ascii_lower(b.name);
  });
}

ModelLibrary ModelLibrary::standard() {
  return ModelLibrary({base::data_dir() / "models", base::user_data_dir() / "models"});
}

std::vector<ModelCard> ModelLibrary::cards(ModelCard::Task task) const {
  std::vector<ModelCard> found;
  std::copy_if(cards_.begin(), cards_.end(), std::back_inserter(found),
               [&](const auto& card) { return card.task == task; });
  return found;
}

ModelCard ModelLibrary::find(const std::string& id_or_folder, ModelCard::Task task) const {
  for (const auto& card : cards_) {
    if (card.task == task && card.id == id_or_folder) return card;
  }
  std::error_code error;
  if (fs::is_directory(id_or_folder, error)) {
    ModelCard card = load_model_card(id_or_folder);
    if (card.task != task) {
      throw base::Error("The model in " + id_or_folder +
                        " is for another task; choose one of task \"" +
                        std::string(to_string(task)) + "\".");
    }
    return card;
  }
  std::string known;
  for (const auto& card : cards_) {
    if (card.task == task) known += (known.empty() ? "" : ", ") + card.id;
  }
  // Of this the program uses its own only, see docs/models.md.
  const bool own_only = task == ModelCard::Task::movements;
  const std::string sentence =
      "There is no model \"" + id_or_folder + "\"; choose " +
      (known.empty() ? "a folder with a card.json."
       : own_only    ? "one of " + known + "."
                     : "one of " + known + ", or a folder with a card.json.");
  if (own_only) throw base::Error(sentence);  // nobody named it
  throw UnknownModel(sentence);
}

bool is_shipped(const ModelCard& card) {
  if (card.folder.empty()) return false;
  std::error_code error;
  const fs::path folder = fs::canonical(card.folder, error);
  if (error) return false;
  try {
    return folder.parent_path() == fs::canonical(base::data_dir() / "models");
  } catch (const std::exception&) {
    return false;  // the program's own folder is not to be found
  }
}

}  // namespace mien::models
