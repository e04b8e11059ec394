#include "mien/sessions/faces_table.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>
#include <utility>

#include <gmock/gmock.h>

#include "mien/base/error.hpp"
#include "mien/base/movements.hpp"
#include "mien/sessions/csv_reader.hpp"
#include "mien/sessions/recorded_session.hpp"

#include "support/recorded_fixture.hpp"
#include "support/session_fixture.hpp"

namespace mien::sessions {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
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

/// A reading whose face was measured: all movements 0.25, points on a diagonal.
base::FaceReading measured_reading() {
  auto reading = testing::reading(2, {0, 0, 4, 4}, {1});
  auto& geometry = reading.geometry.emplace();
  geometry.mesh.presence = 0.99F;
  for (int i = 0; i < base::kMeshPoints; ++i) {
    geometry.mesh.points.emplace_back(static_cast<float>(i), 2 * static_cast<float>(i), 0.F);
  }
  geometry.pose = base::HeadPose{1.25F, -20.5F, 3, {10, -20, 600}};
  geometry.movements.assign(base::movements().size(), 0.25F);
  geometry.eyes.opening = 0.5F;
  geometry.eyes.closed = true;
  geometry.eyes.blinks = 7;
  geometry.towards_camera = true;
  return reading;
}

base::FaceReading refused_reading() {
  auto reading = testing::reading(3, {8, 0, 4, 4}, {1});
  auto& geometry = reading.geometry.emplace();
  geometry.doubt = base::MeshDoubt::no_face;
  geometry.mesh.presence = 0.125F;
  geometry.eyes.blinks = 2;
  return reading;
}

TEST_F(FacesTableTest, MovementsAndLandmarksComeBack) {
  for (const auto columns : {Columns::movements, Columns::landmarks}) {
    const auto file = root_ / (std::string(word(columns)) + ".csv");
    FacesTable table(file, {"neutral"}, false, columns);
    table.write(1, 0,
                testing::analysed(testing::picture({8, 8}, 0), 0ms,
                                  {measured_reading(), refused_reading(),
                                   testing::reading(4, {0, 4, 4, 4}, {1})},
                                  {"neutral"}));
    table.write(2, 40, testing::analysed(testing::picture({8, 8}, 1), 40ms, {}, {"neutral"}));
    table.close();
    const FacesFile faces = read_faces(file);
    EXPECT_EQ(faces.columns, columns);
    EXPECT_EQ(faces.labels, std::vector<std::string>{"neutral"});
    ASSERT_EQ(faces.movements.size(), base::movements().size());
    EXPECT_EQ(faces.movements.front(), base::movements().front().id);
    ASSERT_EQ(faces.rows.size(), 4U);
    ASSERT_TRUE(faces.rows[0].geometry);
    const RowGeometry& seen = *faces.rows[0].geometry;
    EXPECT_FLOAT_EQ(seen.presence, 0.99F);
    EXPECT_EQ(seen.no_mesh, "");
    EXPECT_TRUE(seen.has_pose());
    EXPECT_FLOAT_EQ(seen.pitch, 1.25F);
    EXPECT_FLOAT_EQ(seen.yaw, -20.5F);
    EXPECT_FLOAT_EQ(seen.translation.z, 600);
    EXPECT_EQ(seen.movements, std::vector<float>(base::movements().size(), 0.25F));
    EXPECT_FLOAT_EQ(seen.eyes_open, 0.5F);
    EXPECT_TRUE(seen.eyes_closed);
    EXPECT_EQ(seen.blinks, 7);
    EXPECT_EQ(seen.looks_at_camera, true);
    EXPECT_EQ(faces.rows[1].geometry->looks_at_camera, std::nullopt);
    if (columns == Columns::landmarks) {
      ASSERT_EQ(seen.landmarks.size(), 68U);
      EXPECT_EQ(seen.landmarks[8], cv::Point2f(152, 304)) << "the chin";
    } else {
      EXPECT_TRUE(seen.landmarks.empty());
    }
    ASSERT_TRUE(faces.rows[1].geometry);
    EXPECT_EQ(faces.rows[1].geometry->no_mesh, base::describe(base::MeshDoubt::no_face));
    EXPECT_FALSE(faces.rows[1].geometry->has_pose());
    EXPECT_TRUE(std::isnan(faces.rows[1].geometry->movements.at(0)));
    EXPECT_TRUE(faces.rows[1].geometry->landmarks.empty());
    EXPECT_EQ(faces.rows[1].geometry->blinks, 2);
    EXPECT_FALSE(faces.rows[2].geometry) << "nobody measured it";
    EXPECT_FALSE(faces.rows[3].geometry) << "no face";
  }
}

TEST_F(FacesTableTest, PointsOutsideThePictureAreEmptyCells) {
  const auto file = root_ / "faces.csv";
  FacesTable table(file, {"neutral"}, false, Columns::landmarks);
  auto reading = measured_reading();
  reading.geometry->mesh.picture = {200, 250};
  auto unseen = refused_reading();
  unseen.geometry->doubt = base::MeshDoubt::too_small;
  unseen.geometry->mesh.presence = RowGeometry::kNothing;
  table.write(
      1, 0,
      testing::analysed(testing::picture({8, 8}, 0), 0ms, {reading, unseen}, {"neutral"}));
  table.close();
  const FacesFile faces = read_faces(file);
  const auto& points = faces.rows.at(0).geometry->landmarks;
  ASSERT_EQ(points.size(), 68U);
  int outside = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const int at = base::mesh_to_68()[i];
    if (at < 125) {
      EXPECT_EQ(points[i], cv::Point2f(static_cast<float>(at), 2 * static_cast<float>(at)));
    } else {
      EXPECT_TRUE(std::isnan(points[i].x) && std::isnan(points[i].y)) << at;
      ++outside;
    }
  }
  EXPECT_GT(outside, 10);
  ASSERT_TRUE(faces.rows.at(1).geometry);
  EXPECT_TRUE(std::isnan(faces.rows[1].geometry->presence)) << "no network looked";
  EXPECT_EQ(faces.rows[1].geometry->no_mesh, base::describe(base::MeshDoubt::too_small));
}

TEST_F(FacesTableTest, MeasurementsThatNoFaceHasAreRefused) {
  const auto file = root_ / "faces.csv";
  FacesTable table(file, {"neutral"}, false, Columns::movements);
  for (int i = 0; i < 2; ++i) {
    table.write(static_cast<std::uint64_t>(i) + 1, 40 * i,
                testing::analysed(testing::picture({8, 8}, i), 40ms * i, {measured_reading()},
                                  {"neutral"}));
  }
  table.close();
  const auto lines = testing::lines(file);
  ASSERT_EQ(lines.size(), 3U);
  const auto cells_of = [](const std::string& line) {
    std::vector<std::string> cells;
    std::istringstream in(line);
    for (std::string cell; std::getline(in, cell, ',');) cells.push_back(cell);
    return cells;
  };
  const auto header = cells_of(lines[0]);
  // The table with another cell in its last row.
  const auto read_with = [&](const std::string& column, const std::string& value) {
    auto cells = cells_of(lines[2]);
    const auto place = std::find(header.begin(), header.end(), column) - header.begin();
    cells.at(static_cast<std::size_t>(place)) = value;
    std::string text = lines[0] + "\r\n" + lines[1] + "\r\n";
    for (const auto& cell : cells) text += cell + ',';
    text.pop_back();
    testing::put(file, text + "\r\n");
    return read_faces(file);
  };
  using Change = std::pair<const char*, const char*>;
  for (const auto& [column, value] :
       {Change{"pose_yaw", "nan"}, Change{"pose_pitch", "720"}, Change{"pose_roll", "-180.5"},
        Change{"pose_Tz", "inf"}, Change{"presence", "7"}, Change{"presence", "-0.1"},
        Change{"eyes_closed", "2"}, Change{"eyes_closed", "0.5"},
        Change{"looks_at_camera", "-1"}, Change{"eyes_open", "nan"}, Change{"eyes_open", "-1"},
        Change{"blinks", "999999"}, Change{"blinks", "-4"}}) {
    try {
      read_with(column, value);
      ADD_FAILURE() << column << ' ' << value;
    } catch (const base::Error& error) {
      EXPECT_THAT(error.what(), HasSubstr("line 3"));
      EXPECT_THAT(error.what(), HasSubstr(value));
    }
  }
  for (const auto& [column, value] :
       {Change{"pose_yaw", "180.00"}, Change{"pose_yaw", ""}, Change{"presence", "1"},
        Change{"eyes_closed", ""}, Change{"looks_at_camera", ""}, Change{"eyes_open", "12.5"},
        Change{"blinks", "8"}, Change{"blinks", "0"}}) {
    EXPECT_NO_THROW(read_with(column, value)) << column << ' ' << value;
  }
}

TEST_F(FacesTableTest, HeadersOfLaterVersionsAndOthersAreToldApart) {
  const auto layout = [](const std::string& line) {
    const std::string text = line + "\r\n";
    CsvReader reader(text);
    std::vector<std::string_view> cells;
    reader.next(cells);
    return layout_of(cells);
  };
  const std::string basic = faces_header({"verdict", "certainty"}, true);
  ASSERT_TRUE(layout(basic));
  EXPECT_EQ(layout(basic)->labels, (std::vector<std::string>{"verdict", "certainty"}));
  EXPECT_TRUE(layout(basic)->files);
  EXPECT_EQ(layout(basic)->columns, Columns::basic);
  std::string later = faces_header({"neutral"}, false, Columns::movements);
  later.insert(later.find(",eyes_open"), ",nose_wrinkle");
  ASSERT_TRUE(layout(later));
  EXPECT_EQ(layout(later)->movements.size(), base::movements().size() + 1);
  EXPECT_EQ(layout(later)->movements.back(), "nose_wrinkle");
  EXPECT_EQ(layout(later)->columns, Columns::movements);
  EXPECT_FALSE(layout(basic + ",more"));
  // 256 movements at most, whoever wrote the table.
  std::string many = faces_header({"neutral"}, false, Columns::movements);
  for (auto i = base::movements().size(); i < 256; ++i) {
    many.insert(many.find(",eyes_open"), ",m" + std::to_string(i));
  }
  ASSERT_TRUE(layout(many));
  EXPECT_EQ(layout(many)->movements.size(), 256U);
  many.insert(many.find(",eyes_open"), ",one_more");
  EXPECT_FALSE(layout(many));
  // The first version did not have the gaze.
  for (const auto columns : {Columns::movements, Columns::landmarks}) {
    std::string earlier = faces_header({"neutral"}, false, columns);
    EXPECT_TRUE(layout(earlier)->gaze);
    earlier.erase(earlier.find(",looks_at_camera"), std::string(",looks_at_camera").size());
    ASSERT_TRUE(layout(earlier));
    EXPECT_EQ(layout(earlier)->columns, columns);
    EXPECT_FALSE(layout(earlier)->gaze);
  }
  std::string fewer = faces_header({"neutral"}, false, Columns::landmarks);
  EXPECT_EQ(layout(fewer)->columns, Columns::landmarks);
  fewer.resize(fewer.rfind(','));
  EXPECT_FALSE(layout(fewer));
}

// The table of movements had other rows before a network read most of them.
TEST_F(FacesTableTest, ATableWithOtherMovementsIsReadByItsNames) {
  const std::vector<std::string> old = {"eye_opening_right",
                                        "eye_opening_left",
                                        "brow_inner_right",
                                        "brow_inner_left",
                                        "brow_outer_right",
                                        "brow_outer_left",
                                        "corner_height_right",
                                        "corner_height_left",
                                        "mouth_opening",
                                        "mouth_width",
                                        "jaw_drop"};
  std::string text = faces_header({"neutral"}) +
                     ",presence,no_mesh,pose_pitch,pose_yaw,pose_roll,pose_Tx,pose_Ty,pose_Tz";
  for (const auto& id : old) text += "," + id;
  text +=
      ",eyes_open,eyes_closed,blinks\r\n"
      "1,1,0.000,0.900,1,0.0,0.0,4.0,4.0,1.0000,neutral,1.0000,,0.0000,0.990,,"
      "1.00,2.00,3.00,4.0,5.0,600.0";
  for (std::size_t i = 0; i < old.size(); ++i) text += ",0." + std::to_string(10 + i);
  text += ",1.000,0,3\r\n";
  const auto file = root_ / "faces.csv";
  std::ofstream(file, std::ios::binary) << text;
  const auto faces = read_faces(file);
  EXPECT_EQ(faces.movements, old);
  ASSERT_EQ(faces.rows.size(), 1U);
  ASSERT_TRUE(faces.rows[0].geometry);
  ASSERT_EQ(faces.rows[0].geometry->movements.size(), old.size());
  EXPECT_FLOAT_EQ(faces.rows[0].geometry->movements[2], 0.12F) << "brow_inner_right";
  EXPECT_FLOAT_EQ(faces.rows[0].geometry->movements[10], 0.20F);
  EXPECT_EQ(faces.rows[0].geometry->blinks, 3);
}

TEST_F(FacesTableTest, DamagedMovementsAreASentence) {
  const auto file = root_ / "faces.csv";
  FacesTable table(file, {"neutral"}, false, Columns::landmarks);
  table.write(
      1, 0,
      testing::analysed(testing::picture({8, 8}, 0), 0ms, {measured_reading()}, {"neutral"}));
  table.close();
  const std::string sound = testing::contents(file);
  for (const auto& [part, broken] : {std::pair{",-20.50", ",far"},
                                     {",-20.50", ",1e30"},
                                     {",1,7,", ",1,-7,"},
                                     {",0.250", ",0.25x"}}) {
    std::string text = sound;
    text.replace(text.find(part), std::string(part).size(), broken);
    std::ofstream(file, std::ios::trunc) << text;
    EXPECT_THROW(read_faces(file), base::Error) << broken;
  }
}

TEST_F(FacesTableTest, AnExistingTableIsNotTouched) {
  const auto file = root_ / "faces.csv";
  std::ofstream(file) << "precious";
  EXPECT_THROW(FacesTable(file, {"neutral"}), base::Error);
  EXPECT_EQ(testing::contents(file), "precious");
}

}  // namespace
}  // namespace mien::sessions
