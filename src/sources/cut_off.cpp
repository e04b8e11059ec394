#include "cut_off.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

namespace mien {
namespace {

constexpr int kMostBoxes = 1'000'000;

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
  for (int i = 0; i < kMostBoxes && at < file.size(); ++i) {
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
  for (int i = 0; i < kMostBoxes; ++i) {
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
  for (int i = 0; i < kMostBoxes; ++i) {
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

}  // namespace mien
