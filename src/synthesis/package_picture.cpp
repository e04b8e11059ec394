#include "package_picture.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include <opencv2/imgcodecs.hpp>

namespace mien::synthesis {
namespace {

constexpr std::uint32_t kMostPictureSide = 4096;
constexpr std::uintmax_t kMostPictureBytes = 32u << 20;

using PictureBytes = std::vector<unsigned char>;

std::uint32_t number_at(const PictureBytes& bytes, std::size_t at) {
  return std::uint32_t{bytes[at]} << 24 | std::uint32_t{bytes[at + 1]} << 16 |
         std::uint32_t{bytes[at + 2]} << 8 | std::uint32_t{bytes[at + 3]};
}

/// A PNG file without what does not belong to its picture: the package's colour profiles are
/// broken, and libpng says so on stderr. Empty when it is no PNG of a sensible size: one that
/// says it is huge would take all memory before it is found to be damaged.
PictureBytes plain_png(const std::filesystem::path& file) {
  constexpr std::size_t kStart = 8, kAround = 12;  // of the file; of a chunk: length, kind, sum
  constexpr std::array<std::string_view, 5> kKept = {"IHDR", "PLTE", "tRNS", "IDAT", "IEND"};
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  if (error || size > kMostPictureBytes) return {};
  PictureBytes bytes(static_cast<std::size_t>(size)), plain;
  std::ifstream stream(file, std::ios::binary);
  stream.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size));
  bytes.resize(static_cast<std::size_t>(std::max<std::streamsize>(0, stream.gcount())));
  constexpr std::array<unsigned char, kStart> kSignature = {0x89, 'P',  'N',  'G',
                                                            '\r', '\n', 0x1A, '\n'};
  if (bytes.size() < kStart + kAround + 8 ||
      !std::equal(kSignature.begin(), kSignature.end(), bytes.begin())) {
    return {};
  }
  const auto side = [&](std::size_t at) {
    return number_at(bytes, at) >= 1 && number_at(bytes, at) <= kMostPictureSide;
  };
  if (!side(kStart + 8) || !side(kStart + 12)) return {};
  plain.assign(bytes.begin(), bytes.begin() + kStart);
  for (std::size_t at = kStart; bytes.size() - at >= kAround;) {
    const std::size_t length = number_at(bytes, at);
    if (length > bytes.size() - at - kAround) break;
    const auto first = bytes.begin() + static_cast<std::ptrdiff_t>(at);
    const std::string kind(first + 4, first + 8);
    if (std::ranges::find(kKept, kind) != kKept.end()) {
      plain.insert(plain.end(), first, first + static_cast<std::ptrdiff_t>(length + kAround));
    }
    at += length + kAround;
  }
  return plain;
}

}  // namespace

cv::Mat read_package_picture(const std::filesystem::path& file, int flags) {
  const auto bytes = plain_png(file);
  if (bytes.empty()) return {};
  try {
    return cv::imdecode(bytes, flags);
  } catch (const cv::Exception&) {
    return {};
  }
}

}  // namespace mien::synthesis
