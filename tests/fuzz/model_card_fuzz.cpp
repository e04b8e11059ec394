#include "mien/models/model_card.hpp"

#include "fuzz.hpp"

namespace mien::fuzz {

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::write("card.json", fuzz::text_of(data, size));
  fuzz::expect_error_at_most(
      [&] { models::verify_model_files(models::load_model_card(fuzz::folder())); });
  return 0;
}

}  // namespace mien::fuzz
