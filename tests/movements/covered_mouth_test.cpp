#include "mien/movements/covered_mouth.hpp"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <opencv2/imgproc.hpp>

#include "mien/base/error.hpp"
#include "mien/faces/face_detector.hpp"
#include "mien/models/model_library.hpp"
#include "mien/models/sha256.hpp"
#include "mien/movements/mesh_reader.hpp"

#include "rendered_person.hpp"
#include "shipped_mesh.hpp"
#include "support/painted_covers.hpp"
#include "support/temporary_folder.hpp"

namespace mien::movements {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::Painted;

models::ModelCard movements_with_mouth() {
  return models::load_model_card(testing::kShippedModels / "face-movements");
}

/// The canonical face, `size` pixels for each millimetre, turned by `degrees`, its mouth at
/// `at`.
base::FaceMesh mouth_mesh(cv::Point2f at, float size, float degrees) {
  const auto& points = canonical_face().points;
  const cv::Point2f mouth = (flat(points[61]) + flat(points[291])) / 2;
  const float c = std::cos(degrees * 3.14159265F / 180);
  const float s = std::sin(degrees * 3.14159265F / 180);
  base::FaceMesh mesh;
  for (const auto& point : points) {
    const cv::Point2f p = (flat(point) - mouth) * size;
    mesh.points.emplace_back(at.x + c * p.x - s * p.y, at.y + s * p.x + c * p.y,
                             point.z * size);
  }
  return mesh;
}

TEST(MouthSquare, LiesAroundTheMouthOfEverySizeAndTurn) {
  for (const float size : {0.6F, 1.F, 2.5F}) {
    for (const float degrees : {0.F, 30.F, -75.F, 180.F}) {
      const cv::Point2f at(330, 250);
      const auto mesh = mouth_mesh(at, size, degrees);
      const auto spot = [&](int point) {
        cv::Mat picture(500, 660, CV_8UC3, cv::Scalar::all(40));
        const auto p = point < 0 ? at : flat(mesh.points[static_cast<std::size_t>(point)]);
        cv::circle(picture, p, cvRound(5 * size), cv::Scalar::all(240), cv::FILLED);
        const cv::Mat square = cut_out_mouth(picture, mesh);
        EXPECT_EQ(square.size(), cv::Size(kMouthSide, kMouthSide));
        EXPECT_EQ(square.type(), CV_8UC1);
        cv::Moments sum = cv::moments(square - 40);
        return cv::Point2d(sum.m10 / sum.m00, sum.m01 / sum.m00);
      };
      // The mouth is 0.04 / 0.72 of the side below the middle.
      EXPECT_NEAR(spot(-1).x, 19.5, 0.8) << size << ' ' << degrees;
      EXPECT_NEAR(spot(-1).y, 21.7, 0.8) << size << ' ' << degrees;
      const auto chin = spot(152), nose = spot(1), left = spot(291);
      EXPECT_NEAR(chin.x, 19.5, 1.5);
      EXPECT_GT(chin.y, 31) << "below the mouth whichever way the face is";
      EXPECT_LT(chin.y, 38) << "the chin is in it";
      EXPECT_LT(nose.y, 16);
      EXPECT_GT(nose.y, 3) << "the nose is in it";
      EXPECT_GT(left.x, 24) << "the person's left is right of the middle";
    }
  }
}

TEST(MouthSquare, IsEmptyWhereThereIsNone) {
  const cv::Mat picture(300, 300, CV_8UC3, cv::Scalar::all(90));
  EXPECT_TRUE(cut_out_mouth(picture, {}).empty());
  base::FaceMesh mesh = mouth_mesh({150, 150}, 1, 0);
  EXPECT_FALSE(cut_out_mouth(picture, mesh).empty());
  mesh.points.pop_back();
  EXPECT_TRUE(cut_out_mouth(picture, mesh).empty());
  EXPECT_TRUE(cut_out_mouth(picture, mouth_mesh({-900, 150}, 1, 0)).empty()) << "outside";
  mesh = mouth_mesh({150, 150}, 1, 0);
  for (auto& point : mesh.points) point.x = std::nanf("");
  EXPECT_TRUE(cut_out_mouth(picture, mesh).empty());
  mesh = mouth_mesh({150, 150}, 1, 0);
  mesh.points[61].y = std::numeric_limits<float>::infinity();
  EXPECT_TRUE(cut_out_mouth(picture, mesh).empty());
}

/// The shipped network before rendered people whom it never saw.
class RenderedMouths : public ::testing::Test {
 protected:
  static constexpr int kPeople = 12;

  struct Asked {
    int meshes = 0, covered = 0;
  };
  /// How many of some people's faces are called covered; those without a mesh do not count.
  Asked ask(const std::function<cv::Mat(const cv::Mat&, const base::FaceMesh&, int)>& change) {
    Asked asked;
    for (int person = 0; person < kPeople; ++person) {
      auto parameters = at_rest(static_cast<std::uint64_t>(800 + person));
      parameters.camera.yaw = static_cast<float>(person % 5 - 2) * 12;
      const cv::Mat bare = renderer().render(parameters).picture;
      const auto found = detector_->detect(bare);
      if (found.size() != 1) continue;
      const auto mesh = reader_.read(bare, found.front());
      if (mesh.doubt != base::MeshDoubt::none) continue;
      const cv::Mat picture = change(bare, mesh.mesh, person);
      const auto reading = reader_.read(picture, found.front(), &mesh.mesh);
      if (reading.doubt != base::MeshDoubt::none) continue;
      ++asked.meshes;
      const cv::Mat square = cut_out_mouth(picture, reading.mesh);
      asked.covered += mouth_->probability(square) >= mouth_->limit();
    }
    return asked;
  }
  Asked ask(Painted what) {
    return ask([&](const cv::Mat& bare, const base::FaceMesh& mesh, int person) {
      return testing::painted(bare, mesh, what, static_cast<std::uint64_t>(person));
    });
  }

  const std::unique_ptr<CoveredMouth> mouth_ = load_covered_mouth(movements_with_mouth());
  const std::unique_ptr<faces::FaceDetector> detector_ =
      faces::make_detector("blazeface", models::ModelLibrary({testing::kShippedModels}));
  MeshReader reader_{load_mesh_network(mesh_card())};
};

TEST_F(RenderedMouths, BareOnesAreNotCovered) {
  const auto bare = ask([](const cv::Mat& picture, const auto&, int) { return picture; });
  EXPECT_GE(bare.meshes, 10);
  EXPECT_EQ(bare.covered, 0);
  for (const auto what : {Painted::dark_glasses, Painted::beard, Painted::open_mouth}) {
    const auto asked = ask(what);
    EXPECT_GE(asked.meshes, 9) << testing::name_of(what);
    EXPECT_LE(asked.covered, 1) << testing::name_of(what);
  }
}

TEST_F(RenderedMouths, LightAndContrastMakeNoDifference) {
  const auto dark =
      ask([](const cv::Mat& picture, const auto&, int) { return cv::Mat(picture * 0.3); });
  EXPECT_GE(dark.meshes, 9);
  EXPECT_EQ(dark.covered, 0);
  const auto flat_light = ask([](const cv::Mat& picture, const auto&, int) {
    return cv::Mat(picture * 0.4 + cv::Scalar::all(120));
  });
  EXPECT_GE(flat_light.meshes, 9);
  EXPECT_EQ(flat_light.covered, 0);
}

TEST_F(RenderedMouths, CoveredOnesAre) {
  for (const auto what : {Painted::surgical_mask, Painted::cloth_mask, Painted::hand}) {
    const auto asked = ask(what);
    EXPECT_GE(asked.meshes, 4) << testing::name_of(what);
    EXPECT_GE(asked.covered * 10, asked.meshes * 8) << testing::name_of(what);
  }
}

/// A copy of the shipped folder that a test may damage.
class MouthFiles : public ::testing::Test {
 protected:
  MouthFiles() {
    fs::create_directories(folder_ / "models");
    fs::create_directories(folder_ / "assets");
    fs::copy(testing::kShippedModels / "face-movements", model_, fs::copy_options::recursive);
  }
  std::string refusal(const std::function<void(models::ModelCard&)>& edit = [](auto&) {}) {
    try {
      auto card = models::load_model_card(model_);
      edit(card);
      load_covered_mouth(card);
    } catch (const base::Error& error) {
      return error.what();
    }
    return "it was taken";
  }

  const testing::TemporaryFolder folder_;
  const fs::path model_ = folder_ / "models" / "face-movements";
  const testing::ScopedEnvironment data_{"MIEN_DATA_DIR", folder_.path().string()};
};

TEST_F(MouthFiles, AreRefusedInASentence) {
  EXPECT_EQ(refusal(), "it was taken");
  const auto cannot = HasSubstr("The movements model face-movements cannot be used: ");
  EXPECT_THAT(refusal([](auto& card) { card.options.erase("covered_mouth"); }),
              AllOf(cannot, HasSubstr("\"options.covered_mouth\" in its card names no file")));
  EXPECT_THAT(refusal([](auto& card) { card.options["covered_mouth"] = "mouth.onnx"; }),
              AllOf(cannot, HasSubstr("names no file")));
  EXPECT_THAT(refusal([](auto& card) { card.options["covered_mouth"]["file"] = "lips.onnx"; }),
              AllOf(cannot, HasSubstr("lists no lips.onnx")));
  for (const nlohmann::json& above :
       {nlohmann::json(0), nlohmann::json(1), nlohmann::json("x"), nlohmann::json(nullptr)}) {
    EXPECT_THAT(refusal([&](auto& card) { card.options["covered_mouth"]["above"] = above; }),
                AllOf(cannot, HasSubstr("between 0 and 1")));
  }
  EXPECT_THAT(refusal([](auto& card) { card.folder = "/elsewhere"; }),
              AllOf(cannot, HasSubstr("come with the program")));
  EXPECT_THAT(refusal([](auto& card) { card.task = models::ModelCard::Task::landmarks; }),
              HasSubstr("not \"movements\""));
}

TEST_F(MouthFiles, ADamagedOrMissingOneIsASentence) {
  const auto file = model_ / "mouth.onnx";
  {
    std::fstream content(file, std::ios::in | std::ios::out | std::ios::binary);
    content.seekp(2000);
    content.put('x').put('y').put('z');
  }
  EXPECT_THAT(refusal(), AllOf(HasSubstr("mouth.onnx"), HasSubstr("damaged")));
  fs::remove(file);
  EXPECT_THAT(refusal(), HasSubstr("mouth.onnx"));
  // Of another shape, with a checksum that fits.
  fs::copy_file(model_ / "movements.onnx", file);
  EXPECT_THAT(refusal([&](auto& card) {
                for (auto& each : card.files) {
                  if (each.name != "mouth.onnx") continue;
                  each.size = fs::file_size(file);
                  each.sha256 = models::sha256_file(file);
                }
              }),
              HasSubstr("1x1600"));
}

}  // namespace
}  // namespace mien::movements
