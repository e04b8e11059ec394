#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "mien/base/reading.hpp"
#include "mien/outputs/output.hpp"

namespace mien::outputs {

// What a frame is in Open Sound Control; docs/live.md has the table. Messages and bundles are
// as they go over the network.

/// Messages that belong together: of one person, for one kind of receiver.
using OscGroup = std::vector<std::string>;

/// The frame's own group first, then one for each person, then the blend shapes of the person
/// with the smallest number, as programs for avatars know them (VMC).
std::vector<OscGroup> osc_groups(const base::AnalyzedFrame& frame,
                                 const std::map<int, std::string>& names);

/// Of a marker.
std::string osc_marker(const std::string& text);

/// A moment as bundles have it: seconds since 1900 in the upper half, their fraction in the
/// lower one.
std::uint64_t osc_time(std::chrono::system_clock::time_point moment);

/// Bundles of at most `largest` bytes, all with that time, in the order of the groups. A group
/// is cut only when it is larger than a bundle; a message that is so alone is left out.
std::vector<std::string> osc_bundles(const std::vector<OscGroup>& groups, std::uint64_t time,
                                     std::size_t largest);

}  // namespace mien::outputs
