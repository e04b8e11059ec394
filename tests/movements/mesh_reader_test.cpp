#include "mien/movements/mesh_reader.hpp"

#include <cmath>
#include <functional>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <opencv2/imgproc.hpp>

#include "mien/base/error.hpp"
#include "mien/synthesis/drawn_face.hpp"

#include "shipped_mesh.hpp"
#include "support/fake_mesh.hpp"

namespace mien::movements {
namespace {

using base::MeshDoubt;

class MeshReaderTest : public ::testing::Test {
 protected:
  cv::Point2f at(const base::FaceMesh& mesh, int i) const {
    return flat(mesh.points.at(static_cast<std::size_t>(i)));
  }
  MeshReader reader_{load_mesh_network(mesh_card())};
  const cv::Mat portrait_ = portrait();
  const base::Face face_ = kPortraitFace;
};

TEST_F(MeshReaderTest, TheMeshLiesOnTheFace) {
  const MeshReading reading = reader_.read(portrait_, face_);
  ASSERT_EQ(reading.doubt, MeshDoubt::none);
  EXPECT_GT(reading.mesh.presence, 0.9F);
  ASSERT_EQ(reading.mesh.points.size(), static_cast<std::size_t>(base::kMeshPoints));
  // Seen by eye in the picture: corners of the eyes, tip of the nose, corners of the mouth.
  EXPECT_LT(distance(at(reading.mesh, 33), {193, 101}), 4);
  EXPECT_LT(distance(at(reading.mesh, 263), {258, 104}), 4);
  EXPECT_LT(distance(at(reading.mesh, 4), {224, 126}), 4);
  EXPECT_LT(distance(at(reading.mesh, 61), {203, 139}), 4);
  EXPECT_LT(distance(at(reading.mesh, 291), {247, 139}), 4);
}

TEST_F(MeshReaderTest, SizeAndTurnOfThePictureChangeLittle) {
  const MeshReading upright = reader_.read(portrait_, face_);
  cv::Mat turned;
  const cv::Matx23d turn(cv::getRotationMatrix2D({224, 122}, 35, 1.6));
  cv::warpAffine(portrait_, turned, turn, {640, 640});
  const auto moved = [&](cv::Point2f p) {
    return cv::Point2f(static_cast<float>(turn(0, 0) * p.x + turn(0, 1) * p.y + turn(0, 2)),
                       static_cast<float>(turn(1, 0) * p.x + turn(1, 1) * p.y + turn(1, 2)));
  };
  base::Face face = face_;
  const cv::Point2f middle = moved((face.box.tl() + face.box.br()) / 2);
  face.box = {middle.x - 86, middle.y - 86, 172, 172};
  face.landmarks->right_eye = moved(face.landmarks->right_eye);
  face.landmarks->left_eye = moved(face.landmarks->left_eye);
  const MeshReading reading = reader_.read(turned, face);
  ASSERT_EQ(reading.doubt, MeshDoubt::none);
  double off = 0;
  for (int i = 0; i < base::kMeshPoints; ++i) {
    off += distance(at(reading.mesh, i), moved(at(upright.mesh, i))) / base::kMeshPoints;
  }
  EXPECT_LT(off, 172 * 0.02);
}

TEST_F(MeshReaderTest, AMeshIsFollowedByItself) {
  const MeshReading first = reader_.read(portrait_, face_);
  base::Face rough = face_;  // a box that follows badly, without eyes
  rough.box += cv::Point2f(12, -14);
  rough.landmarks.reset();
  const MeshReading alone = reader_.read(portrait_, rough);
  const MeshReading followed = reader_.read(portrait_, rough, &first.mesh);
  ASSERT_EQ(followed.doubt, MeshDoubt::none);
  double off = 0, off_alone = 0;
  for (int i = 0; i < base::kMeshPoints; ++i) {
    off += distance(at(followed.mesh, i), at(first.mesh, i)) / base::kMeshPoints;
    off_alone += distance(at(alone.mesh, i), at(first.mesh, i)) / base::kMeshPoints;
  }
  EXPECT_LT(off, 1.2);
  EXPECT_LT(off, off_alone);
  // The mesh of somebody elsewhere is not followed.
  base::FaceMesh elsewhere = first.mesh;
  for (auto& point : elsewhere.points) point += cv::Point3f(200, 200, 0);
  const MeshReading own = reader_.read(portrait_, face_, &elsewhere);
  ASSERT_EQ(own.doubt, MeshDoubt::none);
  EXPECT_LT(distance(at(own.mesh, 1), at(first.mesh, 1)), 1e-3);
}

TEST_F(MeshReaderTest, WhatIsNoFaceHasNoMesh) {
  cv::Mat noise(300, 300, CV_8UC3);
  cv::RNG(3).fill(noise, cv::RNG::UNIFORM, 0, 256);
  const cv::Mat wall(300, 300, CV_8UC3, cv::Scalar(120, 130, 128));
  const base::Face anywhere{{100, 100, 100, 100}, 0.9F, std::nullopt};
  for (const cv::Mat& picture : {noise, wall}) {
    const MeshReading reading = reader_.read(picture, anywhere);
    EXPECT_EQ(reading.doubt, MeshDoubt::no_face);
    EXPECT_TRUE(reading.mesh.points.empty());
  }
  // The neck ring of the suit.
  EXPECT_EQ(reader_.read(portrait_, {{180, 190, 90, 90}, 0.6F, std::nullopt}).doubt,
            MeshDoubt::no_face);
}

// The network was trained with eyes at the top, and detectors may take the mouth of an
// upside-down face for its eyes.
TEST_F(MeshReaderTest, UpsideDownIsTheSameMeshTurned) {
  const MeshReading upright = reader_.read(portrait_, face_);
  cv::Mat upside_down;
  cv::rotate(portrait_, upside_down, cv::ROTATE_180);
  base::Face face{{512 - 278, 512 - 176, 108, 108}, 0.9F, std::nullopt};
  for (const bool wrong_eyes : {false, true}) {
    if (wrong_eyes)
      face.landmarks = base::Landmarks{{265, 373}, {309, 373}, {286, 386}, {286, 410}};
    const MeshReading reading = reader_.read(upside_down, face);
    ASSERT_EQ(reading.doubt, MeshDoubt::none);
    EXPECT_GT(reading.mesh.presence, 0.999F);
    double off = 0;
    for (int i = 0; i < base::kMeshPoints; ++i) {
      const auto point = at(upright.mesh, i);
      off += distance(at(reading.mesh, i), {512 - point.x, 512 - point.y}) / base::kMeshPoints;
    }
    EXPECT_LT(off, 108 * 0.03) << wrong_eyes;
  }
}

// A drawing may be something like a face, and clothes upside down something like one that hangs
// down: neither is one at a second look.
TEST_F(MeshReaderTest, CirclesAndClothesAreNoFacesUpsideDown) {
  cv::Mat smiley(300, 300, CV_8UC3, cv::Scalar::all(255));
  cv::circle(smiley, {150, 150}, 100, {0, 220, 255}, cv::FILLED, cv::LINE_AA);
  for (const int x : {115, 185}) cv::circle(smiley, {x, 120}, 12, {20, 20, 20}, cv::FILLED);
  cv::ellipse(smiley, {150, 165}, {55, 40}, 0, 15, 165, {20, 20, 20}, 6, cv::LINE_AA);
  for (const float side : {160.F, 190.F, 220.F}) {
    const base::Face there{{150 - side / 2, 150 - side / 2, side, side}, 0.9F, std::nullopt};
    EXPECT_NE(reader_.read(smiley, there).doubt, MeshDoubt::none) << side;
  }
  cv::Mat upside_down;
  cv::rotate(portrait_, upside_down, cv::ROTATE_180);
  int found = 0;
  for (int y = 0; y <= 200; y += 20) {
    for (int x = 60; x <= 340; x += 20) {
      const base::Face clothes{
          {static_cast<float>(x), static_cast<float>(y), 90, 90}, 0.6F, std::nullopt};
      const MeshReading reading = reader_.read(upside_down, clothes);
      if (reading.doubt == MeshDoubt::none) ++found;
    }
  }
  EXPECT_LE(found, 2) << "of 165 places";
}

// Eyes that a detector puts askew, as it does for heads that hang down to a side.
TEST_F(MeshReaderTest, AMeshIsLaidAlongTheEyesHoweverTheHeadIsTurned) {
  const MeshReading upright = reader_.read(portrait_, face_);
  for (int angle = 0; angle < 360; angle += 30) {
    cv::Mat turned;
    const cv::Matx23d turn(cv::getRotationMatrix2D({224, 122}, angle, 1));
    cv::warpAffine(portrait_, turned, turn, portrait_.size(), cv::INTER_LINEAR,
                   cv::BORDER_REFLECT);
    const auto moved = [&](cv::Point2f p) {
      return cv::Point2f(static_cast<float>(turn(0, 0) * p.x + turn(0, 1) * p.y + turn(0, 2)),
                         static_cast<float>(turn(1, 0) * p.x + turn(1, 1) * p.y + turn(1, 2)));
    };
    for (const double askew : {-40.0, 0.0, 40.0}) {
      base::Face face = face_;
      const cv::Matx23d wrong(cv::getRotationMatrix2D({224, 122}, angle + askew, 1));
      for (auto* point : {&face.landmarks->right_eye, &face.landmarks->left_eye}) {
        *point = {
            static_cast<float>(wrong(0, 0) * point->x + wrong(0, 1) * point->y + wrong(0, 2)),
            static_cast<float>(wrong(1, 0) * point->x + wrong(1, 1) * point->y + wrong(1, 2))};
      }
      const MeshReading reading = reader_.read(turned, face);
      ASSERT_EQ(reading.doubt, MeshDoubt::none) << angle << ' ' << askew;
      for (const int point : {33, 263, 61, 291, 4}) {
        EXPECT_LT(distance(at(reading.mesh, point), moved(at(upright.mesh, point))), 8)
            << angle << ' ' << askew << ' ' << point;
      }
    }
  }
}

TEST_F(MeshReaderTest, UpsideDownOrDrawnIsAMeshInThePictureOrAReason) {
  cv::Mat upside_down;
  cv::rotate(portrait_, upside_down, cv::ROTATE_180);
  base::Face face{{512 - 278, 512 - 176, 108, 108}, 0.9F, std::nullopt};
  synthesis::Rng rng(5);
  const cv::Mat drawing = synthesis::draw_face(synthesis::action_units("happiness", rng), rng);
  for (const auto& [picture, where] :
       {std::pair{upside_down, face},
        std::pair{drawing, base::Face{{10, 10, 80, 80}, 0.9F, std::nullopt}}}) {
    const MeshReading reading = reader_.read(picture, where);
    EXPECT_EQ(reading.mesh.points.empty(), reading.doubt != MeshDoubt::none);
    for (const auto& point : reading.mesh.points) {
      EXPECT_TRUE(std::isfinite(point.x) && std::isfinite(point.y) && std::isfinite(point.z));
    }
  }
  // With its eyes known it is set upright.
  face.landmarks = base::Landmarks{{308, 404}, {268, 406}, {286, 382}, {286, 364}};
  const MeshReading upright = reader_.read(upside_down, face);
  ASSERT_EQ(upright.doubt, MeshDoubt::none);
  EXPECT_LT(distance(at(upright.mesh, 1), {512 - 226, 512 - 130}), 6);
}

TEST_F(MeshReaderTest, HalfAFaceIsAMeshOrCutOff) {
  // The picture's edge right through the face, at the side and below the eyes.
  for (const cv::Rect& part : {cv::Rect(225, 0, 287, 512), cv::Rect(0, 0, 225, 512),
                               cv::Rect(0, 0, 512, 122), cv::Rect(0, 118, 512, 394)}) {
    const cv::Mat half = portrait_(part).clone();
    base::Face face = face_;
    face.box -= cv::Point2f(part.tl());
    for (auto* point : {&face.landmarks->right_eye, &face.landmarks->left_eye}) {
      *point -= cv::Point2f(part.tl());
    }
    const MeshReading reading = reader_.read(half, face);
    EXPECT_NE(reading.doubt, MeshDoubt::none) << part;
    EXPECT_TRUE(reading.mesh.points.empty());
  }
  // A tenth of it: a mesh, whose outer points may lie outside.
  const cv::Rect most(188, 0, 324, 512);
  base::Face face = face_;
  face.box -= cv::Point2f(most.tl());
  face.landmarks.reset();
  EXPECT_EQ(reader_.read(portrait_(most).clone(), face).doubt, MeshDoubt::none);
}

TEST_F(MeshReaderTest, FacesFrom24PixelsOnHaveAMesh) {
  for (const double scale : {24.5 / 108, 40.0 / 108}) {
    cv::Mat small;
    cv::resize(portrait_, small, {}, scale, scale, cv::INTER_AREA);
    base::Face face = face_;
    const auto factor = static_cast<float>(scale);
    face.box = {170 * factor, 68 * factor, 108 * factor, 108 * factor};
    face.landmarks.reset();
    const MeshReading reading = reader_.read(small, face);
    ASSERT_EQ(reading.doubt, MeshDoubt::none) << scale;
    EXPECT_LT(distance(at(reading.mesh, 1), cv::Point2f(226, 130) * factor), 8 * factor);
  }
  EXPECT_EQ(reader_.read(portrait_, {{200, 90, 23, 23}, 0.9F, std::nullopt}).doubt,
            MeshDoubt::too_small);
}

TEST_F(MeshReaderTest, BoxesThatAreNoneGiveADoubt) {
  const float nan = std::nanf("");
  const auto doubt_of = [&](cv::Rect2f box) {
    return reader_.read(portrait_, {box, 0.9F, std::nullopt}).doubt;
  };
  EXPECT_EQ(doubt_of({nan, nan, nan, nan}), MeshDoubt::too_small);
  EXPECT_EQ(doubt_of({nan, 10, 50, 50}), MeshDoubt::cut_off);
  EXPECT_EQ(doubt_of({10, 10, 0, 0}), MeshDoubt::too_small);
  EXPECT_EQ(doubt_of({5000, 5000, 50, 50}), MeshDoubt::cut_off);
  EXPECT_EQ(doubt_of({0, 0, 1e9F, 1e9F}), MeshDoubt::cut_off);
  EXPECT_EQ(doubt_of({0, 0, std::numeric_limits<float>::infinity(), 50}), MeshDoubt::cut_off);
}

/// What a reader makes of a network's numbers, which `edit` may have broken.
MeshReading read_faked(const std::function<void(std::vector<float>&)>& edit) {
  std::vector<cv::Point3f> points;
  for (const auto& point : canonical_face().points) {
    points.push_back(point * 0.7F + cv::Point3f(96, 96, 0));
  }
  std::vector<float> numbers = testing::FakeMeshNetwork::numbers(points);
  edit(numbers);
  MeshReader reader(
      std::make_unique<testing::FakeMeshNetwork>([&](const cv::Mat&) { return numbers; }));
  return reader.read(cv::Mat(480, 640, CV_8UC3, cv::Scalar::all(90)),
                     {{250, 150, 150, 150}, 0.9F, std::nullopt});
}

TEST(FakedMesh, NumbersThatAreNoPointsAreRefused) {
  using Numbers = std::vector<float>;
  const float nan = std::nanf("");
  const float infinite = std::numeric_limits<float>::infinity();
  EXPECT_EQ(read_faked([](Numbers&) {}).doubt, MeshDoubt::none);
  EXPECT_EQ(read_faked([&](Numbers& all) { all[0] = nan; }).doubt, MeshDoubt::invalid);
  EXPECT_EQ(read_faked([&](Numbers& all) { all[1403] = nan; }).doubt, MeshDoubt::invalid);
  EXPECT_EQ(read_faked([&](Numbers& all) { all[700] = infinite; }).doubt, MeshDoubt::invalid);
  EXPECT_EQ(read_faked([&](Numbers& all) { all[700] = 1e6F; }).doubt, MeshDoubt::invalid);
  EXPECT_EQ(read_faked([&](Numbers& all) { all[1404] = nan; }).doubt, MeshDoubt::invalid);
  EXPECT_EQ(read_faked([](Numbers& all) { all.pop_back(); }).doubt, MeshDoubt::invalid);
  EXPECT_EQ(read_faked([](Numbers& all) { all.clear(); }).doubt, MeshDoubt::invalid);
  const MeshReading unlikely = read_faked([](Numbers& all) { all[1404] = -1; });
  EXPECT_EQ(unlikely.doubt, MeshDoubt::no_face);
  EXPECT_NEAR(unlikely.mesh.presence, 0.269, 0.001);
  EXPECT_TRUE(unlikely.mesh.points.empty());
}

// As of a network whose points are shares of the crop, or of another place in it.
TEST(FakedMesh, AMeshOfAnotherSizeOrPlaceThanItsFaceIsRefused) {
  const auto scaled = [](float scale, float shift) {
    return read_faked([&](std::vector<float>& all) {
             for (std::size_t i = 0; i < 1404; ++i) {
               const float middle = i % 3 < 2 ? 96.F : 0.F;
               all[i] = (all[i] - middle) * scale + middle + (i % 3 == 0 ? shift : 0.F);
             }
           })
        .doubt;
  };
  EXPECT_EQ(scaled(1, 0), MeshDoubt::none);
  EXPECT_EQ(scaled(1, 40), MeshDoubt::none);
  EXPECT_EQ(scaled(1.0F / 192, 0), MeshDoubt::invalid);
  EXPECT_EQ(scaled(0.3F, 0), MeshDoubt::invalid);
  EXPECT_EQ(scaled(4, 0), MeshDoubt::invalid);
  EXPECT_EQ(scaled(1, 120), MeshDoubt::invalid);
}

TEST(FakedMesh, PointsFarOutsideThePictureAreRefused) {
  const MeshReading reading = read_faked([](std::vector<float>& all) {
    for (std::size_t i = 0; i < 1404; i += 3) all[i] -= 300;
  });
  EXPECT_EQ(reading.doubt, MeshDoubt::cut_off);
}

TEST(FakedMesh, EveryDoubtHasAPhraseOfItsOwn) {
  for (const auto doubt : {MeshDoubt::none, MeshDoubt::too_small, MeshDoubt::cut_off,
                           MeshDoubt::no_face, MeshDoubt::invalid}) {
    EXPECT_EQ(base::mesh_doubt_from_text(base::describe(doubt)), doubt);
  }
  EXPECT_FALSE(base::mesh_doubt_from_text("of a later version"));
}

TEST(FakedMesh, AReaderWithoutANetworkIsAnError) {
  EXPECT_THROW(MeshReader(nullptr), base::Error);
}

}  // namespace
}  // namespace mien::movements
