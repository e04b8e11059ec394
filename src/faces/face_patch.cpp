#include "mien/faces/face_patch.hpp"

#include <algorithm>
#include <cmath>

#include <opencv2/imgproc.hpp>

namespace mien::faces {
namespace {

constexpr float kMaxBox = 1e5F;  // pixels

cv::Point2f from_eye_to_eye(const base::Face& face) {
  return face.landmarks ? face.landmarks->left_eye - face.landmarks->right_eye : cv::Point2f();
}

}  // namespace

FacePatch::FacePatch(const base::Face& face, int side, float scale)
    : FacePatch((face.box.tl() + face.box.br()) / 2, from_eye_to_eye(face), side,
                scale * std::max(face.box.width, face.box.height)) {}

FacePatch::FacePatch(cv::Point2f center, cv::Point2f across, int side, float extent)
    : side_(side), center_(center), step_(extent / static_cast<float>(side)) {
  const float apart = std::hypot(across.x, across.y);
  if (std::isfinite(apart) && apart > 1e-3F) {
    cosine_ = across.x / apart;
    sine_ = across.y / apart;
  }
}

FacePatch FacePatch::upside_down() const {
  FacePatch turned = *this;
  turned.cosine_ = -cosine_;
  turned.sine_ = -sine_;
  return turned;
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

}  // namespace mien::faces
