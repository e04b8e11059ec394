#include "blazeface.hpp"

#include <algorithm>

#include <opencv2/imgproc.hpp>

#include "mien/base/error.hpp"

namespace mien {

BlazeFace::BlazeFace(const ModelCard& card)
    : id_(card.id),
      network_(card),
      swap_red_(card.input.channels == ModelCard::Channels::rgb),
      scale_(card.rescale_factor / card.image_std[0]),
      shift_(-card.image_mean[0] / card.image_std[0]),
      options_(card),
      score_threshold_(options_.number("score_threshold", 0.5F, 0, 1)),
      overlap_threshold_(options_.number("overlap_threshold", 0.3F, 0, 1)),
      grids_(options_.grids("grids")) {
  check_shape(card);
  square_.create(side(), side(), CV_8UC3);
  // Whether the outputs are what the card promises.
  for (const AnchorGrid& grid : grids_) {
    output(grid.count());
    output(grid.count() * kBlazeFaceValues);
  }
}

std::vector<Face> BlazeFace::find(const cv::Mat& bgr, float threshold) {
  return translate_errors("The face detector " + id_ + " failed", [&] {
    const Letterbox where = fill_input(bgr);
    network_.run();
    std::vector<Face> faces;
    for (const AnchorGrid& grid : grids_) {
      const float* scores = output(grid.count());
      const float* boxes = output(grid.count() * kBlazeFaceValues);
      decode_blazeface(grid, side(), scores, boxes, threshold, where, faces);
    }
    return faces;
  });
}

void BlazeFace::check_shape(const ModelCard& card) const {
  const auto same = [](const std::vector<float>& values) {
    return values == std::vector<float>(values.size(), values.front());
  };
  if (!same(card.image_mean) || !same(card.image_std)) {
    throw Error("The model card of " + id_ +
                " cannot be used: a BlazeFace needs one mean and one deviation for all "
                "channels.");
  }
}

// The picture shrunk into the middle of a black square, as floats, without a fresh buffer.
Letterbox BlazeFace::fill_input(const cv::Mat& bgr) {
  const Letterbox ideal = letterbox(bgr.size(), side());
  const cv::Size size(std::clamp(cvRound(bgr.cols * ideal.scale), 1, side()),
                      std::clamp(cvRound(bgr.rows * ideal.scale), 1, side()));
  const cv::Rect inside((side() - size.width) / 2, (side() - size.height) / 2, size.width,
                        size.height);
  square_.setTo(cv::Scalar::all(0));
  cv::Mat target = square_(inside);
  cv::resize(bgr, target, size, 0, 0, ideal.scale < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
  if (swap_red_) cv::cvtColor(square_, square_, cv::COLOR_BGR2RGB);
  square_.convertTo(network_.input(), CV_32F, scale_, shift_);
  return {ideal.scale, cv::Point2f(inside.tl())};
}

const float* BlazeFace::output(int count) const {
  const float* numbers = network_.output(count);
  if (numbers != nullptr) return numbers;
  throw Error("The model " + id_ + " does not fit its card: no output has " +
              std::to_string(count) + " numbers, as its options.grids promise.");
}

}  // namespace mien
