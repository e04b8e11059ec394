#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "mien/base/error.hpp"
#include "mien/models/model_card.hpp"

namespace mien::models {

/// Somebody named a model, or a detector, that there is not.
class UnknownModel : public base::Error {
 public:
  using base::Error::Error;
};

/// The models that can be chosen: every folder with a card.json under the program's models/ and
/// the user's (XDG data)/mien/models. A folder is scanned, not registered.
///
/// Not thread-safe; cheap to copy and to make anew.
class ModelLibrary {
 public:
  /// Scans `folders` in order; an id that appears again is left out. Unreadable cards do not
  /// stop the scan and are kept in problems().
  explicit ModelLibrary(const std::vector<std::filesystem::path>& folders);

  /// data_dir()/models and user_data_dir()/models.
  static ModelLibrary standard();

  /// Cards of one task, sorted by name, without those in problems().
  std::vector<ModelCard> cards(ModelCard::Task task) const;

  /// One sentence for each folder that holds a card that cannot be used.
  const std::vector<std::string>& problems() const { return problems_; }

  /// The card with that id, or of the folder that `id_or_folder` names. Throws Error that lists
  /// the known ids.
  ModelCard find(const std::string& id_or_folder, ModelCard::Task task) const;

 private:
  std::vector<ModelCard> cards_;
  std::vector<std::string> problems_;
};

/// Whether the card is one of the program's own: in data_dir()/models, where only who installs
/// the program writes. Loaders verify its hashes. All others run in a ModelProcess. Any thread.
bool is_shipped(const ModelCard& card);

}  // namespace mien::models
