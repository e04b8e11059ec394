#include "mien/faces/square_network.hpp"

#include "mien/base/error.hpp"
#include "mien/models/layer_notes.hpp"
#include "mien/models/network.hpp"

namespace mien::faces {

SquareNetwork::SquareNetwork(const models::ModelCard& card)
    : side_(card.input.width), input_name_(card.input.name) {
  if (card.input.height != side_ || card.input.layout != models::ModelCard::Layout::nhwc ||
      card.input.channels == models::ModelCard::Channels::gray) {
    throw base::Error("The model card of " + card.id +
                      " cannot be used: this network needs a square colour input in nhwc.");
  }
  const int sizes[] = {1, side_, side_, 3};
  blob_.create(4, sizes, CV_32F);
  blob_.setTo(cv::Scalar::all(0));
  pixels_ = cv::Mat(side_, side_, CV_32FC3, blob_.data);
  models::load_network(card, [&](cv::dnn::Net& net) {
    net_ = net;
    output_names_ = net_.getUnconnectedOutLayersNames();
    try {
      net_.setInput(blob_, input_name_);
    } catch (const cv::Exception&) {
      throw base::Error("The model " + card.id + " does not fit its card: it has no input \"" +
                        input_name_ + "\".");
    }
    models::run_by_layers(net_);
    base::translate_errors("The model " + card.id + " failed", [&] { run(); });
  });
}

void SquareNetwork::run() {
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
