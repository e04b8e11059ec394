#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace mien::sessions {

/// A past session as a list shows it, from session.json and the sizes of the files alone.
struct SessionEntry {
  enum class State {
    finished,
    recording,  ///< by a program that is alive
    broken,     ///< its program ended without closing it; recover_session() can recover it
  };
  std::filesystem::path folder;
  std::chrono::system_clock::time_point started;
  double seconds = 0;
  int people = 0;
  std::uint64_t frames = 0;
  std::uintmax_t bytes = 0;  ///< of all its files
  std::string source;        ///< its name, without passwords
  bool video = false;
  State state = State::finished;
};

/// The sessions under `root`, newest first. A folder that is not a session is left out; one
/// whose session.json is damaged or missing, but which has a table of mien's, is listed as
/// broken. Never throws.
std::vector<SessionEntry> list_sessions(const std::filesystem::path& root);

/// Deletes a session's files and its folder. Refuses (Error) what is not a session folder and
/// what is being recorded; files in it that mien did not write stay, and then so does the
/// folder. `exports`: what export_file_names() of reports gives, so that those go, too.
void delete_session(const std::filesystem::path& folder,
                    const std::vector<std::string>& exports);

/// Whether `folder` holds nothing but the beginning of a session whose program ended in its
/// first moments: files of mien's without a session.json and without a row. Nothing is lost
/// with it. False while it is being recorded. Never throws.
bool is_barely_begun(const std::filesystem::path& folder);

/// What recover_session() saved.
struct Recovery {
  std::uint64_t frames = 0;  ///< with their rows
  double seconds = 0;
  std::string words;  ///< a sentence for the user
};

/// Mends a session that was not closed: finishes the video, trims the tables to the frames that
/// the video has and completes session.json ("recovered"); its report is the caller's to make.
/// A session.json that is missing or damaged is made anew from what is on the disk, and says so
/// under "rebuilt". A video without a picture that can be read does not cost the tables. What
/// cannot be used is kept as session.damaged.json or video.damaged.mkv, and nothing else is
/// deleted before its replacement is on the disk. Throws Error; the session is then as it was.
Recovery recover_session(const std::filesystem::path& folder);

}  // namespace mien::sessions
