#include <cmath>
#include <cstring>
#include <map>
#include <sstream>
#include <string_view>
#include <xdf.h>

#include <gmock/gmock.h>

#include "mien/base/error.hpp"
#include "mien/base/movements.hpp"
#include "mien/reports/exports.hpp"
#include "mien/system/sanitized.hpp"

#include "support/recorded_fixture.hpp"
#include "support/session_fixture.hpp"

namespace mien::reports {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// A chunk as the specification says, found without the writer's own functions.
struct Chunk {
  int tag = 0;
  std::string content;
};

std::uint64_t whole_at(const std::string& bytes, std::size_t& at, std::size_t count) {
  std::uint64_t value = 0;
  if (at + count > bytes.size()) {
    ADD_FAILURE() << "the file ends within a number";
    at = bytes.size();
    return 0;
  }
  for (std::size_t i = 0; i < count; ++i) {
    value |= std::uint64_t{static_cast<unsigned char>(bytes[at + i])} << (8 * i);
  }
  at += count;
  return value;
}

std::uint64_t length_at(const std::string& bytes, std::size_t& at) {
  const auto size = whole_at(bytes, at, 1);
  EXPECT_THAT(size, ::testing::AnyOf(1U, 4U, 8U));
  return whole_at(bytes, at, size);
}

std::vector<Chunk> chunks_of(const std::string& file) {
  EXPECT_EQ(file.substr(0, 4), "XDF:");
  std::vector<Chunk> chunks;
  for (std::size_t at = 4; at < file.size();) {
    const auto length = length_at(file, at);
    if (length < 2 || at + length > file.size()) {
      ADD_FAILURE() << "a chunk of " << length << " bytes at " << at;
      break;
    }
    const auto tag = whole_at(file, at, 2);
    chunks.push_back({static_cast<int>(tag), file.substr(at, length - 2)});
    at += length - 2;
  }
  return chunks;
}

std::uint32_t stream_of(const Chunk& chunk) {
  std::size_t at = 0;
  return static_cast<std::uint32_t>(whole_at(chunk.content, at, 4));
}

/// What is between <name> and </name>, the first of them.
std::string inside(const std::string& xml, const std::string& name) {
  const auto begin = xml.find("<" + name + ">");
  const auto end = xml.find("</" + name + ">");
  if (begin == std::string::npos || end == std::string::npos) return "(none)";
  return xml.substr(begin + name.size() + 2, end - begin - name.size() - 2);
}

class XdfExportTest : public testing::SessionTest {
 protected:
  XdfExportTest() {
    testing::make_session(root_ / "s", testing::eight_labels(), testing::some_rows(), nullptr,
                          "1,0.000,arrival,1,0,\r\n"
                          "2,0.100,marker,0,0,question <one> & two\r\n"
                          "4,0.300,marker,0,0,\r\n"
                          "4,0.300,gap,0,4,\r\n"
                          "5,0.400,name,1,0,\"Ada & Co\"\r\n");
    session_ = sessions::read_session(root_ / "s");
  }

  static std::string bytes_of(const sessions::RecordedSession& session) {
    std::ostringstream out;
    export_format("xdf").write(session, out);
    return out.str();
  }

  /// The session as libxdf reads it.
  Xdf loaded(const sessions::RecordedSession& session) const {
    const auto file = export_session(session, export_format("xdf"));
    Xdf xdf;
    EXPECT_EQ(xdf.load_xdf(file.string()), 0);
    return xdf;
  }

  static const Xdf::Stream& stream(const Xdf& xdf, std::string_view name) {
    for (const auto& each : xdf.streams) {
      if (each.info.name == name) return each;
    }
    ADD_FAILURE() << "no stream " << name;
    return xdf.streams.at(0);
  }

  static std::size_t channel(const Xdf::Stream& stream, const std::string& label) {
    const auto& channels = stream.info.channels;
    for (std::size_t i = 0; i < channels.size(); ++i) {
      if (channels[i].at("label") == label) return i;
    }
    ADD_FAILURE() << "no channel " << label;
    return 0;
  }

  /// The texts of a stream with their times.
  static std::vector<std::pair<std::string, double>> texts(const Xdf& xdf,
                                                           const std::string& name) {
    std::vector<std::pair<std::string, double>> found;
    for (const auto& [event, index] : xdf.eventMap) {
      if (xdf.streams.at(static_cast<std::size_t>(index)).info.name == name) {
        found.push_back(event);
      }
    }
    return found;
  }

  sessions::RecordedSession session_;
};

/// By libxdf, which looks for the end of its own texts behind them: no test for a sanitizer.
class XdfReadBackTest : public XdfExportTest {
 protected:
  void SetUp() override {
    if (system::kSanitized) GTEST_SKIP() << "libxdf reads beyond its own memory";
  }
};

TEST_F(XdfReadBackTest, LibxdfReadsAStreamForEachPerson) {
  const Xdf xdf = loaded(session_);
  EXPECT_FLOAT_EQ(xdf.version, 1.0F);
  ASSERT_EQ(xdf.streams.size(), 4U);
  const auto& first = stream(xdf, "mien P1");
  EXPECT_EQ(first.info.type, "Expression");
  EXPECT_EQ(first.info.channel_format, "float32");
  EXPECT_EQ(first.info.nominal_srate, 0) << "irregular";
  EXPECT_EQ(first.info.channel_count, 16);
  ASSERT_EQ(first.info.channels.size(), 16U);
  const auto happiness = channel(first, "happiness");
  EXPECT_EQ(first.info.channels[happiness].at("unit"), "probability");
  EXPECT_EQ(first.info.channels[happiness].at("type"), "Expression");
  EXPECT_EQ(first.info.channels[channel(first, "w")].at("unit"), "pixels");
  // Five sightings and the frame without anybody.
  EXPECT_THAT(first.time_stamps, ElementsAre(0, 0.1, 0.2, 0.3, 0.4));
  ASSERT_EQ(first.time_series.size(), 16U);
  EXPECT_FLOAT_EQ(first.time_series[happiness].at(0), 0.1F);
  EXPECT_FLOAT_EQ(first.time_series[happiness].at(3), 0.9F);
  EXPECT_EQ(first.time_series[channel(first, "frame")].at(4), 5);
  EXPECT_EQ(first.time_series[channel(first, "x")].at(0), 10);
  for (const auto& series : first.time_series) {
    EXPECT_TRUE(std::isnan(series.at(2))) << "nobody in the third frame";
  }
  const auto& second = stream(xdf, "mien P2");
  EXPECT_THAT(second.time_stamps, ElementsAre(0, 0.1)) << "seen once, then gone";
  EXPECT_TRUE(std::isnan(second.time_series[happiness].at(1)));
  EXPECT_EQ(first.info.sample_count, 5);
  EXPECT_DOUBLE_EQ(first.info.first_timestamp, 0);
  EXPECT_DOUBLE_EQ(first.info.last_timestamp, 0.4);
}

TEST_F(XdfReadBackTest, LibxdfReadsMarkersAndOtherEvents) {
  const Xdf xdf = loaded(session_);
  using Text = std::pair<std::string, double>;
  EXPECT_THAT(texts(xdf, "mien markers"),
              ElementsAre(Text{"question <one> & two", 0.1}, Text{"marker", 0.3}));
  EXPECT_THAT(texts(xdf, "mien events"),
              ElementsAre(Text{"arrival P1", 0}, Text{"gap 4 frames", 0.3},
                          Text{"name P1: Ada & Co", 0.4}));
  EXPECT_EQ(stream(xdf, "mien markers").info.type, "Markers");
}

TEST_F(XdfReadBackTest, MovementsAndLandmarksAreChannelsWithUnits) {
  session_.columns = sessions::Columns::landmarks;
  session_.movements = {"jaw_drop", "of_a_later_version"};
  auto& seen = session_.rows[0].geometry.emplace();
  seen.presence = 0.9F;
  seen.pitch = 10, seen.yaw = -20, seen.roll = 30;
  seen.translation = {1, 2, 600};
  seen.movements = {0.5F, sessions::RowGeometry::kNothing};
  seen.eyes_open = 0.75F;
  seen.blinks = 3;
  seen.looks_at_camera = false;
  for (int i = 0; i < 68; ++i) seen.landmarks.emplace_back(100.F + static_cast<float>(i), 7.F);
  const Xdf xdf = loaded(session_);
  const auto& first = stream(xdf, "mien P1");
  ASSERT_EQ(first.info.channel_count, 16 + 7 + 2 + 4 + 136);
  const auto value = [&](const char* label) {
    return first.time_series.at(channel(first, label)).at(0);
  };
  EXPECT_EQ(first.info.channels[channel(first, "pose_yaw")].at("unit"), "degrees");
  EXPECT_EQ(first.info.channels[channel(first, "pose_Tz")].at("unit"), "millimeters");
  EXPECT_EQ(value("pose_yaw"), -20);
  EXPECT_EQ(value("pose_Tz"), 600);
  EXPECT_EQ(value("jaw_drop"), 0.5F);
  EXPECT_TRUE(std::isnan(value("of_a_later_version")));
  EXPECT_EQ(value("eyes_open"), 0.75F);
  EXPECT_EQ(value("eyes_closed"), 0);
  EXPECT_EQ(value("blinks"), 3);
  EXPECT_EQ(value("looks_at_camera"), 0);
  EXPECT_EQ(value("x_67"), 167);
  EXPECT_EQ(value("y_0"), 7);
  const auto& unmeasured = first.time_series.at(channel(first, "jaw_drop"));
  EXPECT_TRUE(std::isnan(unmeasured.at(1)));
}

TEST_F(XdfExportTest, EveryStreamHasHeaderClockOffsetsAndFooter) {
  const auto chunks = chunks_of(bytes_of(session_));
  ASSERT_FALSE(chunks.empty());
  EXPECT_EQ(chunks[0].tag, 1);
  EXPECT_EQ(inside(chunks[0].content, "version"), "1.0");
  std::map<std::uint32_t, std::vector<int>> tags;
  for (std::size_t i = 1; i < chunks.size(); ++i) {
    if (chunks[i].tag == 5) continue;
    tags[stream_of(chunks[i])].push_back(chunks[i].tag);
    if (chunks[i].tag == 4) {
      ASSERT_EQ(chunks[i].content.size(), 20U);
      double offset = -1;
      std::memcpy(&offset, chunks[i].content.data() + 12, sizeof offset);
      EXPECT_EQ(offset, 0) << "the file has one clock";
    }
  }
  ASSERT_EQ(tags.size(), 4U);
  for (const auto& [stream, order] : tags) {
    EXPECT_THAT(order, ElementsAre(2, 4, 3, 4, 6)) << "stream " << stream;
  }
}

TEST_F(XdfExportTest, FootersCountTheSamplesOfTheirStream) {
  const auto chunks = chunks_of(bytes_of(session_));
  std::map<std::uint32_t, std::uint64_t> samples;
  for (const auto& chunk : chunks) {
    std::size_t at = 4;
    if (chunk.tag == 3) samples[stream_of(chunk)] += length_at(chunk.content, at);
  }
  int footers = 0;
  for (const auto& chunk : chunks) {
    if (chunk.tag != 6) continue;
    ++footers;
    EXPECT_EQ(inside(chunk.content, "sample_count"), std::to_string(samples[stream_of(chunk)]));
  }
  EXPECT_EQ(footers, 4);
}

TEST_F(XdfReadBackTest, LongSessionsAreCutByBoundariesAndLoseNothing) {
  session_.rows.clear();
  session_.events.clear();
  const std::vector<float> neutral = {0.8F, 0.1F, 0.02F, 0.02F, 0.02F, 0.02F, 0.01F, 0.01F};
  for (std::uint64_t i = 0; i < 3000; ++i) {
    session_.rows.push_back(
        testing::made_row(i + 1, 1, static_cast<double>(i) * 0.04, neutral, "neutral"));
  }
  const auto chunks = chunks_of(bytes_of(session_));
  const auto boundaries = std::count_if(chunks.begin(), chunks.end(),
                                        [](const auto& chunk) { return chunk.tag == 5; });
  EXPECT_EQ(boundaries, 11);
  const Xdf xdf = loaded(session_);
  const auto& stream = this->stream(xdf, "mien P1");
  ASSERT_EQ(stream.time_stamps.size(), 3000U);
  EXPECT_DOUBLE_EQ(stream.time_stamps.back(), 2999 * 0.04);
  const auto& frames = stream.time_series.at(channel(stream, "frame"));
  for (std::size_t i = 0; i < frames.size(); ++i)
    ASSERT_EQ(frames[i], static_cast<float>(i + 1));
}

TEST_F(XdfReadBackTest, TextsThatAreNotXmlDoNoHarm) {
  session_.labels[1] = "<happy> & \"glad\"";
  session_.names[1] = "]]></info>\x01";
  const Xdf xdf = loaded(session_);
  EXPECT_EQ(stream(xdf, "mien P1").info.channels.at(2).at("label"), "<happy> & \"glad\"");
  for (const auto& chunk : chunks_of(bytes_of(session_))) {
    if (chunk.tag == 2 && inside(chunk.content, "name") == "mien P1") {
      EXPECT_THAT(chunk.content, HasSubstr("]]&gt;&lt;/info&gt; </name>"));
    }
  }
}

TEST_F(XdfExportTest, ASessionOfNothingHasAnEmptyStreamOfMarkers) {
  session_.rows.clear();
  session_.events.clear();
  const auto chunks = chunks_of(bytes_of(session_));
  std::vector<int> tags;
  for (const auto& chunk : chunks) tags.push_back(chunk.tag);
  EXPECT_THAT(tags, ElementsAre(1, 2, 4, 6)) << "one moment has one clock offset";
}

TEST_F(XdfExportTest, ACrowdThatNoReaderWouldOpenIsRefused) {
  session_.rows.clear();
  for (int person = 1; person <= 10'001; ++person) {
    session_.rows.push_back(testing::made_row(1, person, 0, {}, "neutral"));
  }
  try {
    bytes_of(session_);
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("10001 people"));
  }
}

}  // namespace
}  // namespace mien::reports
