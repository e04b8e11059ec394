#include "fuzz.hpp"
#include "onnx_guard.hpp"

namespace mien::fuzz {

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = fuzz::text_of(data, size);
  fuzz::expect_error_at_most([&] { models::check_onnx(bytes, "here"); });
  fuzz::expect_error_at_most([&] { models::outline_onnx(bytes, "here"); });
  return 0;
}

}  // namespace mien::fuzz
