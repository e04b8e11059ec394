#include "xdf_chunks.hpp"

#include <bit>
#include <limits>

#include "mien/base/utf8.hpp"

namespace mien::reports {
namespace {

template <typename Whole>
void put_whole(std::string& bytes, Whole value) {
  for (std::size_t i = 0; i < sizeof(Whole); ++i) {
    bytes += static_cast<char>(static_cast<unsigned char>(value >> (8 * i)));
  }
}

/// How many bytes stand before a timestamp of its own; 0 would mean that it is deduced.
constexpr char kOwnTimestamp = 8;

/// The same in every XDF file.
constexpr std::string_view kBoundary =
    "\x43\xA5\x46\xDC\xCB\xF5\x41\x0F\xB3\x0E\xD5\x46\x73\x83\xCB\xE4";
static_assert(kBoundary.size() == 16);

}  // namespace

void put_u16(std::string& bytes, std::uint16_t value) { put_whole(bytes, value); }
void put_u32(std::string& bytes, std::uint32_t value) { put_whole(bytes, value); }
void put_u64(std::string& bytes, std::uint64_t value) { put_whole(bytes, value); }
void put_float(std::string& bytes, float value) {
  put_whole(bytes, std::bit_cast<std::uint32_t>(value));
}
void put_double(std::string& bytes, double value) {
  put_whole(bytes, std::bit_cast<std::uint64_t>(value));
}

void put_length(std::string& bytes, std::uint64_t length) {
  if (length <= std::numeric_limits<std::uint8_t>::max()) {
    bytes += '\x01';
    put_whole(bytes, static_cast<std::uint8_t>(length));
  } else if (length <= std::numeric_limits<std::uint32_t>::max()) {
    bytes += '\x04';
    put_u32(bytes, static_cast<std::uint32_t>(length));
  } else {
    bytes += '\x08';
    put_u64(bytes, length);
  }
}

void write_chunk(std::ostream& out, XdfTag tag, std::string_view content) {
  std::string head;
  put_length(head, content.size() + sizeof(std::uint16_t));
  put_u16(head, static_cast<std::uint16_t>(tag));
  out << head << content;
}

void write_boundary(std::ostream& out) { write_chunk(out, XdfTag::boundary, kBoundary); }

void XdfSamples::begin(double timestamp) {
  bytes_ += kOwnTimestamp;
  put_double(bytes_, timestamp);
  ++count_;
}

void XdfSamples::add(double timestamp, const std::vector<float>& values) {
  begin(timestamp);
  for (const float value : values) put_float(bytes_, value);
}

void XdfSamples::add(double timestamp, std::string_view text) {
  begin(timestamp);
  put_length(bytes_, text.size());
  bytes_ += text;
}

void XdfSamples::flush(std::ostream& out) {
  if (count_ == 0) return;
  std::string content;
  content.reserve(bytes_.size() + 16);
  put_u32(content, stream_);
  put_length(content, count_);
  content += bytes_;
  write_chunk(out, XdfTag::samples, content);
  bytes_.clear();
  count_ = 0;
}

std::string xml_text(std::string_view text) {
  std::string escaped;
  const std::string valid = base::valid_utf8(text);
  for (std::string_view rest = valid; !rest.empty();) {
    const std::size_t length = base::utf8_length(rest);
    const char32_t point = base::utf8_code_point(rest);
    switch (point) {
      case U'&':
        escaped += "&amp;";
        break;
      case U'<':
        escaped += "&lt;";
        break;
      case U'>':
        escaped += "&gt;";
        break;
      default:
        // XML 1.0 has no control characters but these three, and neither of U+FFFE and U+FFFF.
        if (point < 0x20 && point != U'\t' && point != U'\n' && point != U'\r') {
          escaped += ' ';
        } else if (point == 0xFFFE || point == 0xFFFF) {
          escaped += "\xEF\xBF\xBD";
        } else {
          escaped += rest.substr(0, length);
        }
    }
    rest.remove_prefix(length);
  }
  return escaped;
}

}  // namespace mien::reports
