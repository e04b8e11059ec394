#include "face_presence.hpp"

#include <cmath>

#include <opencv2/imgproc.hpp>

#include "mien/base/error.hpp"

#include "face_patch.hpp"

namespace mien {
namespace {

constexpr float kCropScale = 1.5F;  // of the face's side, as MediaPipe's own pipeline crops

}  // namespace

FacePresence::FacePresence(const ModelCard& card)
    : id_(card.id), network_(card), scale_(card.rescale_factor) {
  if (card.task != ModelCard::Task::landmarks ||
      card.input.channels != ModelCard::Channels::rgb) {
    throw Error("The model card of " + id_ +
                " cannot be used: a face mesh is of task landmarks and has an rgb input.");
  }
  presence();
}

float FacePresence::of(const cv::Mat& bgr, const Face& face) {
  return translate_errors("The face mesh " + id_ + " failed", [&] {
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
    throw Error("The model " + id_ + " does not fit its card: no output is a single number.");
  }
  return std::isfinite(*logit) ? 1 / (1 + std::exp(-*logit)) : 0.0F;
}

}  // namespace mien
