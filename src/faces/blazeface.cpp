#include "blazeface.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include <opencv2/imgproc.hpp>

#include "mien/base/error.hpp"

#include "nms.hpp"

namespace mien::faces {
namespace {

/// [{"cells": 16, "anchors": 2}, ...]; at least one, each with another number of anchors in
/// all, because that is how a network's outputs are told apart.
std::vector<AnchorGrid> grids_of(const CardOptions& options, const std::string& key) {
  const auto* const it = options.find(key);
  if (it == nullptr) options.fail(key, "is missing");
  if (!it->is_array() || it->empty()) options.fail(key, "must list at least one grid");
  std::vector<AnchorGrid> grids;
  std::set<int> sizes;
  for (const auto& item : *it) {
    const auto whole = [&](const char* name, int most) {
      const auto value = item.is_object() ? item.find(name) : item.end();
      if (!item.is_object() || value == item.end() || !value->is_number_integer() ||
          value->get<std::int64_t>() < 1 || value->get<std::int64_t>() > most) {
        options.fail(key,
                     "needs \"" + std::string(name) + "\" from 1 to " + std::to_string(most));
      }
      return value->get<int>();
    };
    const AnchorGrid grid{whole("cells", 256), whole("anchors", 64)};
    if (!sizes.insert(grid.count()).second ||
        !sizes.insert(grid.count() * kBlazeFaceValues).second) {
      options.fail(key, "has two grids that cannot be told apart by their size");
    }
    grids.push_back(grid);
  }
  return grids;
}

}  // namespace

Letterbox letterbox(cv::Size picture, int side) {
  const float scale = static_cast<float>(side) / std::max({1, picture.width, picture.height});
  return {scale, {(side - picture.width * scale) / 2, (side - picture.height * scale) / 2}};
}

void decode_blazeface(const AnchorGrid& grid, int side, const float* scores, const float* boxes,
                      float threshold, const Letterbox& where, std::vector<base::Face>& faces) {
  const float cell = static_cast<float>(side) / grid.cells;
  const float clipped = std::clamp(threshold, 1e-4F, 1 - 1e-4F);
  const float least = std::log(clipped / (1 - clipped));  // spares a sigmoid for every anchor
  for (int i = 0; i < grid.count(); ++i) {
    if (!(scores[i] >= least)) continue;
    const float* value = boxes + std::ptrdiff_t{i} * kBlazeFaceValues;
    if (!std::all_of(value, value + kBlazeFaceValues,
                     [](float v) { return std::isfinite(v); })) {
      continue;
    }
    const int in_grid = i / grid.anchors;
    const int column = in_grid % grid.cells;
    const int row = in_grid / grid.cells;
    const cv::Point2f anchor((column + 0.5F) * cell, (row + 0.5F) * cell);
    const auto point = [&](int k) {
      const cv::Point2f input = anchor + cv::Point2f(value[k], value[k + 1]);
      return (input - where.offset) / where.scale;
    };
    const cv::Size2f size(value[2] / where.scale, value[3] / where.scale);
    if (size.width <= 0 || size.height <= 0) continue;
    const cv::Point2f center = point(0);
    base::Face face;
    face.box = {center.x - size.width / 2, center.y - size.height / 2, size.width, size.height};
    face.confidence = 1 / (1 + std::exp(-std::min(scores[i], 80.0F)));
    face.landmarks = base::Landmarks{point(4), point(6), point(8), point(10)};
    faces.push_back(face);
  }
}

BlazeFace::BlazeFace(const models::ModelCard& card)
    : id_(card.id),
      network_(card),
      swap_red_(card.input.channels == models::ModelCard::Channels::rgb),
      scale_(card.rescale_factor / card.image_std[0]),
      shift_(-card.image_mean[0] / card.image_std[0]),
      options_(card),
      score_threshold_(options_.number("score_threshold", 0.5F, 0, 1)),
      overlap_threshold_(options_.number("overlap_threshold", 0.3F, 0, 1)),
      grids_(grids_of(options_, "grids")) {
  check_shape(card);
  square_.create(side(), side(), CV_8UC3);
  // Whether the outputs are what the card promises.
  for (const AnchorGrid& grid : grids_) {
    output(grid.count());
    output(grid.count() * kBlazeFaceValues);
  }
}

std::vector<base::Face> BlazeFace::find(const cv::Mat& bgr, float threshold) {
  return base::translate_errors("The face detector " + id_ + " failed", [&] {
    const Letterbox where = fill_input(bgr);
    network_.run();
    std::vector<base::Face> faces;
    for (const AnchorGrid& grid : grids_) {
      const float* scores = output(grid.count());
      const float* boxes = output(grid.count() * kBlazeFaceValues);
      decode_blazeface(grid, side(), scores, boxes, threshold, where, faces);
    }
    return faces;
  });
}

void BlazeFace::check_shape(const models::ModelCard& card) const {
  const auto same = [](const std::vector<float>& values) {
    return values == std::vector<float>(values.size(), values.front());
  };
  if (!same(card.image_mean) || !same(card.image_std)) {
    throw base::Error("The model card of " + id_ +
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
  throw base::Error("The model " + id_ + " does not fit its card: no output has " +
                    std::to_string(count) + " numbers, as its options.grids promise.");
}

namespace {

constexpr std::size_t kMaxBoxes = 4096;

class BlazeFaceDetector : public FaceDetector {
 public:
  explicit BlazeFaceDetector(const models::ModelCard& card) : network_(card) {}

  const std::string& id() const override { return network_.id(); }

  std::vector<base::Face> detect(const cv::Mat& bgr) override {
    if (bgr.empty() || bgr.type() != CV_8UC3) return {};
    auto faces = network_.find(bgr, network_.score_threshold());
    // Blending takes the square of their number.
    if (faces.size() > kMaxBoxes) {
      throw base::Error("The face detector " + id() + " finds faces at " +
                        std::to_string(faces.size()) +
                        " places of one picture; raise options.score_threshold in its card or "
                        "choose another detector.");
    }
    return blend_overlapping(std::move(faces), network_.overlap_threshold());
  }

 private:
  BlazeFace network_;
};

}  // namespace

std::unique_ptr<FaceDetector> make_blazeface_detector(const models::ModelCard& card) {
  return base::translate_errors("The face detector " + card.id + " cannot be loaded",
                                [&] { return std::make_unique<BlazeFaceDetector>(card); });
}

}  // namespace mien::faces
