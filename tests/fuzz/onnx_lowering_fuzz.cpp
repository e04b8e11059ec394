// What is made of an ONNX file for OpenCV: weights brought in, older words, wider convolutions.

#include "mien/models/sha256.hpp"

#include "fuzz.hpp"
#include "onnx_guard.hpp"

namespace mien::fuzz {

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto file = fuzz::write("model.onnx", fuzz::text_of(data, size));
  models::ModelCard card;
  card.folder = fuzz::folder();
  card.files = {{"model.onnx", size, models::sha256_file(file)}};
  card.input.width = 8;
  card.input.height = 8;
  card.input.channels = models::ModelCard::Channels::gray;
  for (const char* architecture : {"", "yunet"}) {  // of the card's size, and of any size
    card.architecture = architecture;
    fuzz::expect_error_at_most([&] {
      if (models::read_checked_onnx(card).empty()) std::abort();
    });
  }
  return 0;
}

}  // namespace mien::fuzz
