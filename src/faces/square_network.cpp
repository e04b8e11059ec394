#include "mien/faces/square_network.hpp"

#include "mien/base/error.hpp"
#include "mien/models/layer_notes.hpp"
#include "mien/models/network.hpp"

namespace mien::faces {

SquareNetwork::SquareNetwork(const models::ModelCard& card)
    : side_(card.input.width), input_name_(card.input.name) {
  if (card.input.height != side_ || card.input.channels == models::ModelCard::Channels::gray) {
    throw base::Error("The model card of " + card.id +
                      " cannot be used: this network needs a square colour input.");
  }
  const bool planar = card.input.layout == models::ModelCard::Layout::nchw;
  blob_.create(
      planar ? std::vector<int>{1, 3, side_, side_} : std::vector<int>{1, side_, side_, 3},
      CV_32F);
  blob_.setTo(cv::Scalar::all(0));
  if (planar) {
    pixels_ = cv::Mat(side_, side_, CV_32FC3, cv::Scalar::all(0));
    for (int c = 0; c < 3; ++c) planes_.emplace_back(side_, side_, CV_32F, blob_.ptr(0, c));
  } else {
    pixels_ = cv::Mat(side_, side_, CV_32FC3, blob_.data);
  }
  models::load_network(card, [&](cv::dnn::Net& net) {
    net_ = net;
    output_names_ = net_.getUnconnectedOutLayersNames();
    models::set_first_input(net_, blob_, card);
    models::run_by_layers(net_);
    base::translate_errors("The model " + card.id + " failed", [&] { run(); });
  });
}

void SquareNetwork::run() {
  if (!planes_.empty()) cv::split(pixels_, planes_);
  net_.setInput(blob_, input_name_);
  net_.forward(outputs_, output_names_);
}

const float* SquareNetwork::output(int count) const {
  for (const cv::Mat& blob : outputs_) {
    if (blob.total() == static_cast<std::size_t>(count) && blob.type() == CV_32F &&
        blob.isContinuous()) {
      return blob.ptr<float>();
    }
  }
  return nullptr;
}

}  // namespace mien::faces
