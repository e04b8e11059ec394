#include "mjpeg_parser.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace mien::media {
namespace {

constexpr std::size_t kMaxPicture = std::size_t{64} << 20;
constexpr std::uint64_t kMaxBrokenPictures = 30;
constexpr std::size_t kMaxPartHeaderLength = 2048;
constexpr std::array<std::uint8_t, 3> kStart = {0xFF, 0xD8, 0xFF};  // SOI and a marker

bool stands_alone(std::uint8_t marker) {
  return marker == 0x01 || (marker >= 0xD0 && marker <= 0xD7);  // TEM, RSTn
}

/// Markers of segments that may follow a scan: tables, comments, the next scan.
bool follows_a_scan(std::uint8_t marker) {
  return marker == 0xDA || marker == 0xC4 || (marker >= 0xDB && marker <= 0xDD) ||
         marker == 0xFE || (marker >= 0xE0 && marker <= 0xEF);
}

}  // namespace

void MjpegParser::push(std::span<const std::uint8_t> bytes) {
  bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
}

std::optional<std::vector<std::uint8_t>> MjpegParser::next() {
  for (;;) {
    if (!began_) {
      const auto start =
          std::search(bytes_.begin(), bytes_.end(), kStart.begin(), kStart.end());
      // The start may be split between two reads.
      const auto keep = start != bytes_.end()
                            ? start
                            : bytes_.end() - std::min<std::ptrdiff_t>(2, std::ssize(bytes_));
      bytes_.erase(bytes_.begin(), keep);
      if (start == bytes_.end() || bytes_.size() < kStart.size()) return std::nullopt;
      began_ = true;
      in_scan_ = false;
      at_ = 2;
    }
    switch (walk()) {
      case Step::whole:
        ++whole_;
        return take(at_);
      case Step::cut_off: {
        const bool endless = whole_ == 0 && broken_ >= kMaxBrokenPictures;
        if (endless) {
          auto picture = completed(at_);
          take(at_);
          return picture;
        }
        ++broken_;
        take(at_);
        break;
      }
      case Step::broken:
        ++broken_;
        take(2);  // the next start is looked for behind this one
        break;
      case Step::need_more:
        if (bytes_.size() <= kMaxPicture) return std::nullopt;
        ++broken_;
        take(2);
        break;
    }
  }
}

/// Goes on from at_ through the picture's segments and scans.
MjpegParser::Step MjpegParser::walk() {
  while (at_ + 1 < bytes_.size()) {
    const std::uint8_t marker = bytes_[at_ + 1];
    if (in_scan_) {
      if (bytes_[at_] != 0xFF || marker == 0x00 || stands_alone(marker)) {
        ++at_;
        continue;
      }
      if (marker == 0xFF) {  // fill
        ++at_;
        continue;
      }
    } else if (bytes_[at_] != 0xFF) {
      return Step::broken;
    } else if (marker == 0xFF) {
      ++at_;
      continue;
    }
    if (marker == 0xD9) {
      at_ += 2;
      return Step::whole;
    }
    if (marker == 0xD8) {
      if (at_ == 0) return Step::broken;
      return Step::cut_off;
    }
    if (in_scan_ && !follows_a_scan(marker)) return Step::broken;
    if (!in_scan_ && stands_alone(marker)) {
      at_ += 2;
      continue;
    }
    if (at_ + 3 >= bytes_.size()) return Step::need_more;
    const std::size_t length = bytes_[at_ + 2] * 256U + bytes_[at_ + 3];
    if (length < 2) return Step::broken;
    if (at_ + 2 + length >= bytes_.size()) return Step::need_more;
    at_ += 2 + length;
    in_scan_ = marker == 0xDA;
  }
  return Step::need_more;
}

/// Removes the first bytes and looks for the next picture behind them.
std::vector<std::uint8_t> MjpegParser::take(std::size_t length) {
  const auto end = bytes_.begin() + static_cast<std::ptrdiff_t>(length);
  std::vector<std::uint8_t> taken(bytes_.begin(), end);
  bytes_.erase(bytes_.begin(), end);
  began_ = false;
  return taken;
}

/// Without the part header that stands before the next picture, and with an end marker.
std::vector<std::uint8_t> MjpegParser::completed(std::size_t length) const {
  std::string_view text(reinterpret_cast<const char*>(bytes_.data()), length);
  const std::size_t from = length > kMaxPartHeaderLength ? length - kMaxPartHeaderLength : 0;
  const std::size_t header = text.find("\n--", from);
  if (header != std::string_view::npos) text = text.substr(0, header);
  if (text.ends_with('\r')) text.remove_suffix(1);
  std::vector<std::uint8_t> picture(text.begin(), text.end());
  picture.push_back(0xFF);
  picture.push_back(0xD9);
  return picture;
}

}  // namespace mien::media
