#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace mien::sessions {

/// What `mien report --verify` found.
struct SessionCheck {
  std::uint64_t video_frames = 0;  ///< decoded; 0 without a video
  std::uint64_t table_frames = 0;  ///< different frame numbers in faces.csv
  std::uint64_t rows = 0;
  std::uint64_t events = 0;
  bool video = false;                 ///< whether there is one
  std::vector<std::string> problems;  ///< one sentence each; empty: everything agrees
};

/// Compares video, tables and session.json: every frame of the video has its rows and the other
/// way round, timestamps equal presentation times to the millisecond, counts and labels agree,
/// probabilities sum to 1, events lie inside, privacy was kept, files are their owner's alone.
/// Reads all of the video. Throws Error only when the folder is not a session at all.
SessionCheck check_session(const std::filesystem::path& folder);

}  // namespace mien::sessions
