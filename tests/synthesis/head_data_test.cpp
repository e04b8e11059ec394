#include "mien/synthesis/head_data.hpp"

#include <cstring>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "mien/base/error.hpp"
#include "mien/base/files.hpp"
#include "mien/synthesis/rng.hpp"

namespace mien::synthesis {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class HeadDataTest : public ::testing::Test {
 protected:
  HeadDataTest() : whole_(base::read_text_file(source())) {}
  ~HeadDataTest() override { std::filesystem::remove(file_); }
  static std::filesystem::path source() {
    return std::filesystem::path(MIEN_SOURCE_DIR) / "assets/head/head.bin";
  }
  /// The sentence that refuses these bytes, or nothing when they are a head.
  std::string refusal(const std::string& bytes, const std::string& sha256 = {}) const {
    std::ofstream(file_, std::ios::binary) << bytes;
    try {
      read_head(file_, sha256);
      return {};
    } catch (const base::Error& error) {
      return error.what();
    }
  }

  std::string whole_;
  std::filesystem::path file_ = std::filesystem::temp_directory_path() /
                                ("mien-head-" + std::to_string(::getpid()) + ".bin");
};

TEST_F(HeadDataTest, TheBuiltinHeadIsWhole) {
  const HeadData head = read_head(source());
  EXPECT_GT(head.positions.size(), 5000U);
  EXPECT_EQ(head.triangles.size(), head.parts.size());
  EXPECT_EQ(head.positions.size(), head.origins.size());
  for (const char* group : {"african", "asian", "caucasian"}) {
    int units = 0, macros = 0;
    for (const auto& target : head.targets) {
      units += target.name.starts_with(std::string("expression/units/") + group + '/');
      macros += target.name.starts_with(std::string("macrodetails/") + group + '-');
    }
    EXPECT_EQ(units, 34) << group;
    EXPECT_EQ(macros, 8) << group;
  }
  const auto at = [&](const char* name) { return head.positions[head.landmark(name)]; };
  EXPECT_GT(at("left-mouth-corner").x, 0.2f) << "the person's left is at positive x";
  EXPECT_LT(at("right-mouth-corner").x, -0.2F);
  EXPECT_GT(at("nose-tip").z, at("chin").z);
  EXPECT_LT(at("chin").y, at("nose-tip").y);
  EXPECT_EQ(head.target("no such target"), -1);
  EXPECT_THROW(head.landmark("no such landmark"), base::Error);
}

TEST_F(HeadDataTest, AFileThatIsMissingEmptyOrSomethingElseIsASentence) {
  EXPECT_THAT(refusal(""), HasSubstr("damaged"));
  EXPECT_THAT(refusal("not a head at all"), HasSubstr("does not begin as one"));
  EXPECT_THROW(read_head("/nowhere/head.bin"), base::Error);
  EXPECT_THROW(read_head(std::filesystem::temp_directory_path()), base::Error);
  EXPECT_THAT(refusal(whole_ + "x"), HasSubstr("more than it says"));
}

TEST_F(HeadDataTest, OneThatIsCutAnywhereIsASentence) {
  Rng rng(11);
  for (int i = 0; i < 60; ++i) {
    const auto length = static_cast<std::size_t>(rng.below(static_cast<int>(whole_.size())));
    EXPECT_THAT(refusal(whole_.substr(0, length)), HasSubstr("damaged")) << length;
  }
}

TEST_F(HeadDataTest, OneWhoseBytesAreOthersIsASentence) {
  EXPECT_EQ(refusal(whole_, kHeadSha256), "") << "write the new sum into head_data.hpp";
  std::string other = whole_;
  for (std::size_t i = 100; i < 2000; ++i) other[i] ^= 0x55;  // where its vertices are
  ASSERT_EQ(refusal(other), "") << "it is a head all the same";
  EXPECT_THAT(refusal(other, kHeadSha256),
              AllOf(HasSubstr(file_.string()), HasSubstr("SHA-256"),
                    HasSubstr("install the program again")));
}

TEST_F(HeadDataTest, HugeCountsReserveNothing) {
  for (std::size_t field = 8; field < 32; field += 4) {
    std::string bytes = whole_;
    const std::uint32_t most = 0xFFFFFFFF;
    std::memcpy(bytes.data() + field, &most, 4);
    EXPECT_THAT(refusal(bytes), HasSubstr("damaged")) << field;
  }
}

TEST_F(HeadDataTest, DamagedBytesAreRefusedOrHarmless) {
  Rng rng(12);
  int refused = 0;
  for (int i = 0; i < 150; ++i) {
    std::string bytes = whole_;
    // Half of the damage goes to the head of the file, where the counts and indices are.
    const int reach = static_cast<int>(i % 2 == 0 ? bytes.size() : 3000);
    for (int hit = 0; hit < 8; ++hit) {
      bytes[static_cast<std::size_t>(rng.below(reach))] = static_cast<char>(rng.next());
    }
    std::ofstream(file_, std::ios::binary) << bytes;
    try {
      const HeadData head = read_head(file_);
      for (const auto& triangle : head.triangles) {
        for (const auto v : triangle) ASSERT_LT(v, head.positions.size());
      }
      for (const auto& target : head.targets) {
        ASSERT_EQ(target.vertices.size(), target.moves.size());
        for (const auto v : target.vertices) ASSERT_LT(v, head.positions.size());
      }
    } catch (const base::Error& error) {
      ++refused;
      EXPECT_THAT(error.what(), HasSubstr("damaged"));
    }
  }
  EXPECT_GT(refused, 0);
}

}  // namespace
}  // namespace mien::synthesis
