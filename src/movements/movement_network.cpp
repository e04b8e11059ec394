#include "mien/movements/movement_network.hpp"

#include <algorithm>

#include <opencv2/dnn.hpp>

#include "mien/base/error.hpp"
#include "mien/base/movements.hpp"
#include "mien/models/layer_notes.hpp"
#include "mien/models/network.hpp"

#include "network_card.hpp"

namespace mien::movements {
namespace {

NetworkCard movements_card(const models::ModelCard& card) {
  return {card, models::ModelCard::Task::movements};
}

void check_movements_card(const models::ModelCard& card) {
  using models::ModelCard;
  const auto asked = movements_card(card);
  asked.require_task();
  if (card.format != ModelCard::Format::onnx || card.input.width != kMovementInputs ||
      card.input.height != 1 || card.input.channels != ModelCard::Channels::gray ||
      card.input.layout != ModelCard::Layout::nchw) {
    asked.refuse("it must be an \"onnx\" file with a \"gray\" input of " +
                 std::to_string(kMovementInputs) + " by 1 in \"nchw\"");
  }
  for (const auto& label : card.labels) {
    if (!base::movement_index(label)) {
      asked.refuse("the label \"" + label +
                   "\" in its card is no movement that "
                   "this version of the program knows");
    }
  }
  asked.require_shipped();
}

class LocalMovementNetwork : public MovementNetwork {
 public:
  explicit LocalMovementNetwork(const models::ModelCard& card)
      : id_(card.id),
        labels_(card.labels),
        input_name_(card.input.name),
        input_(1, kMovementInputs, CV_32F, cv::Scalar(0)) {
    models::load_network(card, [&](cv::dnn::Net& net) {
      net_ = net;
      const auto outputs = net_.getUnconnectedOutLayersNames();
      const bool named =
          std::find(outputs.begin(), outputs.end(), card.output.name) != outputs.end();
      if (!outputs.empty()) output_name_ = named ? card.output.name : outputs.front();
      models::set_first_input(net_, input_, card);
      models::run_by_layers(net_);
      const auto numbers = run(std::vector<float>(kMovementInputs, 0.F));
      if (numbers.size() != labels_.size()) {
        movements_card(card).refuse("it gives " + std::to_string(numbers.size()) +
                                    " numbers where the card has " +
                                    std::to_string(labels_.size()) + " labels");
      }
    });
  }

  const std::string& id() const override { return id_; }
  const std::vector<std::string>& outputs() const override { return labels_; }

  std::vector<float> run(const std::vector<float>& change) override {
    return base::translate_errors("The movements model " + id_ + " failed", [&] {
      if (change.size() != static_cast<std::size_t>(kMovementInputs)) {
        throw base::Error("The movements model " + id_ + " failed: it was given " +
                          std::to_string(change.size()) + " numbers.");
      }
      std::copy(change.begin(), change.end(), input_.ptr<float>());
      net_.setInput(input_, input_name_);
      const cv::Mat output = net_.forward(output_name_);
      std::vector<float> numbers;
      if (output.type() == CV_32F && output.isContinuous()) {
        numbers.assign(output.ptr<float>(), output.ptr<float>() + output.total());
      }
      return numbers;
    });
  }

 private:
  std::string id_;
  std::vector<std::string> labels_;
  std::string input_name_;
  std::string output_name_;  ///< empty: the last layer's
  cv::Mat input_;
  cv::dnn::Net net_;
};

}  // namespace

std::unique_ptr<MovementNetwork> load_movement_network(const models::ModelCard& card) {
  check_movements_card(card);
  return std::make_unique<LocalMovementNetwork>(card);
}

}  // namespace mien::movements
