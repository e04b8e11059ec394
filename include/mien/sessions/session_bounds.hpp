#pragma once

#include <cstdint>

#include "mien/base/bounded_json.hpp"

namespace mien {

/// What a session may hold. Sessions come from strangers as well: every reader keeps to these,
/// and the writer writes nothing beyond them.

/// Of its last frame; a recording of a quarter of a year is nobody's.
inline constexpr double kLongestSessionSeconds = 100 * 24 * 3600.0;
/// Sides and places of boxes, in pixels; scores and other measures.
inline constexpr float kLargestMeasure = 1e6F;
inline constexpr std::uint64_t kMostFrames = 1'000'000'000'000;
inline constexpr std::int64_t kLargestEventValue = 1'000'000'000'000;
/// Of session.json: a model of hundreds of labels that was changed hundreds of times.
inline constexpr std::uintmax_t kMostDocumentBytes = 16 << 20;
/// Of report.html, which the checker looks through: 64 thumbnails and two dozen people.
inline constexpr std::uintmax_t kMostReportBytes = 256 << 20;

}  // namespace mien
