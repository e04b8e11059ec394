#pragma once

#include <filesystem>
#include <string>

#include <nlohmann/json.hpp>

namespace mien::sessions {

/// A session.json for a session that has lost its own: of what is whole in `damaged` (empty:
/// it is missing), of the tables' header and events, the video's own header and the folder's
/// name. Its counts and its end are still to be filled in. Under "rebuilt" stands a sentence
/// that says what it was made of; what nobody knows any more is left out. Throws Error when
/// there is no faces.csv of mien's to go by.
nlohmann::ordered_json rebuilt_document(const std::filesystem::path& folder,
                                        const std::string& damaged);

}  // namespace mien::sessions
