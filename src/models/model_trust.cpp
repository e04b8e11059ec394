#include <system_error>

#include "mien/base/paths.hpp"
#include "mien/models/model_process.hpp"

namespace fs = std::filesystem;

namespace mien {

bool is_shipped(const ModelCard& card) {
  if (card.folder.empty()) return false;
  std::error_code error;
  const fs::path folder = fs::canonical(card.folder, error);
  if (error) return false;
  try {
    return folder.parent_path() == fs::canonical(data_dir() / "models");
  } catch (const std::exception&) {
    return false;  // the program's own folder is not to be found
  }
}

}  // namespace mien
