#include "mesh_shape.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "support/session_fixture.hpp"

namespace mien::overlay {
namespace {

const base::FaceMesh& some_mesh() {
  static const base::FaceMesh mesh = testing::measured_face({0, 0, 100, 100}, 0, 0).mesh;
  return mesh;
}

TEST(MeshShape, TheFeaturesAreLinesBetweenPointsOfTheMesh) {
  const auto lines = shown_lines(some_mesh(), MeshStyle::features);
  std::set<std::pair<int, int>> different;
  std::map<int, int> ends;
  for (const auto& [from, to] : lines) {
    ASSERT_GE(std::min(from, to), 0);
    ASSERT_LT(std::max(from, to), base::kMeshPoints);
    EXPECT_NE(from, to);
    EXPECT_TRUE(different.insert(std::minmax({from, to})).second) << from << " to " << to;
    ++ends[from];
    ++ends[to];
  }
  // Outline, lips and eyes are closed; four brow lines and two of the nose have two ends each.
  EXPECT_EQ(std::count_if(ends.begin(), ends.end(),
                          [](const auto& point) { return point.second == 1; }),
            2 * 6);
  EXPECT_TRUE(std::all_of(ends.begin(), ends.end(),
                          [](const auto& point) { return point.second <= 2; }));
  // Eyes, lips and the chin that the 68 points have are among them.
  for (const std::size_t point : {8U, 36U, 39U, 42U, 45U, 48U, 54U, 57U, 62U, 66U}) {
    EXPECT_TRUE(ends.count(base::mesh_to_68()[point])) << point;
  }
}

TEST(MeshShape, AllLinesAreThoseOfTheModel) {
  const auto lines = shown_lines(some_mesh(), MeshStyle::lines);
  EXPECT_EQ(lines.data(), some_mesh().lines->data()) << "no copy for each face and redraw";
  EXPECT_EQ(lines.size(), some_mesh().lines->size());
  EXPECT_TRUE(shown_lines(some_mesh(), MeshStyle::off).empty());
  auto unknown = some_mesh();
  unknown.lines.reset();
  EXPECT_TRUE(shown_lines(unknown, MeshStyle::lines).empty());
  EXPECT_FALSE(shown_lines(unknown, MeshStyle::features).empty());
}

TEST(MeshShape, WithoutAllItsPointsAMeshHasNoLines) {
  auto mesh = some_mesh();
  mesh.points.pop_back();
  for (const auto style : {MeshStyle::features, MeshStyle::lines}) {
    EXPECT_TRUE(shown_lines(mesh, style).empty());
  }
  mesh.points.clear();
  EXPECT_TRUE(shown_lines(mesh, MeshStyle::features).empty());
}

TEST(MeshShape, TheAxesAreThoseOfTheHeadsRotation) {
  const auto rotation = [](double pitch, double yaw, double roll) {
    const double radians = CV_PI / 180;
    const double cp = std::cos(pitch * radians), sp = std::sin(pitch * radians);
    const double cy = std::cos(yaw * radians), sy = std::sin(yaw * radians);
    const double cr = std::cos(roll * radians), sr = std::sin(roll * radians);
    const cv::Matx33d x(1, 0, 0, 0, cp, -sp, 0, sp, cp);
    const cv::Matx33d y(cy, 0, sy, 0, 1, 0, -sy, 0, cy);
    const cv::Matx33d z(cr, -sr, 0, sr, cr, 0, 0, 0, 1);
    return x * y * z;
  };
  for (const auto& [pitch, yaw, roll] : std::vector<std::array<float, 3>>{
           {0, 0, 0}, {20, 0, 0}, {0, -35, 0}, {0, 0, 50}, {-15, 40, -25}, {60, -70, 130}}) {
    const auto r = rotation(pitch, yaw, roll);
    const auto ends = axis_ends({pitch, yaw, roll, {}});
    const cv::Vec3d axes[] = {{1, 0, 0}, {0, -1, 0}, {0, 0, -1}};
    for (std::size_t i = 0; i < ends.size(); ++i) {
      const cv::Vec3d at = r * axes[i];
      EXPECT_NEAR(ends[i].x, at[0], 1e-5) << i << " of " << pitch << ' ' << yaw << ' ' << roll;
      EXPECT_NEAR(ends[i].y, at[1], 1e-5) << i << " of " << pitch << ' ' << yaw << ' ' << roll;
    }
  }
}

}  // namespace
}  // namespace mien::overlay
