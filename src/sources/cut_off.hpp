#pragma once

#include <filesystem>

namespace mien {

/// Whether a video file ends before it should, by what its container says of its own length:
/// MP4 and MOV (boxes), Matroska and WebM (segment), AVI (RIFF), MPEG-TS (whole packets), WMV
/// (its header), GIF, animated PNG and FLV (their parts), Ogg (its last pages). A container
/// that says nothing is taken to be whole, and so is what cannot be read.
bool is_cut_off_video(const std::filesystem::path& file);

}  // namespace mien
