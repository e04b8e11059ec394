#include "fuzz.hpp"
#include "onnx_guard.hpp"

using namespace mien;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = fuzz::text_of(data, size);
  fuzz::expect_error_at_most([&] { check_onnx(bytes, "here"); });
  fuzz::expect_error_at_most([&] { outline_onnx(bytes, "here"); });
  return 0;
}
