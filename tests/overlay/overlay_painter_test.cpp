#include "mien/overlay/overlay_painter.hpp"

#include <gtest/gtest.h>
#include <opencv2/core.hpp>

#include "shapes.hpp"
#include "support/session_fixture.hpp"

namespace mien::overlay {
namespace {

using namespace std::chrono_literals;

/// Pixels of `area` that are near `color`.
int count_near(const cv::Mat& bgr, cv::Rect area, Color color, int tolerance = 40) {
  cv::Mat mask;
  const cv::Scalar middle(color.b, color.g, color.r);
  cv::inRange(bgr(area), middle - cv::Scalar::all(tolerance),
              middle + cv::Scalar::all(tolerance), mask);
  return cv::countNonZero(mask);
}

OverlayFace tagged(const std::string& words) {
  OverlayFace face;
  face.box = {60, 60, 80, 90};
  face.color = {86, 180, 233};
  face.tag = {60, 30, 180, 24};
  face.tag_text = {68, 34};
  face.tag_words = words;
  face.tag_ink = {0, 0, 0};
  return face;
}

cv::Mat painted(const OverlayFace& face, cv::Size size = {320, 200}) {
  cv::Mat image(size, CV_8UC3, cv::Scalar::all(128));
  OverlayPainter painter;
  Overlay overlay;
  overlay.faces.push_back(face);
  painter.paint(image, overlay);
  return image;
}

TEST(OverlayPainter, TagHasItsGroundAndItsWords) {
  const auto blank = painted(tagged(""));
  const auto words = painted(tagged("P1 · happy 97%"));
  const cv::Rect tag(60, 30, 180, 24);
  EXPECT_GT(count_near(blank, tag, {86, 180, 233}), 170 * 22);
  EXPECT_EQ(count_near(blank, tag, {0, 0, 0}), 0);
  EXPECT_GT(count_near(words, tag, {0, 0, 0}), 100);
  EXPECT_GT(count_near(words, tag, {86, 180, 233}), 100 * 22);
}

TEST(OverlayPainter, MiddleDotIsOneDotAndNotRubble) {
  OverlayPainter painter;
  const auto measure = painter.measure();
  const auto dot = measure("a·b", 32).width - measure("ab", 32).width;
  EXPECT_GT(dot, 2);
  EXPECT_LT(dot, 14);  // two Latin-1 characters, or two boxes, would be wider
  const auto with = painted(tagged("·"));
  const int ink = count_near(with, {60, 30, 180, 24}, {0, 0, 0}, 90);
  EXPECT_GE(ink, 1);
  EXPECT_LE(ink, 16);
}

TEST(OverlayPainter, MeasuresWhatItPaints) {
  OverlayPainter painter;
  const auto size = painter.measure()("happy 97%", 40);
  EXPECT_FLOAT_EQ(size.height, 40);
  auto face = tagged("happy 97%");
  face.tag = {0, 0, 320, 60};
  face.tag_text = {20, 10};
  cv::Mat image(200, 320, CV_8UC3, cv::Scalar::all(128));
  Overlay overlay;
  overlay.faces.push_back(face);
  overlay.font_size = 40;
  painter.paint(image, overlay);
  cv::Mat mask;
  cv::inRange(image(cv::Rect(0, 0, 320, 60)), cv::Scalar::all(0), cv::Scalar::all(60), mask);
  cv::Mat points;
  cv::findNonZero(mask, points);
  const auto ink = cv::Rect(cv::Point(20, 10), cv::Size2i(cvCeil(size.width) + 2, 40));
  for (int i = 0; i < static_cast<int>(points.total()); ++i) {
    EXPECT_TRUE(ink.contains(points.at<cv::Point>(i))) << points.at<cv::Point>(i);
  }
}

TEST(OverlayPainter, DashedBoxHasGapsAndASolidOneHasNone) {
  auto face = tagged("");
  const cv::Rect left_side(58, 75, 4, 60);
  const int solid = count_near(painted(face), left_side, face.color);
  face.dashed = true;
  const int dashed = count_near(painted(face), left_side, face.color);
  EXPECT_GE(solid, 2 * 60);
  EXPECT_LT(dashed, solid * 4 / 5);
  EXPECT_GT(dashed, solid * 2 / 5);
}

TEST(OverlayPainter, BarsShowTheirShare) {
  auto face = tagged("");
  face.bars_panel = {160, 60, 140, 50};
  face.bars.push_back({"happy", {168, 66}, {220, 72, 70, 6}, 0.5F, {240, 228, 66}});
  face.bars.push_back({"sad", {168, 86}, {220, 92, 70, 6}, 0, {0, 114, 178}});
  const auto image = painted(face);
  EXPECT_GT(count_near(image, {222, 73, 30, 4}, {240, 228, 66}), 100);
  EXPECT_EQ(count_near(image, {258, 73, 30, 4}, {240, 228, 66}), 0);
  EXPECT_EQ(count_near(image, {220, 92, 70, 6}, {0, 114, 178}), 0);
  EXPECT_GT(count_near(image, {166, 64, 50, 20}, {226, 229, 236}, 60), 20) << "the word";
}

TEST(OverlayPainter, WhatLiesOutsideIsClipped) {
  for (const cv::Point2f corner : {cv::Point2f(-150, -40), cv::Point2f(280, 180),
                                   cv::Point2f(-500, 50), cv::Point2f(0, 900)}) {
    auto face = tagged("P1 · not sure");
    face.tag = {corner.x, corner.y, 180, 24};
    face.tag_text = {corner.x + 8, corner.y + 4};
    face.box = {corner.x - 20, corner.y, 500, 400};
    face.bars_panel = face.tag;
    face.bars.push_back({"happy", face.tag_text, face.tag, 1, {240, 228, 66}});
    face.landmarks = {corner};
    EXPECT_NO_THROW(painted(face));
    EXPECT_NO_THROW(painted(face, {3, 2}));
  }
}

TEST(OverlayPainter, LayoutAndPainterMeetOnARealReading) {
  OverlayPainter painter;
  cv::Mat image(480, 640, CV_8UC3, cv::Scalar::all(90));
  const auto frame = testing::analysed(
      image.clone(), 0ms, {testing::reading(1, {200, 150, 120, 140}, {0.02F, 0.97F, 0.01F})});
  OverlayStyle style;
  style.font_size = OverlayPainter::font_size_for(image.size());
  const auto overlay = layout_overlay(frame, {0, 0, 640, 480}, style, painter.measure());
  painter.paint(image, overlay);
  ASSERT_EQ(overlay.faces.size(), 1U);
  const cv::Rect tag(overlay.faces[0].tag);
  EXPECT_GT(count_near(image, tag, overlay.faces[0].color), tag.area() / 3);
  EXPECT_GT(count_near(image, tag, overlay.faces[0].tag_ink, 60), 60);
}

constexpr std::size_t kNose = 4;  // where the axes begin

/// What a frame with one measured face looks like with this style, on gray; without a tag.
cv::Mat painted_mesh(MeshStyle mesh, bool axes, const cv::Rect2f& box = {200, 150, 120, 140}) {
  OverlayPainter painter;
  cv::Mat image(480, 640, CV_8UC3, cv::Scalar::all(90));
  auto face = testing::reading(1, box, {0.02F, 0.97F, 0.01F});
  face.geometry = testing::measured_face(box, 30, 0);
  face.geometry->mesh.points[kNose] = {box.x + box.width / 2, box.y + 0.75F * box.height, 0};
  OverlayStyle style;
  style.bars = false;
  style.mesh = mesh;
  style.pose_axes = axes;
  const auto frame = testing::analysed(image.clone(), 0ms, {face});
  auto overlay = layout_overlay(frame, {0, 0, 640, 480}, style, painter.measure());
  overlay.faces.at(0).tag = {};
  painter.paint(image, overlay);
  return image;
}

TEST(OverlayPainter, TheMeshIsPaintedAsChosen) {
  const auto without = painted_mesh(MeshStyle::off, false);
  const auto changed = [&](const cv::Mat& image) {
    cv::Mat difference;
    cv::absdiff(image, without, difference);
    return cv::countNonZero(difference.reshape(1));
  };
  // Well within the box, whose line is left out.
  const cv::Rect inside(210, 160, 100, 120);
  EXPECT_EQ(cv::countNonZero(cv::Mat(without(inside)).clone().reshape(1) != 90), 0);
  const auto lines = painted_mesh(MeshStyle::lines, false);
  // Two diagonals of the box, one pixel wide.
  for (const int i : {20, 45, 100}) {
    const cv::Point falling(200 + i, 150 + i * 140 / 120);
    const cv::Rect around(falling.x - 1, falling.y - 1, 3, 3);
    EXPECT_GT(cv::countNonZero(cv::Mat(lines(around)).clone().reshape(1) != 90), 3) << falling;
    const cv::Rect mirrored(320 - i - 1, falling.y - 1, 3, 3);
    EXPECT_GT(cv::countNonZero(cv::Mat(lines(mirrored)).clone().reshape(1) != 90), 3);
  }
  EXPECT_EQ(
      cv::countNonZero(cv::Mat(lines(cv::Rect(250, 160, 20, 20))).clone().reshape(1) != 90), 0)
      << "there is no line";
  const auto features = painted_mesh(MeshStyle::features, false);
  EXPECT_GT(changed(features), 2 * changed(lines)) << "the grid's features go to and fro";
}

TEST(OverlayPainter, TheAxesHaveTheirColoursAndADarkRim) {
  const auto image = painted_mesh(MeshStyle::off, true);
  const auto near = [&](const cv::Vec3b& pixel, Color color) {
    return std::abs(pixel[0] - color.b) < 60 && std::abs(pixel[1] - color.g) < 60 &&
           std::abs(pixel[2] - color.r) < 60;
  };
  OverlayStyle style;
  style.pose_axes = true;
  auto face = testing::reading(1, {200, 150, 120, 140}, {0.02F, 0.97F, 0.01F});
  face.geometry = testing::measured_face(face.face.box, 30, 0);
  face.geometry->mesh.points[kNose] = {260, 255, 0};
  OverlayPainter painter;
  const auto overlay = layout_overlay(testing::analysed(image.clone(), 0ms, {face}),
                                      {0, 0, 640, 480}, style, painter.measure());
  ASSERT_EQ(overlay.faces.at(0).axes.size(), 3U);
  for (const auto& axis : overlay.faces[0].axes) {
    const cv::Point2f on = axis.from + 0.8F * (axis.to - axis.from);
    const cv::Point pixel(cvRound(on.x), cvRound(on.y));
    EXPECT_TRUE(near(image.at<cv::Vec3b>(pixel), axis.color))
        << image.at<cv::Vec3b>(pixel) << " at " << pixel;
    const cv::Point2f along = (axis.to - axis.from) / cv::norm(axis.to - axis.from);
    const cv::Point2f beside = on + 2.5F * cv::Point2f(-along.y, along.x);
    const auto rim = image.at<cv::Vec3b>(cv::Point(cvRound(beside.x), cvRound(beside.y)));
    EXPECT_LT(*std::min_element(rim.val, rim.val + 3), 60) << "dark on every ground";
  }
  EXPECT_EQ(image.at<cv::Vec3b>(270, 300), cv::Vec3b::all(90)) << "where there is no axis";
}

TEST(OverlayPainter, AMeshFarOutsideIsClipped) {
  for (const cv::Rect2f box : {cv::Rect2f(-4000, -90, 120, 140), cv::Rect2f(600, 400, 90, 1e7F),
                               cv::Rect2f(-1e9F, 5, 2e9F, 40)}) {
    for (const auto mesh : {MeshStyle::features, MeshStyle::lines}) {
      EXPECT_NO_THROW(painted_mesh(mesh, true, box));
    }
  }
}

TEST(Shapes, AHalfPixelIsHalfPainted) {
  cv::Mat image(10, 10, CV_8UC3, cv::Scalar::all(0));
  fill_rounded(image, {2.5F, 2, 4, 4}, 0, {200, 200, 200});
  EXPECT_NEAR(image.at<cv::Vec3b>(4, 2)[0], 100, 2);
  EXPECT_EQ(image.at<cv::Vec3b>(4, 3)[0], 200);
  EXPECT_EQ(image.at<cv::Vec3b>(4, 1)[0], 0);
}

TEST(Shapes, OpacityMixes) {
  cv::Mat image(10, 10, CV_8UC3, cv::Scalar::all(100));
  fill_rounded(image, {0, 0, 10, 10}, 0, {200, 0, 100}, 0.5F);
  EXPECT_EQ(image.at<cv::Vec3b>(5, 5), cv::Vec3b(100, 50, 150));
}

TEST(Shapes, AStrokeLeavesTheInsideAlone) {
  cv::Mat image(100, 100, CV_8UC3, cv::Scalar::all(0));
  stroke_rounded(image, {10, 10, 80, 80}, 8, {255, 255, 255}, 2);
  EXPECT_EQ(cv::countNonZero(image(cv::Rect(14, 14, 72, 72)).clone().reshape(1)), 0);
  EXPECT_EQ(image.at<cv::Vec3b>(50, 9)[0], 255);
  EXPECT_EQ(image.at<cv::Vec3b>(50, 10)[0], 255);
  EXPECT_EQ(image.at<cv::Vec3b>(50, 89)[0], 255);
  EXPECT_EQ(image.at<cv::Vec3b>(50, 90)[0], 255);
}

TEST(Shapes, NothingHappensWithNothing) {
  cv::Mat image(10, 10, CV_8UC3, cv::Scalar::all(7));
  fill_rounded(image, {5, 5, 0, 3}, 2, {255, 0, 0});
  stroke_rounded(image, {5, 5, -1, 3}, 2, {255, 0, 0}, 2);
  EXPECT_EQ(cv::countNonZero(image.reshape(1) != 7), 0);
}

}  // namespace
}  // namespace mien::overlay
