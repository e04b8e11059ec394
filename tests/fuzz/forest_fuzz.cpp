#include "forest.hpp"
#include "fuzz.hpp"

namespace mien::fuzz {

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::expect_error_at_most([&] { emotions::read_forest(fuzz::text_of(data, size), "here"); });
  return 0;
}

}  // namespace mien::fuzz
