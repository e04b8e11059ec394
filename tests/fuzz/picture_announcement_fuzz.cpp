// What is read of JPEG, PNG, WebP and TIFF files before they are decoded.

#include "fuzz.hpp"
#include "whole_picture.hpp"

namespace mien::fuzz {

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span bytes(data, size);
  (void)sources::announced_size(bytes);
  (void)sources::is_whole_jpeg(bytes);
  (void)sources::is_whole_png(bytes);
  (void)sources::is_animated_png(bytes);
  (void)sources::is_animated_webp(bytes);
  (void)sources::is_heic(bytes);
  (void)sources::count_concatenated_jpegs(bytes);
  (void)sources::is_cut_off(bytes);
  const auto exif = sources::exif_of(bytes);
  if (!exif.empty() && (exif.data() < data || exif.data() + exif.size() > data + size)) {
    std::abort();
  }
  return 0;
}

}  // namespace mien::fuzz
