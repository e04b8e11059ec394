#include "mien/overlay/overlay_layout.hpp"

#include <cmath>
#include <memory>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace mien::overlay {
namespace {

cv::Size2f measure(std::string_view text, float font_size) {
  return {static_cast<float>(text.size()) * font_size * 0.5F, font_size};
}

base::FaceReading reading_at(cv::Rect2f box, int person = 1) {
  base::FaceReading result;
  result.face.box = box;
  result.face.landmarks = base::Landmarks{{box.x + 10, box.y + 10},
                                          {box.x + 30, box.y + 10},
                                          {box.x + 20, box.y + 20},
                                          {box.x + 20, box.y + 30}};
  result.person = person;
  result.raw = result.smoothed = {0.1F, 0.7F, 0.2F};
  result.verdict = {.label = 1, .certainty = 0.7F, .doubt = base::Doubt::none};
  return result;
}

base::AnalyzedFrame frame(std::vector<base::FaceReading> readings, cv::Size size = {640, 480}) {
  auto picture = std::make_shared<base::Frame>();
  picture->image = cv::Mat(size, CV_8UC3, cv::Scalar::all(0));
  base::AnalyzedFrame result;
  result.frame = picture;
  result.readings = std::move(readings);
  result.labels = std::make_shared<const std::vector<std::string>>(
      std::vector<std::string>{"neutral", "happiness", "surprise"});
  return result;
}

bool inside(const cv::Rect2f& inner, const cv::Rect2f& outer) {
  constexpr float kSlack = 0.01F;
  return inner.x >= outer.x - kSlack && inner.y >= outer.y - kSlack &&
         inner.br().x <= outer.br().x + kSlack && inner.br().y <= outer.br().y + kSlack;
}

const cv::Rect2f kCanvas{100, 50, 1280, 960};  // twice the picture

TEST(OverlayLayout, MapsBoxesOntoTheCanvas) {
  const auto overlay =
      layout_overlay(frame({reading_at({100, 100, 80, 90})}), kCanvas, {}, measure);
  ASSERT_EQ(overlay.faces.size(), 1U);
  EXPECT_EQ(overlay.faces[0].box, cv::Rect2f(300, 250, 160, 180));
  EXPECT_EQ(overlay.faces[0].tag_words, "P1 · happy 70%");
  EXPECT_FALSE(overlay.faces[0].dashed);
}

TEST(OverlayLayout, MirrorsBoxesAndLandmarksButNotWords) {
  OverlayStyle style;
  style.mirrored = true;
  style.landmarks = true;
  const auto overlay =
      layout_overlay(frame({reading_at({100, 100, 80, 90})}), kCanvas, style, measure);
  EXPECT_EQ(overlay.faces[0].box, cv::Rect2f(100 + 1280 - 360, 250, 160, 180));
  EXPECT_EQ(overlay.faces[0].landmarks[0], cv::Point2f(100 + 1280 - 220, 270));
  EXPECT_EQ(overlay.faces[0].tag.x, overlay.faces[0].box.x);
}

TEST(OverlayLayout, SaysNotSureWithItsReason) {
  auto doubtful = reading_at({100, 100, 80, 90}, 3);
  doubtful.verdict.doubt = base::Doubt::low_probability;
  const auto overlay = layout_overlay(frame({doubtful}), kCanvas, {}, measure);
  EXPECT_TRUE(overlay.faces[0].dashed);
  EXPECT_EQ(overlay.faces[0].tag_words, "P3 · not sure: low probability");
}

TEST(OverlayLayout, TagsOfACrowdSayLessAndDoNotLieOverOneAnother) {
  std::vector<base::FaceReading> crowd;
  for (int i = 0; i < 10; ++i) {
    crowd.push_back(reading_at({static_cast<float>(10 + 62 * i), 200, 50, 60}, i + 1));
    if (i % 2 == 0) crowd.back().verdict.doubt = base::Doubt::low_probability;
  }
  const auto overlay = layout_overlay(frame(crowd), kCanvas, {}, measure);
  for (std::size_t i = 0; i < overlay.faces.size(); ++i) {
    EXPECT_TRUE(overlay.faces[i].tag_words.starts_with("P" + std::to_string(i + 1)));
    for (std::size_t j = 0; j < i; ++j) {
      EXPECT_EQ((overlay.faces[i].tag & overlay.faces[j].tag).area(), 0) << i << " " << j;
    }
  }
}

TEST(OverlayLayout, ANameStandsInTheTag) {
  OverlayStyle style;
  style.names = {{1, "Ada"}};
  const auto overlay =
      layout_overlay(frame({reading_at({100, 100, 80, 90})}), kCanvas, style, measure);
  EXPECT_EQ(overlay.faces[0].tag_words, "Ada · happy 70%");
}

TEST(OverlayLayout, KeepsTagsAndBarsInsideTheCanvas) {
  for (const cv::Rect2f box : {cv::Rect2f{-20, -20, 90, 90}, cv::Rect2f{600, 440, 90, 90},
                               cv::Rect2f{600, -30, 60, 60}, cv::Rect2f{-30, 450, 60, 60},
                               cv::Rect2f{0, 0, 640, 480}}) {
    const auto overlay = layout_overlay(frame({reading_at(box)}), kCanvas, {}, measure);
    const auto& face = overlay.faces[0];
    EXPECT_TRUE(inside(face.box, kCanvas)) << box;
    EXPECT_TRUE(inside(face.tag, kCanvas)) << box;
    for (const auto& bar : face.bars) {
      EXPECT_TRUE(inside(bar.track, face.bars_panel)) << box;
      EXPECT_TRUE(inside(face.bars_panel, kCanvas)) << box;
    }
  }
}

TEST(OverlayLayout, KeepsBarsOffOtherFaces) {
  const auto overlay =
      layout_overlay(frame({reading_at({100, 100, 80, 80}), reading_at({185, 100, 80, 80}, 2)}),
                     kCanvas, {}, measure);
  ASSERT_EQ(overlay.faces.size(), 2U);
  EXPECT_FALSE(overlay.faces[0].bars_panel.empty());
  for (const auto& panel : {overlay.faces[0].bars_panel, overlay.faces[1].bars_panel}) {
    for (const auto& face : overlay.faces) EXPECT_EQ((panel & face.box).area(), 0);
  }
  EXPECT_EQ((overlay.faces[0].bars_panel & overlay.faces[1].bars_panel).area(), 0);
}

TEST(OverlayLayout, LeavesBarsOutWhenThereIsNoRoomOrTheyAreOff) {
  std::vector<base::FaceReading> crowd;
  for (int i = 0; i < 30; ++i) {
    crowd.push_back(reading_at(
        {static_cast<float>(i % 6) * 106, static_cast<float>(i / 6) * 96, 100, 90}, i + 1));
  }
  const auto crowded = layout_overlay(frame(crowd), {0, 0, 640, 480}, {}, measure);
  ASSERT_EQ(crowded.faces.size(), 30U);
  for (const auto& face : crowded.faces) EXPECT_TRUE(face.bars.empty());

  OverlayStyle quiet;
  quiet.bars = false;
  const auto overlay =
      layout_overlay(frame({reading_at({100, 100, 80, 80})}), kCanvas, quiet, measure);
  EXPECT_TRUE(overlay.faces[0].bars.empty());
  EXPECT_TRUE(overlay.faces[0].bars_panel.empty());
}

TEST(OverlayLayout, FillsBarsByTheSmoothedShares) {
  const auto overlay =
      layout_overlay(frame({reading_at({100, 100, 80, 80})}), kCanvas, {}, measure);
  const auto& bars = overlay.faces[0].bars;
  ASSERT_EQ(bars.size(), 3U);
  EXPECT_EQ(bars[0].word, "neutral");
  EXPECT_EQ(bars[1].word, "happy");
  EXPECT_FLOAT_EQ(bars[1].share, 0.7F);
  EXPECT_EQ(bars[1].color, label_color("happiness", 1));
  EXPECT_LT(bars[0].track.y, bars[1].track.y);
}

TEST(OverlayLayout, IsEmptyWithoutAPicture) {
  base::AnalyzedFrame nothing;
  nothing.labels = std::make_shared<const std::vector<std::string>>();
  EXPECT_TRUE(layout_overlay(nothing, kCanvas, {}, measure).faces.empty());
}

/// A mesh whose points lie on the diagonal of the picture, with two lines.
base::FaceGeometry some_geometry() {
  base::FaceGeometry geometry;
  for (int i = 0; i < base::kMeshPoints; ++i) {
    geometry.mesh.points.emplace_back(static_cast<float>(i), static_cast<float>(i), 0.F);
  }
  geometry.mesh.lines = std::make_shared<const std::vector<std::pair<int, int>>>(
      std::vector<std::pair<int, int>>{{0, 1}, {7, 400}});
  geometry.pose = base::HeadPose{.pitch = 0, .yaw = 30, .roll = 0, .translation = {}};
  return geometry;
}

TEST(OverlayLayout, DrawsOfAMeshWhatIsAskedFor) {
  auto face = reading_at({100, 100, 80, 90});
  face.geometry = some_geometry();
  OverlayStyle style;
  const auto mesh_of = [&](MeshStyle mesh) {
    style.mesh = mesh;
    return layout_overlay(frame({face}), kCanvas, style, measure).faces.at(0).mesh;
  };
  EXPECT_TRUE(mesh_of(MeshStyle::off).empty());
  const auto lines = mesh_of(MeshStyle::lines);
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_EQ(lines[3], cv::Point2f(100 + 800, 50 + 800));
  const auto features = mesh_of(MeshStyle::features);
  EXPECT_GT(features.size(), 200U);
  EXPECT_EQ(features.size() % 2, 0U);
  style.mirrored = true;
  EXPECT_EQ(mesh_of(MeshStyle::lines)[3], cv::Point2f(100 + 1280 - 800, 50 + 800));
  face.geometry->mesh.points.clear();
  face.geometry->doubt = base::MeshDoubt::cut_off;
  EXPECT_TRUE(mesh_of(MeshStyle::lines).empty()) << "there is none";
  face.geometry.reset();
  EXPECT_TRUE(mesh_of(MeshStyle::features).empty());
}

TEST(OverlayLayout, TheAxesShowWhereTheHeadIsTurned) {
  auto face = reading_at({100, 100, 80, 90});
  face.geometry = some_geometry();
  OverlayStyle style;
  EXPECT_TRUE(layout_overlay(frame({face}), kCanvas, style, measure).faces.at(0).axes.empty());
  style.pose_axes = true;
  const auto axes_of = [&] {
    return layout_overlay(frame({face}), kCanvas, style, measure).faces.at(0).axes;
  };
  auto axes = axes_of();
  ASSERT_EQ(axes.size(), 3U);
  // To the person's right is the picture's left: the nose points there, at half the length.
  const float length = 90;  // half of the box' height, in pixels of the canvas
  EXPECT_NEAR(axes[2].to.x - axes[2].from.x, -length / 2, 0.01F);
  EXPECT_NEAR(axes[2].to.y - axes[2].from.y, 0, 0.01F);
  EXPECT_NEAR(axes[1].to.y - axes[1].from.y, -length, 0.01F) << "up";
  EXPECT_NEAR(axes[0].to.x - axes[0].from.x, length * std::sqrt(0.75F), 0.01F);
  style.mirrored = true;
  EXPECT_NEAR(axes_of()[2].to.x - axes_of()[2].from.x, length / 2, 0.01F);
  style.mirrored = false;
  face.geometry->pose->yaw = 0;
  face.geometry->pose->pitch = 90;
  axes = axes_of();
  EXPECT_NEAR(axes[2].to.y - axes[2].from.y, length, 0.01F) << "the chin is down";
  face.geometry->pose->pitch = 0;
  face.geometry->pose->roll = 90;
  axes = axes_of();
  EXPECT_NEAR(axes[1].to.x - axes[1].from.x, length, 0.01F)
      << "the head's top lies to the picture's right";
  face.geometry->pose.reset();
  EXPECT_TRUE(axes_of().empty());
}

TEST(MeshStyle, WordsAreReadBack) {
  for (const auto style : {MeshStyle::off, MeshStyle::features, MeshStyle::lines}) {
    EXPECT_EQ(mesh_style_of(word(style)), style);
  }
  EXPECT_FALSE(mesh_style_of("wires"));
}

}  // namespace
}  // namespace mien::overlay
