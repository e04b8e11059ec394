// What is read of JPEG, PNG, WebP and TIFF files before they are decoded.

#include "fuzz.hpp"
#include "whole_picture.hpp"

using namespace mien;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span bytes(data, size);
  (void)announced_size(bytes);
  (void)is_whole_jpeg(bytes);
  (void)is_whole_png(bytes);
  (void)is_animated_png(bytes);
  (void)is_animated_webp(bytes);
  (void)is_heic(bytes);
  (void)count_concatenated_jpegs(bytes);
  (void)is_cut_off(bytes);
  const auto exif = exif_of(bytes);
  if (!exif.empty() && (exif.data() < data || exif.data() + exif.size() > data + size)) {
    std::abort();
  }
  return 0;
}
