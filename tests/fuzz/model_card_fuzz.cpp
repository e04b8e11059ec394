#include "mien/models/model_card.hpp"

#include "fuzz.hpp"

using namespace mien;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::write("card.json", fuzz::text_of(data, size));
  fuzz::expect_error_at_most([&] { verify_model_files(load_model_card(fuzz::folder())); });
  return 0;
}
