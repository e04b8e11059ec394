#include "mien/sessions/faces_table.hpp"

#include <gtest/gtest.h>

#include "mien/base/error.hpp"

#include "support/session_fixture.hpp"

namespace mien {
namespace {

using namespace std::chrono_literals;
using FacesTableTest = SessionTest;

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
