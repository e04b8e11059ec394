#include "blazeface.hpp"

#include <algorithm>

#include <opencv2/imgproc.hpp>

#include "mien/base/error.hpp"
#include "mien/models/layer_notes.hpp"
#include "mien/models/onnx_guard.hpp"
#include "mien/models/onnx_network.hpp"

namespace mien {

BlazeFace::BlazeFace(const ModelCard& card)
    : id_(card.id),
      side_(card.input.width),
      input_name_(card.input.name),
      swap_red_(card.input.channels == ModelCard::Channels::rgb),
      scale_(card.rescale_factor / card.image_std[0]),
      shift_(-card.image_mean[0] / card.image_std[0]),
      options_(card),
      score_threshold_(options_.number("score_threshold", 0.5F, 0, 1)),
      overlap_threshold_(options_.number("overlap_threshold", 0.3F, 0, 1)),
      grids_(options_.grids("grids")) {
  check_shape(card);
  const int sizes[] = {1, side_, side_, 3};
  input_.create(4, sizes, CV_32F);
  square_.create(side_, side_, CV_8UC3);
  const auto bytes = read_checked_onnx(card);
  MutexLock lock(network_load_mutex());
  net_ = read_onnx_network(card, bytes);
  output_names_ = net_.getUnconnectedOutLayersNames();
  net_.setInput(input_, input_name_);
  run_by_layers(net_);
  // The first run allocates, and shows whether the outputs are what the card promises.
  find(cv::Mat(side_, side_, CV_8UC3, cv::Scalar::all(0)), score_threshold_);
}

std::vector<Face> BlazeFace::find(const cv::Mat& bgr, float threshold) {
  return translate_errors("The face detector " + id_ + " failed", [&] {
    const Letterbox where = fill_input(bgr);
    net_.setInput(input_, input_name_);
    net_.forward(outputs_, output_names_);
    std::vector<Face> faces;
    for (const AnchorGrid& grid : grids_) {
      const float* scores = output(grid.count());
      const float* boxes = output(grid.count() * kBlazeFaceValues);
      decode_blazeface(grid, side_, scores, boxes, threshold, where, faces);
    }
    return faces;
  });
}

void BlazeFace::check_shape(const ModelCard& card) const {
  const auto same = [](const std::vector<float>& values) {
    return values == std::vector<float>(values.size(), values.front());
  };
  if (card.input.height != side_ || card.input.layout != ModelCard::Layout::nhwc ||
      card.input.channels == ModelCard::Channels::gray || !same(card.image_mean) ||
      !same(card.image_std)) {
    throw Error(
        "The model card of " + id_ +
        " cannot be used: a BlazeFace needs a square colour input in nhwc with one mean "
        "and one deviation for all channels.");
  }
}

// The picture shrunk into the middle of a black square, as floats, without a fresh buffer.
Letterbox BlazeFace::fill_input(const cv::Mat& bgr) {
  const Letterbox ideal = letterbox(bgr.size(), side_);
  const cv::Size size(std::clamp(cvRound(bgr.cols * ideal.scale), 1, side_),
                      std::clamp(cvRound(bgr.rows * ideal.scale), 1, side_));
  const cv::Rect inside((side_ - size.width) / 2, (side_ - size.height) / 2, size.width,
                        size.height);
  square_.setTo(cv::Scalar::all(0));
  cv::Mat target = square_(inside);
  cv::resize(bgr, target, size, 0, 0, ideal.scale < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
  if (swap_red_) cv::cvtColor(square_, square_, cv::COLOR_BGR2RGB);
  cv::Mat pixels(side_, side_, CV_32FC3, input_.data);
  square_.convertTo(pixels, CV_32F, scale_, shift_);
  return {ideal.scale, cv::Point2f(inside.tl())};
}

// Outputs are told apart by their size: converters name and order them as they please.
const float* BlazeFace::output(int count) const {
  for (const cv::Mat& blob : outputs_) {
    if (blob.total() == static_cast<std::size_t>(count) && blob.type() == CV_32F &&
        blob.isContinuous()) {
      return blob.ptr<float>();
    }
  }
  throw Error("The model " + id_ + " does not fit its card: no output has " +
              std::to_string(count) + " numbers, as its options.grids promise.");
}

}  // namespace mien
