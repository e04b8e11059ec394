#include "mien/faces/face_align.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include <opencv2/imgproc.hpp>

#include "mien/base/error.hpp"

namespace mien::faces {
namespace {

constexpr float kMaxCoordinate = 1e6F;

// The angle in radians by which the face is turned clockwise on the picture. The eyes give it
// up to half a turn; the mouth, which is below them, tells which half, so that landmarks whose
// right and left are exchanged (a mirrored picture) do not turn the face upside down.
float roll(const base::Landmarks& points) {
  const cv::Point2f across = points.left_eye - points.right_eye;
  const float distance = std::hypot(across.x, across.y);
  if (!std::isfinite(distance) || distance < 1e-3F) return 0;
  const cv::Point2f down = points.mouth - (points.left_eye + points.right_eye) / 2;
  const cv::Point2f square_down(-across.y, across.x);
  const float mirrored = down.dot(square_down) < 0 ? -1.0F : 1.0F;
  return std::atan2(across.y * mirrored, across.x * mirrored);
}

// The part of the picture that the turned square touches, at least one pixel of it.
cv::Rect region(cv::Point2f center, float half, const cv::Mat& picture) {
  const float reach = half * std::sqrt(2.0F) + 2;
  const auto low = [](float value, int size) {
    return std::clamp(static_cast<int>(std::floor(value)), 0, size - 1);
  };
  const auto high = [](float value, int size) {
    return std::clamp(static_cast<int>(std::ceil(value)), 1, size);
  };
  const int left = low(center.x - reach, picture.cols);
  const int top = low(center.y - reach, picture.rows);
  const int right = std::max(left + 1, high(center.x + reach, picture.cols));
  const int bottom = std::max(top + 1, high(center.y + reach, picture.rows));
  return {left, top, right - left, bottom - top};
}

/// The square of the picture that becomes the crop.
struct Square {
  cv::Point2f center;
  float side = 0;
  float angle = 0;  ///< radians, clockwise on the picture
};

// Where ArcFace's training pictures of 112 pixels have right eye, left eye, nose and the middle
// of the mouth ("right" as in Landmarks), as points between pixels, from the picture's middle.
constexpr int kPoints = 4;
constexpr float kArcfaceSide = 112;
constexpr float kArcfacePoints[kPoints][2] = {
    {38.2946F, 51.6963F}, {73.5318F, 51.5014F}, {56.0252F, 71.7366F}, {56.1396F, 92.2848F}};

/// The square at which a face's points come nearest to ArcFace's (least squares over turning,
/// scaling and shifting); nothing when the points are no face.
std::optional<Square> arcface_square(const base::Landmarks& points) {
  const cv::Point2f found[kPoints] = {points.right_eye, points.left_eye, points.nose,
                                      points.mouth};
  cv::Point2f wanted[kPoints];
  cv::Point2f found_mean;
  cv::Point2f wanted_mean;
  for (int i = 0; i < kPoints; ++i) {
    wanted[i] = cv::Point2f(kArcfacePoints[i][0] + 0.5F - kArcfaceSide / 2,
                            kArcfacePoints[i][1] + 0.5F - kArcfaceSide / 2);
    found_mean += found[i] / kPoints;
    wanted_mean += wanted[i] / kPoints;
  }
  float spread = 0;
  float along = 0;
  float across = 0;
  for (int i = 0; i < kPoints; ++i) {
    const cv::Point2f from = wanted[i] - wanted_mean;
    const cv::Point2f to = found[i] - found_mean;
    spread += from.dot(from);
    along += from.dot(to);
    across += from.x * to.y - from.y * to.x;
  }
  const float cosine = along / spread;
  const float sine = across / spread;
  const float scale = std::hypot(cosine, sine);
  if (!std::isfinite(scale) || scale < 1e-3F) return std::nullopt;
  const cv::Point2f center(found_mean.x - (cosine * wanted_mean.x - sine * wanted_mean.y),
                           found_mean.y - (sine * wanted_mean.x + cosine * wanted_mean.y));
  return Square{center, kArcfaceSide * scale, std::atan2(sine, cosine)};
}

// Where FER2013's pictures have the middle between the eyes and the mouth, in shares of their
// height from the top (both in the middle across), and how far apart the eyes are: means over
// 3,800 neutral faces of FER+'s training pictures, with the points of the face mesh.
constexpr float kFer2013Eyes = 0.387F;
constexpr float kFer2013Mouth = 0.765F;
constexpr float kFer2013EyesApart = 0.35F;
// How much larger that picture is than a detector's box, where there are no points: 1.18
// to 1.22 for BlazeFace's boxes on photographs, web and posed faces, 1.1 to 1.3 for those of
// Haar.
constexpr float kFer2013PerBox = 1.2F;

/// The square in which a face's eyes and mouth lie as in FER2013's pictures; nothing when the
/// points are no face. Of the two sizes that the eyes' and the mouth's distance ask for it
/// takes the larger: a turned head has its eyes close together, a nodding one its mouth close
/// to them.
std::optional<Square> fer2013_square(const base::Landmarks& points) {
  const cv::Point2f across = points.left_eye - points.right_eye;
  const cv::Point2f eyes = (points.left_eye + points.right_eye) / 2;
  const float apart = std::hypot(across.x, across.y);
  if (!std::isfinite(apart) || apart < 1e-3F) return std::nullopt;
  const float angle = roll(points);
  const cv::Point2f down(-std::sin(angle), std::cos(angle));
  const float height = std::abs(down.dot(points.mouth - eyes));
  const float side =
      std::max(apart / kFer2013EyesApart, height / (kFer2013Mouth - kFer2013Eyes));
  if (!std::isfinite(side)) return std::nullopt;
  return Square{eyes + down * ((0.5F - kFer2013Eyes) * side), side, angle};
}

Square square_of(const base::Face& face, const models::ModelCard::Crop& crop) {
  Square square;
  square.center = (face.box.tl() + face.box.br()) / 2;
  square.side = (face.box.width + face.box.height) / 2;
  if (face.landmarks && crop.align == models::ModelCard::Align::eyes) {
    square.angle = roll(*face.landmarks);
  }
  if (face.landmarks && crop.align == models::ModelCard::Align::arcface) {
    square = arcface_square(*face.landmarks).value_or(square);
  }
  if (crop.align == models::ModelCard::Align::fer2013) {
    square.side *= kFer2013PerBox;
    if (face.landmarks) square = fer2013_square(*face.landmarks).value_or(square);
  }
  square.side *= 1 + 2 * crop.margin;
  return square;
}

}  // namespace

cv::Mat align_face(const cv::Mat& bgr, const base::Face& face,
                   const models::ModelCard::Crop& crop, int side,
                   const models::ModelCard::Crop::View& view) {
  if (bgr.empty() || bgr.type() != CV_8UC3) {
    throw base::Error("A face cannot be cut out: the picture is empty or not in colour.");
  }
  if (side < 1) throw base::Error("A face cannot be cut out at a size below one pixel.");
  const Square part_of_picture = square_of(face, crop);
  const float square = part_of_picture.side * view.side;
  const float cosine = std::cos(part_of_picture.angle);
  const float sine = std::sin(part_of_picture.angle);
  const cv::Point2f center =
      part_of_picture.center + square * (view.right * cv::Point2f(cosine, sine) +
                                         view.down * cv::Point2f(-sine, cosine));
  if (!(std::abs(center.x) < kMaxCoordinate) || !(std::abs(center.y) < kMaxCoordinate) ||
      !(square > 0) || !(square < kMaxCoordinate)) {
    throw base::Error("A face cannot be cut out: its box is empty or not a number.");
  }

  const cv::Rect part = region(center, square / 2, bgr);
  cv::Mat source = bgr(part);
  float shrink_x = 1;
  float shrink_y = 1;
  const float shrink = square / static_cast<float>(side);
  // A face larger than the crop is sampled at twice its size and averaged at the end; one that
  // is larger still is averaged down to that first.
  const int work_side = shrink > 1 ? 2 * side : side;
  if (shrink > 2) {
    const cv::Size size(std::max(1, cvRound(part.width * 2 / shrink)),
                        std::max(1, cvRound(part.height * 2 / shrink)));
    cv::Mat smaller;
    cv::resize(source, smaller, size, 0, 0, cv::INTER_AREA);
    source = smaller;
    shrink_x = static_cast<float>(size.width) / static_cast<float>(part.width);
    shrink_y = static_cast<float>(size.height) / static_cast<float>(part.height);
  }

  const float step = square / static_cast<float>(work_side);
  const float across = cosine * step;
  const float along = sine * step;
  // Maps a pixel of the crop to the picture. Pixels' middles lie at halves, which warpAffine,
  // whose whole numbers are the middles, must be told.
  const float middle = (static_cast<float>(work_side) - 1) / 2;
  const cv::Point2f origin(center.x - static_cast<float>(part.x),
                           center.y - static_cast<float>(part.y));
  const cv::Matx23f map(across * shrink_x, -along * shrink_x,
                        (origin.x - (across - along) * middle) * shrink_x - 0.5F,
                        along * shrink_y, across * shrink_y,
                        (origin.y - (along + across) * middle) * shrink_y - 0.5F);
  cv::Mat result;
  cv::warpAffine(source, result, map, {work_side, work_side},
                 cv::INTER_LINEAR | cv::WARP_INVERSE_MAP, cv::BORDER_REPLICATE);
  if (work_side != side) cv::resize(result, result, {side, side}, 0, 0, cv::INTER_AREA);
  if (view.mirrored) cv::flip(result, result, 1);
  return result;
}

cv::Mat view_of(const cv::Mat& face_bgr, const models::ModelCard::Crop::View& view) {
  // About the middle of the picture, which lies between pixels when they are even in number.
  const cv::Point2f middle(static_cast<float>(face_bgr.cols - 1) / 2,
                           static_cast<float>(face_bgr.rows - 1) / 2);
  const cv::Point2f shift =
      middle * (1 - view.side) +
      view.side * cv::Point2f(view.right * static_cast<float>(face_bgr.cols),
                              view.down * static_cast<float>(face_bgr.rows));
  cv::Mat result = face_bgr;
  if (view.side != 1 || shift != cv::Point2f()) {
    cv::Mat moved;
    cv::warpAffine(face_bgr, moved, cv::Matx23f(view.side, 0, shift.x, 0, view.side, shift.y),
                   face_bgr.size(), cv::INTER_CUBIC | cv::WARP_INVERSE_MAP,
                   cv::BORDER_REPLICATE);
    result = moved;
  }
  if (view.mirrored) {
    cv::Mat mirrored;
    cv::flip(result, mirrored, 1);
    result = mirrored;
  }
  return result;
}

}  // namespace mien::faces
