#include "mien/sessions/faces_table.hpp"

#include <gtest/gtest.h>

#include "mien/base/error.hpp"

#include "support/session_fixture.hpp"

namespace mien::sessions {
namespace {

using namespace std::chrono_literals;
using FacesTableTest = testing::SessionTest;

TEST_F(FacesTableTest, LabelsOfAModelsOwnAreQuoted) {
  const auto file = root_ / "faces.csv";
  FacesTable table(file, {"calm, or bored", "\"ha\""});
  table.write(1, 0,
              testing::analysed(testing::picture({8, 8}, 0), 0ms,
                                {testing::reading(1, {0, 0, 4, 4}, {0.9F, 0.1F})},
                                {"calm, or bored", "\"ha\""}));
  table.close();
  const auto rows = testing::lines(file);
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
              testing::analysed(testing::picture({8, 8}, 0), 0ms,
                                {testing::reading(1, {0, 0, 4, 4}, {})}, {"neutral"}));
  table.close();
  EXPECT_EQ(testing::lines(file).at(1),
            "1,1,0.000,0.875,1,0.0,0.0,4.0,4.0,,not sure,0.0000,low "
            "probability,0.5000");
}

TEST_F(FacesTableTest, AnExistingTableIsNotTouched) {
  const auto file = root_ / "faces.csv";
  std::ofstream(file) << "precious";
  EXPECT_THROW(FacesTable(file, {"neutral"}), base::Error);
  EXPECT_EQ(testing::contents(file), "precious");
}

}  // namespace
}  // namespace mien::sessions
