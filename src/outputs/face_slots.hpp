#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "mien/base/reading.hpp"

namespace mien::outputs {

/// Places for a few people in something that has a fixed number of columns. Who has a place
/// keeps it while they are away, until somebody else needs it: then the one goes who has been
/// away for longest. Who comes when all places are in use has none. One thread.
class FaceSlots {
 public:
  static constexpr std::size_t kCount = 4;
  using Places = std::array<const base::FaceReading*, kCount>;

  /// Who is where in a frame; null: nobody. Valid as long as `readings` are.
  Places place(std::span<const base::FaceReading> readings);

 private:
  struct Slot {
    int person = 0;          ///< 0: never used
    std::uint64_t seen = 0;  ///< the last frame with them
  };
  std::array<Slot, kCount> slots_{};
  std::uint64_t frame_ = 0;
};

}  // namespace mien::outputs
