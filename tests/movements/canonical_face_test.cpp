#include "mien/movements/canonical_face.hpp"

#include <functional>

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
