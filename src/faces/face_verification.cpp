#include "face_verification.hpp"

#include <algorithm>
#include <cmath>

#include <opencv2/imgproc.hpp>

#include "mien/base/error.hpp"

#include "nms.hpp"

namespace mien::faces {
namespace {

constexpr float kMaxBox = 1e5F;  // pixels

/// A square around a face, turned so that its eyes are level, as a network wants to see it.
class FacePatch {
 public:
  /// `scale`: the square's side over the face's; `side`: of the crop, pixels.
  FacePatch(const base::Face& face, int side, float scale);

  /// Writes the side x side crop of an 8-bit BGR picture; black where the picture ends. False
  /// when the square lies outside the picture or its numbers are none.
  bool cut_out(const cv::Mat& bgr, cv::Mat& crop) const;

  /// A point of the crop, in pixels of the picture.
  cv::Point2f to_picture(cv::Point2f crop) const;
  /// Picture pixels for each crop pixel.
  float step() const { return step_; }

 private:
  int side_;
  cv::Point2f center_;
  float step_ = 1;
  float cosine_ = 1, sine_ = 0;
};

FacePatch::FacePatch(const base::Face& face, int side, float scale)
    : side_(side),
      center_((face.box.tl() + face.box.br()) / 2),
      step_(scale * std::max(face.box.width, face.box.height) / static_cast<float>(side)) {
  if (face.landmarks) {
    const cv::Point2f across = face.landmarks->left_eye - face.landmarks->right_eye;
    const float apart = std::hypot(across.x, across.y);
    if (std::isfinite(apart) && apart > 1e-3F) {
      cosine_ = across.x / apart;
      sine_ = across.y / apart;
    }
  }
}

cv::Point2f FacePatch::to_picture(cv::Point2f crop) const {
  const auto middle = static_cast<float>(side_) / 2;
  const cv::Point2f p = (crop - cv::Point2f(middle, middle)) * step_;
  return center_ + cv::Point2f(cosine_ * p.x - sine_ * p.y, sine_ * p.x + cosine_ * p.y);
}

bool FacePatch::cut_out(const cv::Mat& bgr, cv::Mat& crop) const {
  const float reach = step_ * static_cast<float>(side_) / 2 * std::sqrt(2.0F) + 2;
  if (!(step_ > 0) || !(reach < kMaxBox) || !(std::abs(center_.x) < kMaxBox) ||
      !(std::abs(center_.y) < kMaxBox)) {
    return false;
  }
  const cv::Rect part = cv::Rect(cvFloor(center_.x - reach), cvFloor(center_.y - reach),
                                 cvCeil(2 * reach), cvCeil(2 * reach)) &
                        cv::Rect({0, 0}, bgr.size());
  if (part.empty()) return false;
  cv::Mat source = bgr(part);
  float shrink_x = 1;
  float shrink_y = 1;
  if (step_ > 2) {  // averaged down first, so that nothing aliases
    const cv::Size size(std::max(1, cvRound(static_cast<float>(part.width) * 2 / step_)),
                        std::max(1, cvRound(static_cast<float>(part.height) * 2 / step_)));
    cv::Mat smaller;
    cv::resize(source, smaller, size, 0, 0, cv::INTER_AREA);
    source = smaller;
    shrink_x = static_cast<float>(size.width) / static_cast<float>(part.width);
    shrink_y = static_cast<float>(size.height) / static_cast<float>(part.height);
  }
  // warpAffine counts from the middles of pixels, which lie at halves.
  const cv::Point2f corner = to_picture({0.5F, 0.5F}) - cv::Point2f(part.tl());
  const float c = cosine_ * step_;
  const float s = sine_ * step_;
  const cv::Matx23f map(c * shrink_x, -s * shrink_x, corner.x * shrink_x - 0.5F,  //
                        s * shrink_y, c * shrink_y, corner.y * shrink_y - 0.5F);
  // Black outside the picture, as the networks saw it in their training.
  cv::warpAffine(source, crop, map, {side_, side_}, cv::INTER_LINEAR | cv::WARP_INVERSE_MAP,
                 cv::BORDER_CONSTANT);
  return true;
}

}  // namespace

namespace {

constexpr float kLookScale = 2;  // of the face's side: what the network is surest about
// How far from the crop's middle, in shares of the face's side, and how much larger or smaller
// a face may be that still is the one looked for and not its neighbour.
constexpr float kFarthest = 0.35F;
constexpr float kMinRatio = 0.5F;
constexpr float kMaxRatio = 1.8F;
constexpr float kHopeless = 0.25F;  // the mirror image is not asked below
constexpr float kNoDoubt = 0.8F;    // nor above

std::optional<base::Face> face_in_the_middle(const std::vector<base::Face>& faces, float side) {
  const float expected = side / kLookScale;
  for (const base::Face& face : faces) {  // most confident first
    const cv::Point2f off =
        (face.box.tl() + face.box.br()) / 2 - cv::Point2f(side / 2, side / 2);
    const float size = face.box.width / expected;
    if (std::hypot(off.x, off.y) < kFarthest * expected && size > kMinRatio &&
        size < kMaxRatio) {
      return face;
    }
  }
  return std::nullopt;
}

base::Face to_picture(base::Face face, const FacePatch& patch) {
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

std::optional<base::Face> SecondLook::at(const cv::Mat& bgr, const base::Face& candidate,
                                         float least) {
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

namespace {

constexpr float kCropScale = 1.5F;  // of the face's side, as MediaPipe's own pipeline crops

}  // namespace

FacePresence::FacePresence(const models::ModelCard& card)
    : id_(card.id), network_(card), scale_(card.rescale_factor) {
  if (card.task != models::ModelCard::Task::landmarks ||
      card.input.channels != models::ModelCard::Channels::rgb) {
    throw base::Error(
        "The model card of " + id_ +
        " cannot be used: a face mesh is of task landmarks and has an rgb input.");
  }
  presence();
}

float FacePresence::of(const cv::Mat& bgr, const base::Face& face) {
  return base::translate_errors("The face mesh " + id_ + " failed", [&] {
    if (!FacePatch(face, network_.side(), kCropScale).cut_out(bgr, crop_)) return 0.0F;
    cv::cvtColor(crop_, crop_, cv::COLOR_BGR2RGB);
    crop_.convertTo(network_.input(), CV_32F, scale_);
    network_.run();
    return presence();
  });
}

float FacePresence::presence() const {
  const float* logit = network_.output(1);
  if (logit == nullptr) {
    throw base::Error("The model " + id_ +
                      " does not fit its card: no output is a single number.");
  }
  return std::isfinite(*logit) ? 1 / (1 + std::exp(-*logit)) : 0.0F;
}

}  // namespace mien::faces
