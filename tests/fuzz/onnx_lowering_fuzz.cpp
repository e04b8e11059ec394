// What is made of an ONNX file for OpenCV: weights brought in, older words, wider convolutions.

#include "mien/models/sha256.hpp"

#include "fuzz.hpp"
#include "onnx_guard.hpp"

using namespace mien;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto file = fuzz::write("model.onnx", fuzz::text_of(data, size));
  ModelCard card;
  card.folder = fuzz::folder();
  card.files = {{"model.onnx", size, sha256_file(file)}};
  card.input.width = 8;
  card.input.height = 8;
  card.input.channels = ModelCard::Channels::gray;
  for (const char* architecture : {"", "yunet"}) {  // of the card's size, and of any size
    card.architecture = architecture;
    fuzz::expect_error_at_most([&] {
      if (read_checked_onnx(card).empty()) std::abort();
    });
  }
  return 0;
}
