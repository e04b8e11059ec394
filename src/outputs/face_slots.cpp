#include "face_slots.hpp"

#include <algorithm>
#include <vector>

namespace mien::outputs {

FaceSlots::Places FaceSlots::place(std::span<const base::FaceReading> readings) {
  ++frame_;
  Places places{};
  std::vector<const base::FaceReading*> others;
  for (const auto& reading : readings) {
    const auto own = std::find_if(slots_.begin(), slots_.end(), [&](const Slot& slot) {
      return slot.person == reading.person && slot.seen > 0;
    });
    if (own == slots_.end()) {
      others.push_back(&reading);
      continue;
    }
    own->seen = frame_;
    places[static_cast<std::size_t>(own - slots_.begin())] = &reading;
  }
  // Whoever has been there for longer comes first.
  std::sort(others.begin(), others.end(),
            [](const auto* a, const auto* b) { return a->person < b->person; });
  for (const auto* reading : others) {
    const auto free =
        std::min_element(slots_.begin(), slots_.end(),
                         [](const Slot& a, const Slot& b) { return a.seen < b.seen; });
    if (free->seen == frame_) break;
    *free = {reading->person, frame_};
    places[static_cast<std::size_t>(free - slots_.begin())] = reading;
  }
  return places;
}

}  // namespace mien::outputs
