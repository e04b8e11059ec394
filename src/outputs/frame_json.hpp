#pragma once

#include <chrono>
#include <map>
#include <string>

#include "mien/base/reading.hpp"
#include "mien/outputs/output.hpp"

namespace mien::outputs {

/// Of the lines below; docs/live.md says what is in them. It counts up when something that
/// was there changes its meaning or goes; what is new alone does not change it.
inline constexpr int kFrameVersion = 1;

/// One line of JSON with a frame's readings, without a line end, in UTF-8. `names`: of people
/// whom the user gave one. `wall`: when the picture was taken, on the wall's clock.
std::string frame_json(const base::AnalyzedFrame& frame,
                       const std::map<int, std::string>& names,
                       std::chrono::system_clock::time_point wall);

/// The same for a marker.
std::string marker_json(const std::string& text, std::chrono::system_clock::time_point wall);

/// What GET /state answers: `frame` is a line of frame_json(), or empty.
std::string state_json(const std::string& frame, const std::string& version,
                       std::size_t listeners, std::uint64_t lost);

}  // namespace mien::outputs
