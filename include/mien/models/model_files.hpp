#pragma once

#include <map>
#include <string>

#include "mien/models/model_card.hpp"

namespace mien::models {

/// The content of the card's files, by their names in the card. Each is read once, and its size
/// and SHA-256 are checked on what was read, so that what was checked is what is loaded. Throws
/// Error as verify_model_files() does. Any thread.
std::map<std::string, std::string> read_model_files(const ModelCard& card);

}  // namespace mien::models
