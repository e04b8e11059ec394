#include "mien/sessions/faces_table.hpp"

#include <limits>

#include <gtest/gtest.h>

#include "mien/base/error.hpp"

#include "support/session_fixture.hpp"

namespace mien {
namespace {

using namespace std::chrono_literals;
using FacesTableTest = SessionTest;

TEST(CsvField, QuotesOnlyWhatNeedsIt) {
  EXPECT_EQ(csv_field("happiness"), "happiness");
  EXPECT_EQ(csv_field(""), "");
  EXPECT_EQ(csv_field("a,b"), "\"a,b\"");
  EXPECT_EQ(csv_field("say \"cheese\""), "\"say \"\"cheese\"\"\"");
  EXPECT_EQ(csv_field("two\nlines"), "\"two\nlines\"");
}

TEST(CsvNumber, HasAPointAndItsDigits) {
  EXPECT_EQ(csv_number(1.5, 3), "1.500");
  EXPECT_EQ(csv_number(-0.25, 1), "-0.2");
  EXPECT_EQ(csv_number(12345678.9, 1), "12345678.9");
  EXPECT_EQ(csv_number(1e300, 0).size(), 301U);
  EXPECT_EQ(csv_number(std::numeric_limits<double>::quiet_NaN(), 2), "");
  EXPECT_EQ(csv_number(std::numeric_limits<double>::infinity(), 2), "");
}

TEST_F(FacesTableTest, LabelsOfAModelsOwnAreQuoted) {
  const auto file = root_ / "faces.csv";
  FacesTable table(file, {"calm, or bored", "\"ha\""});
  table.write(1, 0,
              analysed(picture({8, 8}, 0), 0ms, {reading(1, {0, 0, 4, 4}, {0.9F, 0.1F})},
                       {"calm, or bored", "\"ha\""}));
  table.close();
  const auto rows = lines(file);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(
      rows[0],
      "frame,face_id,timestamp,confidence,success,x,y,w,h,\"calm, or bored\",\"\"\"ha\"\"\","
      "verdict,certainty,reason,valence");
  EXPECT_EQ(
      rows[1],
      "1,1,0.000,0.875,1,0.0,0.0,4.0,4.0,0.9000,0.1000,\"calm, or bored\",0.9000,,0.5000");
}

TEST_F(FacesTableTest, AModelThatSaidNothingLeavesItsColumnsEmpty) {
  const auto file = root_ / "faces.csv";
  FacesTable table(file, {"neutral"});
  table.write(1, 0,
              analysed(picture({8, 8}, 0), 0ms, {reading(1, {0, 0, 4, 4}, {})}, {"neutral"}));
  table.close();
  EXPECT_EQ(lines(file).at(1),
            "1,1,0.000,0.875,1,0.0,0.0,4.0,4.0,,not sure,0.0000,low "
            "probability,0.5000");
}

TEST_F(FacesTableTest, AnExistingTableIsNotTouched) {
  const auto file = root_ / "faces.csv";
  std::ofstream(file) << "precious";
  EXPECT_THROW(FacesTable(file, {"neutral"}), Error);
  EXPECT_EQ(contents(file), "precious");
}

}  // namespace
}  // namespace mien
