#pragma once

#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace mien::reports {

/// The parts of an XDF file, https://github.com/sccn/xdf/wiki/Specifications. All numbers are
/// little-endian, whatever the machine is.

enum class XdfTag : std::uint16_t {
  file_header = 1,
  stream_header = 2,
  samples = 3,
  clock_offset = 4,
  boundary = 5,
  stream_footer = 6,
};

void put_u16(std::string& bytes, std::uint16_t value);
void put_u32(std::string& bytes, std::uint32_t value);
void put_u64(std::string& bytes, std::uint64_t value);
void put_float(std::string& bytes, float value);
void put_double(std::string& bytes, double value);

/// A length as XDF writes it: how many bytes it takes, 1, 4 or 8, and these.
void put_length(std::string& bytes, std::uint64_t length);

/// A whole chunk: the length of tag and content, the tag, the content.
void write_chunk(std::ostream& out, XdfTag tag, std::string_view content);

/// What a reader looks for to go on behind something damaged.
void write_boundary(std::ostream& out);

/// The samples of one stream that are to be written next.
class XdfSamples {
 public:
  explicit XdfSamples(std::uint32_t stream) : stream_(stream) {}

  void add(double timestamp, const std::vector<float>& values);
  void add(double timestamp, std::string_view text);
  /// Writes them as a chunk and forgets them; nothing when there are none.
  void flush(std::ostream& out);

 private:
  void begin(double timestamp);

  std::uint32_t stream_;
  std::uint64_t count_ = 0;
  std::string bytes_;
};

/// The text with XML's own characters escaped and without those that XML forbids.
std::string xml_text(std::string_view text);

}  // namespace mien::reports
