#include "second_look.hpp"

#include <algorithm>
#include <cmath>

#include <opencv2/imgproc.hpp>

#include "face_patch.hpp"

namespace mien {
namespace {

constexpr float kLookScale = 2;  // of the face's side: what the network is surest about
// How far from the crop's middle, in shares of the face's side, and how much larger or smaller
// a face may be that still is the one looked for and not its neighbour.
constexpr float kFarthest = 0.35F;
constexpr float kSmallestRatio = 0.5F;
constexpr float kLargestRatio = 1.8F;
constexpr float kHopeless = 0.25F;  // the mirror image is not asked below
constexpr float kNoDoubt = 0.8F;    // nor above
constexpr float kSameHead = 0.35F;  // intersection over union
constexpr float kInside = 0.6F;     // share of the smaller box

std::optional<Face> face_in_the_middle(const std::vector<Face>& faces, float side) {
  const float expected = side / kLookScale;
  for (const Face& face : faces) {  // most confident first
    const cv::Point2f off =
        (face.box.tl() + face.box.br()) / 2 - cv::Point2f(side / 2, side / 2);
    const float size = face.box.width / expected;
    if (std::hypot(off.x, off.y) < kFarthest * expected && size > kSmallestRatio &&
        size < kLargestRatio) {
      return face;
    }
  }
  return std::nullopt;
}

Face to_picture(Face face, const FacePatch& patch) {
  const cv::Point2f center = patch.to_picture((face.box.tl() + face.box.br()) / 2);
  const cv::Size2f size(face.box.width * patch.step(), face.box.height * patch.step());
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
  const FacePatch patch(candidate, side, kLookScale);
  if (!patch.cut_out(bgr, crop_)) return std::nullopt;
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
