#pragma once

#include <filesystem>
#include <fstream>
#include <string>

#include <nlohmann/json.hpp>

#include "mien/base/files.hpp"

#include "support/shipped_models.hpp"

namespace mien::testing {

/// Puts a copy of one of mien's models into the folder `to`, which is not there yet, under
/// another id: a model of somebody else's. Gives the folder.
inline std::string copy_shipped_model(const std::string& name, const std::string& id,
                                      const std::filesystem::path& to) {
  std::filesystem::create_directories(to.parent_path());
  std::filesystem::copy(kShippedModels / name, to);
  auto card = nlohmann::json::parse(base::read_text_file(to / "card.json"));
  card["id"] = id;
  std::ofstream(to / "card.json", std::ios::binary) << card.dump();
  return to.string();
}

}  // namespace mien::testing
