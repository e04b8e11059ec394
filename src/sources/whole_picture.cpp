#include "whole_picture.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <limits>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

namespace mien::sources {
namespace {

constexpr int kMaxBoxes = 1'000'000;

/// Reads numbers at places of a file, a block at a time: some kinds are walked byte by byte.
class Bytes {
 public:
  explicit Bytes(const std::filesystem::path& file) : in_(file, std::ios::binary) {
    std::error_code code;
    const auto size = std::filesystem::file_size(file, code);
    if (!code) size_ = size;
  }

  std::uint64_t size() const { return size_; }

  /// Nothing beyond the end.
  std::optional<std::uint64_t> big(std::uint64_t at, int count) {
    return number(at, count, true);
  }
  std::optional<std::uint64_t> little(std::uint64_t at, int count) {
    return number(at, count, false);
  }

 private:
  std::optional<std::uint64_t> number(std::uint64_t at, int count, bool big_endian) {
    if (at > size_ || size_ - at < static_cast<std::uint64_t>(count)) return std::nullopt;
    if (at < block_at_ || at + static_cast<std::uint64_t>(count) > block_at_ + block_size_) {
      in_.clear();
      in_.seekg(static_cast<std::streamoff>(at));
      in_.read(block_.data(), static_cast<std::streamsize>(block_.size()));
      block_at_ = at;
      block_size_ = static_cast<std::uint64_t>(in_.gcount());
      if (block_size_ < static_cast<std::uint64_t>(count)) return std::nullopt;
    }
    const char* bytes = block_.data() + (at - block_at_);
    std::uint64_t value = 0;
    for (int i = 0; i < count; ++i) {
      const int place = big_endian ? i : count - 1 - i;
      value = value << 8 | static_cast<std::uint8_t>(bytes[place]);
    }
    return value;
  }

  std::ifstream in_;
  std::uint64_t size_ = 0;
  std::vector<char> block_ = std::vector<char>(std::size_t{16} << 10);
  std::uint64_t block_at_ = 0, block_size_ = 0;
};

constexpr std::uint64_t tag(std::string_view text) {
  std::uint64_t value = 0;
  for (const char c : text) value = value << 8 | static_cast<std::uint8_t>(c);
  return value;
}

bool is_box(std::uint64_t type) {
  static constexpr std::array kTypes = {tag("ftyp"), tag("moov"), tag("mdat"), tag("free"),
                                        tag("skip"), tag("wide"), tag("moof"), tag("mfra"),
                                        tag("styp"), tag("sidx"), tag("meta"), tag("uuid"),
                                        tag("pnot"), tag("udta"), tag("emsg"), tag("prft")};
  return std::find(kTypes.begin(), kTypes.end(), type) != kTypes.end();
}

/// ISO/IEC 14496-12: boxes, each with its length.
bool boxes_end_early(Bytes& file) {
  std::uint64_t at = 0;
  for (int i = 0; i < kMaxBoxes && at < file.size(); ++i) {
    const auto type = file.big(at + 4, 4);
    if (!type || !is_box(*type)) return false;  // something else was added at the end
    std::uint64_t length = file.big(at, 4).value_or(0);
    if (length == 0) return false;  // to the end of the file
    if (length == 1) length = file.big(at + 8, 8).value_or(0);
    if (length < 8) return false;
    if (length > file.size() - at) return true;
    at += length;
  }
  return false;
}

/// RIFF chunks; a large AVI has several.
bool riff_ends_early(Bytes& file) {
  std::uint64_t at = 0;
  while (file.big(at, 4) == tag("RIFF")) {
    const std::uint64_t length = file.little(at + 4, 4).value_or(0);
    if (length == 0 || length == 0xFFFFFFFF) return false;  // written without knowing it
    if (length > file.size() - at - 8) return true;
    at += 8 + length + length % 2;
  }
  return false;
}

/// An EBML length; nothing when it is unknown.
std::optional<std::uint64_t> ebml_length(Bytes& file, std::uint64_t& at) {
  const auto first = file.big(at, 1);
  if (!first || *first == 0) return std::nullopt;
  int count = 1;
  while ((*first & (0x80U >> (count - 1))) == 0) ++count;
  const auto coded = file.big(at, count);
  if (!coded) return std::nullopt;
  at += static_cast<std::uint64_t>(count);
  const std::uint64_t mask = (std::uint64_t{1} << (7 * count)) - 1;
  const std::uint64_t value = *coded & mask;
  if (value == mask) return std::nullopt;
  return value;
}

bool matroska_ends_early(Bytes& file) {
  std::uint64_t at = 4;
  const auto header = ebml_length(file, at);
  if (!header) return false;
  at += *header;
  if (file.big(at, 4) != 0x18538067) return false;
  at += 4;
  const auto segment = ebml_length(file, at);
  return segment && *segment > file.size() - at;
}

/// Packets of 188 bytes, with four before each (M2TS) or without.
bool packets_end_early(Bytes& file) {
  for (const auto& [length, sync] :
       {std::pair<std::uint64_t, std::uint64_t>{188, 0}, {192, 4}}) {
    bool packets = file.size() > 8 * length;
    for (std::uint64_t i = 0; i < 8 && packets; ++i) {
      packets = file.big(sync + i * length, 1) == 0x47;
    }
    if (packets) return file.size() % length != 0;
  }
  return false;
}

/// ASF's header holds an object with the file's size, and says whether that counts.
bool asf_ends_early(Bytes& file) {
  std::uint64_t at = 30;
  for (int i = 0; i < 100; ++i) {
    const auto id = file.big(at, 8);
    const auto length = file.little(at + 16, 8);
    if (!id || !length || *length < 24) return false;
    if (id == 0xA1DCAB8C47A9CF11) {
      const bool broadcast = (file.little(at + 88, 4).value_or(1) & 1) != 0;
      const auto size = file.little(at + 40, 8);
      return !broadcast && size && *size > file.size();
    }
    at += *length;
  }
  return false;
}

/// GIF's blocks, of which each says how long it is. One that ends behind a block without the
/// trailer is shown by every viewer, and whole.
bool gif_ends_early(Bytes& file) {
  const auto table = [](std::uint64_t flags) {
    return (flags & 0x80) != 0 ? std::uint64_t{3} << ((flags & 7) + 1) : 0;
  };
  std::uint64_t at = 13 + table(file.big(10, 1).value_or(0));
  for (int i = 0; i < kMaxBoxes; ++i) {
    const auto kind = file.big(at, 1);
    if (!kind) return at != file.size();
    if (*kind == 0x21) {
      at += 2;
    } else if (*kind == 0x2C) {
      at += 11 + table(file.big(at + 9, 1).value_or(0));
    } else {
      return false;  // the trailer, or something else was added at the end
    }
    for (;;) {
      const auto length = file.big(at, 1);
      if (!length || *length > file.size() - at) return true;
      at += 1 + *length;
      if (*length == 0) break;
    }
  }
  return false;
}

/// PNG's chunks up to the last one, IEND; animations are PNG too.
bool png_ends_early(Bytes& file) {
  std::uint64_t at = 8;
  for (int i = 0; i < kMaxBoxes; ++i) {
    const auto length = file.big(at, 4), type = file.big(at + 4, 4);
    if (!length || !type || *length + 12 > file.size() - at) return true;
    if (*type == tag("IEND")) return false;
    at += 12 + *length;
  }
  return false;
}

/// FLV's tags, each with its length before and behind it.
bool flv_ends_early(Bytes& file) {
  std::uint64_t at = file.big(5, 4).value_or(0) + 4;
  while (at < file.size()) {
    const auto kind = file.big(at, 1);
    if (kind != 8U && kind != 9U && kind != 18U) return false;  // something else was added
    const auto length = file.big(at + 1, 3);
    if (!length || *length + 15 > file.size() - at) return true;
    at += 15 + *length;
  }
  return false;
}

/// Ogg's pages: the last one of each of its streams is marked as such.
bool ogg_ends_early(Bytes& file) {
  std::set<std::uint64_t> open;
  std::uint64_t at = 0;
  while (at < file.size()) {
    const auto mark = file.big(at, 4);
    if (mark && *mark != tag("OggS")) return false;  // something else was added
    const auto flags = file.big(at + 5, 1), stream = file.little(at + 14, 4);
    const auto segments = file.big(at + 26, 1);
    if (!segments) return true;
    std::uint64_t length = 27 + *segments;
    for (std::uint64_t i = 0; i < *segments; ++i) {
      length += file.big(at + 27 + i, 1).value_or(0);
    }
    if (length > file.size() - at) return true;
    if ((*flags & 2) != 0 && open.size() < 100) open.insert(*stream);
    if ((*flags & 4) != 0) open.erase(*stream);
    at += length;
  }
  return !open.empty();
}

}  // namespace

bool is_cut_off_video(const std::filesystem::path& path) {
  Bytes file(path);
  const std::uint64_t start = file.big(0, 4).value_or(0);
  if (start == tag("RIFF")) return riff_ends_early(file);
  if (start == 0x1A45DFA3) return matroska_ends_early(file);
  if (start == 0x3026B275) return asf_ends_early(file);
  if (start == tag("GIF8")) return gif_ends_early(file);
  if (start == 0x89504E47) return png_ends_early(file);
  if (start >> 8 == tag("FLV")) return flv_ends_early(file);
  if (start == tag("OggS")) return ogg_ends_early(file);
  if (is_box(file.big(4, 4).value_or(0))) return boxes_end_early(file);
  return packets_end_early(file);
}

namespace {

constexpr std::array<std::uint8_t, 8> kPngSignature = {0x89, 'P',  'N',  'G',
                                                       '\r', '\n', 0x1A, '\n'};

using ByteView = std::span<const std::uint8_t>;

bool has_at(ByteView bytes, std::size_t at, std::string_view text) {
  return at <= bytes.size() && bytes.size() - at >= text.size() &&
         std::memcmp(bytes.data() + at, text.data(), text.size()) == 0;
}

/// 0 beyond the end; at most what fits into an int, which is too many for any picture.
std::int64_t number(ByteView bytes, std::size_t at, std::size_t count, bool big_endian) {
  if (at > bytes.size() || bytes.size() - at < count) return 0;
  std::int64_t value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    value = value * 256 + bytes[at + (big_endian ? i : count - 1 - i)];
  }
  return std::min<std::int64_t>(value, std::numeric_limits<int>::max());
}
std::int64_t big(ByteView bytes, std::size_t at, std::size_t count) {
  return number(bytes, at, count, true);
}
std::int64_t little(ByteView bytes, std::size_t at, std::size_t count) {
  return number(bytes, at, count, false);
}
cv::Size size_of(std::int64_t width, std::int64_t height) {
  return {static_cast<int>(width), static_cast<int>(height)};
}

// Calls `visit(marker, where its length stands, where the next segment starts)` for the
// segments of a JPEG's header until it returns false.
template <typename Visit>
void for_each_segment(std::span<const std::uint8_t> bytes, Visit visit) {
  if (!is_jpeg(bytes)) return;
  for (std::size_t at = 2; at + 4 <= bytes.size();) {
    if (bytes[at] != 0xFF) return;
    if (bytes[at + 1] == 0xFF) {  // fill byte
      ++at;
      continue;
    }
    const std::size_t next = at + 2 + bytes[at + 2] * std::size_t{256} + bytes[at + 3];
    if (!visit(bytes[at + 1], at + 2, next)) return;
    at = next;
  }
}

/// Where a JPEG's end marker ends; 0 when it has none.
std::size_t end_of_jpeg(ByteView bytes) {
  std::size_t at = 0;
  bool in_scan = false;
  // The thumbnail, with its own end marker, lies in one of the header's segments.
  for_each_segment(bytes, [&](std::uint8_t marker, std::size_t, std::size_t next) {
    at = next;
    in_scan = marker == 0xDA;
    return !in_scan;
  });
  // From there on 0xFF 0xD9 can only be the end marker: entropy-coded 0xFF is followed by 0x00.
  for (; in_scan && at + 2 <= bytes.size(); ++at) {
    if (bytes[at] == 0xFF && bytes[at + 1] == 0xD9) return at + 2;
  }
  return 0;
}

/// The part of a WebP with that name, without its header; empty when there is none.
ByteView webp_part(ByteView bytes, std::string_view name) {
  for (std::size_t at = 12; at + 8 <= bytes.size();) {
    const auto length = static_cast<std::size_t>(little(bytes, at + 4, 4));
    if (has_at(bytes, at, name)) {
      return bytes.subspan(at + 8, std::min(length, bytes.size() - at - 8));
    }
    at += 8 + length + length % 2;
  }
  return {};
}

/// The same of a PNG. `before` ends the search.
ByteView png_part(ByteView bytes, std::string_view name, std::string_view before = "IEND") {
  for (std::size_t at = kPngSignature.size(); at + 12 <= bytes.size();) {
    const auto length = static_cast<std::size_t>(big(bytes, at, 4));
    if (has_at(bytes, at + 4, before)) break;
    if (has_at(bytes, at + 4, name)) {
      return bytes.subspan(at + 8, std::min(length, bytes.size() - at - 8));
    }
    at += length + 12;
  }
  return {};
}

cv::Size webp_size(ByteView bytes) {
  if (const auto part = webp_part(bytes, "VP8X"); part.size() >= 10) {
    return size_of(little(part, 4, 3) + 1, little(part, 7, 3) + 1);
  }
  if (const auto part = webp_part(bytes, "VP8L"); part.size() >= 5) {
    const auto packed = little(part, 1, 2) | little(part, 3, 2) << 16;
    return size_of((packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1);
  }
  const auto part = webp_part(bytes, "VP8 ");
  return size_of(little(part, 6, 2) & 0x3FFF, little(part, 8, 2) & 0x3FFF);
}

/// Of the largest page: any of them may be decoded.
cv::Size tiff_size(ByteView bytes) {
  const bool big_endian = bytes[0] == 'M';
  const auto get = [&](std::size_t at, std::size_t count) {
    return number(bytes, at, count, big_endian);
  };
  cv::Size largest;
  auto at = static_cast<std::size_t>(get(4, 4));
  for (int page = 0; page < 1000 && at > 0 && at < bytes.size(); ++page) {
    const auto entries = static_cast<std::size_t>(get(at, 2));
    std::int64_t width = 0;
    std::int64_t height = 0;
    for (std::size_t i = 0; i < entries; ++i) {
      const std::size_t entry = at + 2 + 12 * i;
      const auto tag = get(entry, 2);
      const std::size_t length = get(entry + 2, 2) == 3 ? 2 : 4;
      if (tag == 256) width = get(entry + 8, length);
      if (tag == 257) height = get(entry + 8, length);
    }
    if (width * height > std::int64_t{largest.width} * largest.height) {
      largest = size_of(width, height);
    }
    at = static_cast<std::size_t>(get(at + 2 + 12 * entries, 4));
  }
  return largest;
}

cv::Size bmp_size(ByteView bytes) {
  if (little(bytes, 14, 4) == 12) return size_of(little(bytes, 18, 2), little(bytes, 20, 2));
  const auto height = static_cast<std::int32_t>(
      static_cast<std::uint32_t>(little(bytes, 22, 2) | little(bytes, 24, 2) << 16));
  return size_of(little(bytes, 18, 4), std::abs(std::int64_t{height}));
}

/// "P6 640 480 255", with comments between.
cv::Size pnm_size(ByteView bytes) {
  std::array<std::int64_t, 2> sides{};
  std::size_t at = 2;
  for (auto& side : sides) {
    while (at < bytes.size() && (bytes[at] <= ' ' || bytes[at] == '#')) {
      if (bytes[at] == '#') {
        while (at < bytes.size() && bytes[at] != '\n') ++at;
      } else {
        ++at;
      }
    }
    while (at < bytes.size() && bytes[at] >= '0' && bytes[at] <= '9') {
      side = std::min<std::int64_t>(side * 10 + bytes[at++] - '0',
                                    std::numeric_limits<int>::max());
    }
  }
  return size_of(sides[0], sides[1]);
}

cv::Size jpeg2000_size(ByteView bytes) {
  static constexpr std::string_view kHeader = "ihdr";
  const auto start = bytes.first(std::min<std::size_t>(bytes.size(), 1024));
  const auto at = std::search(start.begin(), start.end(), kHeader.begin(), kHeader.end());
  if (at == start.end()) return {};
  const auto place = static_cast<std::size_t>(at - start.begin());
  return size_of(big(bytes, place + 8, 4), big(bytes, place + 4, 4));
}

}  // namespace

bool is_png(ByteView bytes) {
  return bytes.size() >= kPngSignature.size() &&
         std::equal(kPngSignature.begin(), kPngSignature.end(), bytes.begin());
}

bool is_webp(ByteView bytes) { return has_at(bytes, 0, "RIFF") && has_at(bytes, 8, "WEBP"); }

bool is_tiff(ByteView bytes) {
  using namespace std::string_view_literals;
  return has_at(bytes, 0, "II*\0"sv) || has_at(bytes, 0, "MM\0*"sv);
}

bool is_animated_png(ByteView bytes) {
  return is_png(bytes) && big(png_part(bytes, "acTL", "IDAT"), 0, 4) > 1;
}

bool is_animated_webp(ByteView bytes) {
  constexpr std::uint8_t kAnimation = 0x02;
  if (!is_webp(bytes)) return false;
  const auto header = webp_part(bytes, "VP8X");
  return !header.empty() && (header[0] & kAnimation) != 0;
}

bool is_heic(ByteView bytes) {
  if (!has_at(bytes, 4, "ftyp")) return false;
  for (const char* brand : {"heic", "heix", "heim", "heis", "hevc", "hevx", "msf1"}) {
    if (has_at(bytes, 8, brand)) return true;
  }
  // Said by AVIF as well, which names itself among the compatible brands.
  if (!has_at(bytes, 8, "mif1")) return false;
  for (std::size_t at = 16; at < 64; at += 4) {
    if (has_at(bytes, at, "avif")) return false;
  }
  return true;
}

std::size_t count_concatenated_jpegs(ByteView bytes) {
  std::size_t count = 0;
  while (is_jpeg(bytes)) {
    ++count;
    const std::size_t end = end_of_jpeg(bytes);
    if (end == 0) break;
    bytes = bytes.subspan(end);
  }
  return count;
}

std::span<const std::uint8_t> exif_of(ByteView bytes) {
  if (is_webp(bytes)) return webp_part(bytes, "EXIF");
  if (is_png(bytes)) return png_part(bytes, "eXIf");
  return {};
}

bool is_jpeg(std::span<const std::uint8_t> bytes) {
  return bytes.size() >= 4 && bytes[0] == 0xFF && bytes[1] == 0xD8 && bytes[2] == 0xFF;
}

bool is_whole_jpeg(std::span<const std::uint8_t> bytes) { return end_of_jpeg(bytes) > 0; }

cv::Size announced_size(std::span<const std::uint8_t> bytes) {
  if (is_png(bytes)) return size_of(big(bytes, 16, 4), big(bytes, 20, 4));
  if (is_webp(bytes)) return webp_size(bytes);
  if (is_tiff(bytes)) return tiff_size(bytes);
  if (has_at(bytes, 0, "BM")) return bmp_size(bytes);
  if (bytes.size() > 2 && bytes[0] == 'P' && bytes[1] >= '1' && bytes[1] <= '6') {
    return pnm_size(bytes);
  }
  if (has_at(bytes, 4, "jP  ")) return jpeg2000_size(bytes);
  cv::Size size;
  for_each_segment(bytes, [&](std::uint8_t marker, std::size_t start, std::size_t next) {
    const bool frame =
        marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
    if (frame && start + 7 <= std::min(next, bytes.size())) {
      size = size_of(big(bytes, start + 5, 2), big(bytes, start + 3, 2));
    }
    return !frame && marker != 0xDA;
  });
  return size;
}

bool is_whole_png(std::span<const std::uint8_t> bytes) {
  if (!is_png(bytes)) return false;
  // Chunks: length, type, data, checksum.
  for (std::size_t at = kPngSignature.size(); at + 12 <= bytes.size();) {
    const std::size_t length = (std::size_t{bytes[at]} << 24) | (bytes[at + 1] << 16) |
                               (bytes[at + 2] << 8) | bytes[at + 3];
    if (std::memcmp(&bytes[at + 4], "IEND", 4) == 0) return true;
    at += length + 12;
  }
  return false;
}

void drop_png_profile(std::vector<std::uint8_t>& bytes) {
  if (!is_png(bytes)) return;
  // The first one alone: a PNG has one, and thousands of them would take long to take out.
  const auto profile = png_part(bytes, "iCCP", "IDAT");
  if (profile.empty()) return;
  // A chunk's length and type stand before its data, its checksum behind.
  const auto from = bytes.begin() + (profile.data() - bytes.data()) - 8;
  const auto length = static_cast<std::ptrdiff_t>(profile.size()) + 12;
  if (length <= bytes.end() - from) bytes.erase(from, from + length);
}

bool is_cut_off(std::span<const std::uint8_t> bytes) {
  if (is_jpeg(bytes)) return !is_whole_jpeg(bytes);
  if (is_png(bytes)) return !is_whole_png(bytes);
  const auto size = static_cast<std::int64_t>(bytes.size());
  if (is_webp(bytes)) return little(bytes, 4, 4) + 8 > size;
  if (!has_at(bytes, 0, "BM") || size < 54) return false;
  // An uncompressed bitmap's rows are padded to four bytes.
  const cv::Size picture = bmp_size(bytes);
  const bool plain = little(bytes, 14, 4) >= 40 && little(bytes, 30, 4) == 0;
  const std::int64_t row = (std::int64_t{picture.width} * little(bytes, 28, 2) + 31) / 32 * 4;
  // Divided, as the product of what a file says may be beyond all numbers.
  const std::int64_t left = size - little(bytes, 10, 4);
  return plain && (left < 0 || (row > 0 && picture.height > left / row));
}

}  // namespace mien::sources
