#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <utility>

#include "mien/base/reading.hpp"

namespace mien::testing {

/// The same frame as a source would number it, arrived now.
inline base::AnalyzedFrame numbered(base::AnalyzedFrame analysed, std::uint64_t sequence) {
  auto own = std::make_shared<base::Frame>(*analysed.frame);
  own->sequence = sequence;
  own->arrived = std::chrono::steady_clock::now();
  analysed.frame = std::move(own);
  return analysed;
}

}  // namespace mien::testing
