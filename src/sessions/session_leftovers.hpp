#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "mien/sessions/faces_table.hpp"

namespace mien::sessions {

/// How the session.json of a folder stands. Crashes, full disks and people leave all of these.
struct DocumentStatus {
  enum class State {
    good,
    missing,
    damaged,  ///< there is one, but it is not JSON, or cannot be read
    foreign,  ///< of something else than a session, or larger or deeper than any of mien's
  };
  State state = State::missing;
  nlohmann::json document;  ///< of a good one; null otherwise
  std::string text;         ///< of a damaged one; empty otherwise
  std::string problem;      ///< what is wrong with it: "it is not JSON"
};
/// Never throws.
DocumentStatus inspect_document(const std::filesystem::path& folder);

/// What the header of the folder's faces.csv says; nothing when there is none, or one that mien
/// did not write. Reads the beginning of the file alone. Never throws.
std::optional<FacesLayout> layout_on_disk(const std::filesystem::path& folder);
/// The labels in it.
std::optional<std::vector<std::string>> labels_on_disk(const std::filesystem::path& folder);

/// Whether mien writes a file of this name into its sessions: exports, which are called as
/// `exports` says, with their numbers, the halves that a crash leaves and what recovery has set
/// aside included.
bool is_session_file(std::string_view name, const std::vector<std::string>& exports);

/// Where something that cannot be used is kept: "video.mkv" -> "video.damaged.mkv", with _2,
/// _3 ... when that exists.
std::filesystem::path damaged_name(const std::filesystem::path& file);

}  // namespace mien::sessions
