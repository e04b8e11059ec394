#include "isolated_detector.hpp"

#include <limits>

#include <gtest/gtest.h>
#include <opencv2/imgcodecs.hpp>

#include "mien/base/error.hpp"
#include "mien/models/model_library.hpp"

#include "portrait.hpp"
#include "support/temporary_folder.hpp"

namespace mien::faces {
namespace {

namespace fs = std::filesystem;
const fs::path kRoot = MIEN_SOURCE_DIR;

TEST(IsolatedDetector, FindsWhatTheSameDetectorFindsHere) {
  const testing::TemporaryFolder folder;
  fs::copy(kRoot / "models/blazeface", folder / "blazeface", fs::copy_options::recursive);
  const models::ModelCard foreign = models::load_model_card(folder / "blazeface");
  ASSERT_FALSE(models::is_shipped(foreign));
  const auto apart = make_detector("blazeface", models::ModelLibrary({folder.path()}));
  EXPECT_NE(dynamic_cast<IsolatedDetector*>(apart.get()), nullptr);
  const auto here = make_detector("blazeface", models::ModelLibrary({kRoot / "models"}));
  EXPECT_EQ(dynamic_cast<IsolatedDetector*>(here.get()), nullptr);
  const cv::Mat portrait = faces::portrait();
  ASSERT_FALSE(portrait.empty());
  const auto expected = here->detect(portrait);
  const auto faces = apart->detect(portrait);
  ASSERT_FALSE(expected.empty());
  ASSERT_EQ(faces.size(), expected.size());
  for (std::size_t i = 0; i < faces.size(); ++i) {
    EXPECT_EQ(faces[i].box, expected[i].box);
    EXPECT_EQ(faces[i].confidence, expected[i].confidence);
    ASSERT_TRUE(faces[i].landmarks && expected[i].landmarks);
    EXPECT_EQ(faces[i].landmarks->mouth, expected[i].landmarks->mouth);
  }
  EXPECT_TRUE(apart->detect({}).empty());
}

TEST(IsolatedDetector, FacesSurviveTheWay) {
  const std::vector<base::Face> faces = {
      {{1, 2, 3, 4}, 0.5F, std::nullopt},
      {{-5, 6, 70, 80}, 1, base::Landmarks{{1, 2}, {3, 4}, {5, 6}, {7, 8}}}};
  const auto back = from_numbers(to_numbers(faces), "x");
  ASSERT_EQ(back.size(), 2U);
  EXPECT_EQ(back[0].box, faces[0].box);
  EXPECT_FALSE(back[0].landmarks);
  EXPECT_EQ(back[1].landmarks->nose, cv::Point2f(5, 6));
  EXPECT_TRUE(from_numbers({}, "x").empty());
}

TEST(IsolatedDetector, NumbersThatAreNoFacesAreAnError) {
  const auto sound = to_numbers({{{1, 2, 3, 4}, 0.5F, std::nullopt}});
  EXPECT_NO_THROW(from_numbers(sound, "x"));
  const auto changed = [&](std::size_t at, float value) {
    auto numbers = sound;
    numbers[at] = value;
    return numbers;
  };
  EXPECT_THROW(from_numbers(changed(2, 0), "x"), base::Error);
  EXPECT_THROW(from_numbers(changed(4, 1.5F), "x"), base::Error);
  EXPECT_THROW(from_numbers(changed(0, 1e9F), "x"), base::Error);
  EXPECT_THROW(from_numbers(changed(0, std::numeric_limits<float>::quiet_NaN()), "x"),
               base::Error);
  EXPECT_THROW(from_numbers({1, 2, 3}, "x"), base::Error);
  EXPECT_THROW(from_numbers(std::vector<float>(14 * 5000, 1), "x"), base::Error);
}

}  // namespace
}  // namespace mien::faces
