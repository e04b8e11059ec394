#include "second_look.hpp"

#include <algorithm>
#include <cmath>

#include <opencv2/imgproc.hpp>

namespace mien {
namespace {

constexpr float kCropScale = 2;  // of the face's side: what the network is surest about
// How far from the crop's middle, in shares of the face's side, and how much larger or smaller
// a face may be that still is the one looked for and not its neighbour.
constexpr float kFarthest = 0.35F;
constexpr float kSmallest = 0.5F;
constexpr float kLargest = 1.8F;
constexpr float kHopeless = 0.25F;  // the mirror image is not asked below
constexpr float kNoDoubt = 0.8F;    // nor above
constexpr float kSameHead = 0.35F;  // intersection over union
constexpr float kInside = 0.6F;     // share of the smaller box
constexpr float kMostBox = 1e5F;    // pixels

/// A turned square of the picture as the network sees it.
struct Patch {
  cv::Point2f center;
  float step = 1;  ///< picture pixels for each crop pixel
  float cosine = 1, sine = 0;
  float middle = 0;  ///< of the crop, pixels

  cv::Point2f to_picture(cv::Point2f p) const {
    p = (p - cv::Point2f(middle, middle)) * step;
    return center + cv::Point2f(cosine * p.x - sine * p.y, sine * p.x + cosine * p.y);
  }
};

Patch patch_around(const Face& face, int side) {
  Patch patch;
  patch.center = (face.box.tl() + face.box.br()) / 2;
  patch.step =
      kCropScale * std::max(face.box.width, face.box.height) / static_cast<float>(side);
  patch.middle = static_cast<float>(side) / 2;
  if (face.landmarks) {
    const cv::Point2f across = face.landmarks->left_eye - face.landmarks->right_eye;
    const float apart = std::hypot(across.x, across.y);
    if (std::isfinite(apart) && apart > 1e-3F) {
      patch.cosine = across.x / apart;
      patch.sine = across.y / apart;
    }
  }
  return patch;
}

/// False when the patch lies outside the picture or is not a number.
bool cut_out(const cv::Mat& bgr, const Patch& patch, int side, cv::Mat& crop) {
  const float reach = patch.step * patch.middle * std::sqrt(2.0F) + 2;
  if (!(patch.step > 0) || !(reach < kMostBox) || !(std::abs(patch.center.x) < kMostBox) ||
      !(std::abs(patch.center.y) < kMostBox)) {
    return false;
  }
  const cv::Rect part =
      cv::Rect(cvFloor(patch.center.x - reach), cvFloor(patch.center.y - reach),
               cvCeil(2 * reach), cvCeil(2 * reach)) &
      cv::Rect({0, 0}, bgr.size());
  if (part.empty()) return false;
  cv::Mat source = bgr(part);
  float shrink_x = 1;
  float shrink_y = 1;
  if (patch.step > 2) {  // averaged down first, so that nothing aliases
    const cv::Size size(std::max(1, cvRound(static_cast<float>(part.width) * 2 / patch.step)),
                        std::max(1, cvRound(static_cast<float>(part.height) * 2 / patch.step)));
    cv::Mat smaller;
    cv::resize(source, smaller, size, 0, 0, cv::INTER_AREA);
    source = smaller;
    shrink_x = static_cast<float>(size.width) / static_cast<float>(part.width);
    shrink_y = static_cast<float>(size.height) / static_cast<float>(part.height);
  }
  // warpAffine counts from the middles of pixels, which lie at halves.
  const cv::Point2f corner = patch.to_picture({0.5F, 0.5F}) - cv::Point2f(part.tl());
  const float c = patch.cosine * patch.step;
  const float s = patch.sine * patch.step;
  const cv::Matx23f map(c * shrink_x, -s * shrink_x, corner.x * shrink_x - 0.5F,  //
                        s * shrink_y, c * shrink_y, corner.y * shrink_y - 0.5F);
  // Black outside the picture, as the network saw it in its training.
  cv::warpAffine(source, crop, map, {side, side}, cv::INTER_LINEAR | cv::WARP_INVERSE_MAP,
                 cv::BORDER_CONSTANT);
  return true;
}

std::optional<Face> face_in_the_middle(const std::vector<Face>& faces, float side) {
  const float expected = side / kCropScale;
  for (const Face& face : faces) {  // most confident first
    const cv::Point2f off =
        (face.box.tl() + face.box.br()) / 2 - cv::Point2f(side / 2, side / 2);
    const float size = face.box.width / expected;
    if (std::hypot(off.x, off.y) < kFarthest * expected && size > kSmallest &&
        size < kLargest) {
      return face;
    }
  }
  return std::nullopt;
}

Face to_picture(Face face, const Patch& patch) {
  const cv::Point2f center = patch.to_picture((face.box.tl() + face.box.br()) / 2);
  const cv::Size2f size(face.box.width * patch.step, face.box.height * patch.step);
  face.box = {center.x - size.width / 2, center.y - size.height / 2, size.width, size.height};
  if (face.landmarks) {
    for (auto* point : {&face.landmarks->right_eye, &face.landmarks->left_eye,
                        &face.landmarks->nose, &face.landmarks->mouth}) {
      *point = patch.to_picture(*point);
    }
  }
  return face;
}

}  // namespace

std::optional<Face> SecondLook::at(const cv::Mat& bgr, const Face& candidate, float least) {
  const int side = network_.side();
  const Patch patch = patch_around(candidate, side);
  if (!cut_out(bgr, patch, side, crop_)) return std::nullopt;
  const auto look = [&](const cv::Mat& crop) {
    return face_in_the_middle(
        blend_overlapping(network_.find(crop, kHopeless), network_.overlap_threshold()),
        static_cast<float>(side));
  };
  auto face = look(crop_);
  if (!face) return std::nullopt;
  if (face->confidence < kNoDoubt) {
    cv::flip(crop_, mirrored_, 1);
    const auto other = look(mirrored_);
    face->confidence = (face->confidence + (other ? other->confidence : 0)) / 2;
  }
  if (face->confidence < least) return std::nullopt;
  return to_picture(*face, patch);
}

std::vector<Face> one_for_each_head(std::vector<Face> faces) {
  std::stable_sort(faces.begin(), faces.end(),
                   [](const Face& a, const Face& b) { return a.confidence > b.confidence; });
  std::vector<Face> kept;
  for (const Face& face : faces) {
    const bool known = std::any_of(kept.begin(), kept.end(), [&](const Face& other) {
      return overlap(face.box, other.box) > kSameHead ||
             (face.box & other.box).area() >
                 kInside * std::min(face.box.area(), other.box.area());
    });
    if (!known) kept.push_back(face);
  }
  return kept;
}

}  // namespace mien
