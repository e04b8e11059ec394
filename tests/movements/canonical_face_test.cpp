#include "mien/movements/canonical_face.hpp"

#include <functional>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mien/base/error.hpp"
#include "mien/base/face_mesh.hpp"
#include "mien/base/files.hpp"
#include "mien/models/sha256.hpp"

#include "shipped_mesh.hpp"
#include "support/temporary_folder.hpp"

namespace mien::movements {
namespace {

using ::testing::HasSubstr;

TEST(CanonicalFaceTest, TheShippedOneIsAFace) {
  const CanonicalFace& face = canonical_face();
  ASSERT_EQ(face.points.size(), static_cast<std::size_t>(base::kMeshPoints));
  EXPECT_EQ(face.weights.size(), 33u);
  EXPECT_EQ(face.triangles.size(), 898u);
  const auto at = [&](int i) { return face.points[static_cast<std::size_t>(i)]; };
  EXPECT_LT(at(33).x, 0) << "the person's right is left in the picture";
  EXPECT_NEAR(at(33).x, -at(263).x, 0.01);
  EXPECT_LT(at(10).y, at(152).y) << "y points down";
  EXPECT_LT(at(1).z, at(33).z) << "the nose is nearer to the camera than the eyes";
  EXPECT_NEAR(at(263).x - at(33).x, 88.9, 0.1) << "millimetres";
}

// The iBUG scheme is symmetric about the middle of the face, and so is the canonical face.
TEST(CanonicalFaceTest, The68PointsAreWhereTheirSchemeHasThem) {
  const auto points = base::mesh_to_68();
  const auto at = [&](std::size_t i) {
    return canonical_face().points.at(static_cast<std::size_t>(points[i]));
  };
  EXPECT_EQ(std::set<int>(points.begin(), points.end()).size(), points.size());
  constexpr std::size_t kMirrored[] = {
      16, 15, 14, 13, 12, 11, 10, 9,  8,  7,  6,  5,  4, 3, 2, 1, 0,  // jaw
      26, 25, 24, 23, 22, 21, 20, 19, 18, 17,                         // brows
      27, 28, 29, 30, 35, 34, 33, 32, 31,                             // nose
      45, 44, 43, 42, 47, 46, 39, 38, 37, 36, 41, 40,                 // eyes
      54, 53, 52, 51, 50, 49, 48, 59, 58, 57, 56, 55,                 // lips outside
      64, 63, 62, 61, 60, 67, 66, 65};                                // and inside
  for (std::size_t i = 0; i < points.size(); ++i) {
    EXPECT_NEAR(at(i).x, -at(kMirrored[i]).x, 0.5) << i;
    EXPECT_NEAR(at(i).y, at(kMirrored[i]).y, 0.5) << i;
  }
  for (std::size_t i = 1; i < 17; ++i) EXPECT_GT(at(i).x, at(i - 1).x - 1) << "jaw " << i;
  EXPECT_LT(at(36).x, at(39).x) << "outer corner of the right eye first";
  EXPECT_LT(at(27).y, at(30).y) << "down the nose";
  EXPECT_LT(at(62).y, at(66).y) << "upper lip first";
}

/// A card whose canonical face is `content`, in a folder of its own.
class DamagedCanonicalFace : public ::testing::Test {
 protected:
  std::string refusal(const std::string& content, bool listed = true) {
    models::ModelCard card = mesh_card();
    card.folder = folder_.path();
    const auto file = folder_.write(kCanonicalFaceFile, content);
    card.files = {{listed ? kCanonicalFaceFile : "other.json", content.size(),
                   models::sha256_file(file)}};
    try {
      read_canonical_face(card);
    } catch (const base::Error& error) {
      return error.what();
    }
    return "it was taken";
  }
  testing::TemporaryFolder folder_;
  const nlohmann::json sound_ = nlohmann::json::parse(
      base::read_text_file(testing::kShippedModels / "face-mesh" / kCanonicalFaceFile));
};

TEST_F(DamagedCanonicalFace, IsASentenceThatNamesTheFile) {
  EXPECT_EQ(refusal(sound_.dump()), "it was taken");
  EXPECT_THAT(refusal(sound_.dump(), false),
              HasSubstr("its card lists no canonical_face.json"));
  const auto broken = [&](const std::function<void(nlohmann::json&)>& edit) {
    auto json = sound_;
    edit(json);
    return refusal(json.dump());
  };
  const auto is_said = ::testing::AllOf(HasSubstr((folder_ / kCanonicalFaceFile).string()),
                                        HasSubstr("damaged"));
  EXPECT_THAT(refusal("no json"), is_said);
  EXPECT_THAT(refusal("[]"), is_said);
  EXPECT_THAT(refusal(std::string(100, '[')), is_said);
  EXPECT_THAT(broken([](auto& json) { json["points"].erase(0); }), is_said);
  EXPECT_THAT(broken([](auto& json) { json["points"][3] = {1, 2}; }), is_said);
  EXPECT_THAT(broken([](auto& json) { json["points"][3][0] = 1e30; }), is_said);
  EXPECT_THAT(broken([](auto& json) { json["points"][3][0] = "far"; }), is_said);
  EXPECT_THAT(broken([](auto& json) { json["weights"][0][0] = 468; }), is_said);
  EXPECT_THAT(broken([](auto& json) { json["weights"][0][0] = 1.5; }), is_said);
  EXPECT_THAT(broken([](auto& json) { json["weights"][0][1] = 0; }), is_said);
  EXPECT_THAT(broken([](auto& json) { json["weights"] = nlohmann::json::array(); }), is_said);
  EXPECT_THAT(broken([](auto& json) { json["triangles"][0][2] = -1; }), is_said);
  EXPECT_THAT(broken([](auto& json) { json.erase("triangles"); }), is_said);
}

}  // namespace
}  // namespace mien::movements
