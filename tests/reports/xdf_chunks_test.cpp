#include "xdf_chunks.hpp"

#include <limits>
#include <sstream>

#include <gmock/gmock.h>

namespace mien::reports {
namespace {

std::string length_of(std::uint64_t length) {
  std::string bytes;
  put_length(bytes, length);
  return bytes;
}

TEST(XdfChunks, LengthsTakeOneFourOrEightBytes) {
  using std::string_literals::operator""s;
  EXPECT_EQ(length_of(0), "\x01\x00"s);
  EXPECT_EQ(length_of(255), "\x01\xFF"s);
  EXPECT_EQ(length_of(256), "\x04\x00\x01\x00\x00"s);
  EXPECT_EQ(length_of(0xFFFFFFFF), "\x04\xFF\xFF\xFF\xFF"s);
  EXPECT_EQ(length_of(0x100000000), "\x08\x00\x00\x00\x00\x01\x00\x00\x00"s);
  EXPECT_EQ(length_of(std::numeric_limits<std::uint64_t>::max()),
            "\x08\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"s);
}

TEST(XdfChunks, AChunksLengthCountsItsTag) {
  using std::string_literals::operator""s;
  std::ostringstream out;
  write_chunk(out, XdfTag::stream_footer, "abc");
  EXPECT_EQ(out.str(), "\x01\x05\x06\x00"s + "abc");
  std::ostringstream boundary;
  write_boundary(boundary);
  EXPECT_EQ(
      boundary.str(),
      "\x01\x12\x05\x00\x43\xA5\x46\xDC\xCB\xF5\x41\x0F\xB3\x0E\xD5\x46\x73\x83\xCB\xE4"s);
}

TEST(XdfChunks, SamplesHaveTheirOwnTimesAndAreForgottenOnceWritten) {
  using std::string_literals::operator""s;
  XdfSamples samples(7);
  std::ostringstream out;
  samples.flush(out);
  EXPECT_EQ(out.str(), "") << "no chunk without a sample";
  samples.add(1.5, std::vector<float>{2});
  samples.add(-2, "hi");
  samples.flush(out);
  EXPECT_EQ(out.str(), "\x01\x22\x03\x00"s + "\x07\x00\x00\x00"s + "\x01\x02"s +
                           "\x08\x00\x00\x00\x00\x00\x00\xF8\x3F"s + "\x00\x00\x00\x40"s +
                           "\x08\x00\x00\x00\x00\x00\x00\x00\xC0"s + "\x01\x02hi"s);
  const auto written = out.str().size();
  samples.flush(out);
  EXPECT_EQ(out.str().size(), written);
}

TEST(XdfChunks, TextOfXmlIsAlwaysWellFormed) {
  EXPECT_EQ(xml_text("a<b & c>d"), "a&lt;b &amp; c&gt;d");
  EXPECT_EQ(xml_text("tab\tstays, bell\x07 does not"), "tab\tstays, bell  does not");
  EXPECT_EQ(xml_text("\xFF\xC3\xA9"), "\xEF\xBF\xBD\xC3\xA9");
  EXPECT_EQ(xml_text("\xEF\xBF\xBE"), "\xEF\xBF\xBD") << "no XML may have U+FFFE";
}

}  // namespace
}  // namespace mien::reports
