#include "mien/base/movements.hpp"
#include "mien/movements/opinion_rules.hpp"

#include "fuzz.hpp"

namespace mien::fuzz {

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  base::FaceReading nothing_known;
  nothing_known.geometry.emplace().movements.assign(3, 0.5F);
  base::FaceReading all_known;
  auto& geometry = all_known.geometry.emplace();
  geometry.movements.assign(base::movements().size(), 0.75F);
  geometry.pose.emplace();
  geometry.eyes.opening = 1;
  fuzz::expect_error_at_most([&] {
    const auto rules = movements::OpinionRules::parse(fuzz::text_of(data, size), "rules");
    for (const auto& reading : {nothing_known, all_known}) {
      if (rules.opinions(reading).size() > rules.size()) std::abort();
    }
    // The same rules once more take their own places.
    if (rules.with(rules).size() != rules.size()) std::abort();
  });
  return 0;
}

}  // namespace mien::fuzz
