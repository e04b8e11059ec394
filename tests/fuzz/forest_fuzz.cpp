#include "forest.hpp"
#include "fuzz.hpp"

using namespace mien;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::expect_error_at_most([&] { read_forest(fuzz::text_of(data, size), "here"); });
  return 0;
}
