#include "face_presence.hpp"

#include <algorithm>
#include <cmath>

#include <opencv2/imgproc.hpp>

#include "mien/base/error.hpp"
#include "mien/models/layer_notes.hpp"
#include "mien/models/onnx_guard.hpp"
#include "mien/models/onnx_network.hpp"

#include "face_patch.hpp"

namespace mien {
namespace {

constexpr float kCropScale = 1.5F;  // of the face's side, as MediaPipe's own pipeline crops

}  // namespace

FacePresence::FacePresence(const ModelCard& card)
    : id_(card.id),
      side_(card.input.width),
      input_name_(card.input.name),
      scale_(card.rescale_factor) {
  if (card.task != ModelCard::Task::landmarks || card.input.height != side_ ||
      card.input.layout != ModelCard::Layout::nhwc ||
      card.input.channels != ModelCard::Channels::rgb) {
    throw Error("The model card of " + id_ +
                " cannot be used: a face mesh needs a square rgb input in nhwc.");
  }
  const int sizes[] = {1, side_, side_, 3};
  input_.create(4, sizes, CV_32F);
  const auto bytes = read_checked_onnx(card);
  MutexLock lock(network_load_mutex());
  net_ = read_onnx_network(card, bytes);
  output_names_ = net_.getUnconnectedOutLayersNames();
  net_.setInput(input_, input_name_);
  run_by_layers(net_);
  // The first run allocates, and shows whether there is a score.
  const auto half = static_cast<float>(side_) / 2;
  of(cv::Mat(side_, side_, CV_8UC3, cv::Scalar::all(0)), {{0, 0, half, half}, 1, std::nullopt});
}

float FacePresence::of(const cv::Mat& bgr, const Face& face) {
  return translate_errors("The face mesh " + id_ + " failed", [&] {
    if (!FacePatch(face, side_, kCropScale).cut_out(bgr, crop_)) return 0.0F;
    cv::cvtColor(crop_, crop_, cv::COLOR_BGR2RGB);
    cv::Mat pixels(side_, side_, CV_32FC3, input_.data);
    crop_.convertTo(pixels, CV_32F, scale_);
    net_.setInput(input_, input_name_);
    net_.forward(outputs_, output_names_);
    const auto score = std::find_if(outputs_.begin(), outputs_.end(), [](const cv::Mat& blob) {
      return blob.total() == 1 && blob.type() == CV_32F;
    });
    if (score == outputs_.end()) {
      throw Error("The model " + id_ + " does not fit its card: no output is a single number.");
    }
    const float logit = *score->ptr<float>();
    return std::isfinite(logit) ? 1 / (1 + std::exp(-logit)) : 0.0F;
  });
}

}  // namespace mien
