#include "mien/movements/movement_network.hpp"

#include <algorithm>

#include <opencv2/dnn.hpp>

#include "mien/base/error.hpp"
#include "mien/base/movements.hpp"
#include "mien/models/layer_notes.hpp"
#include "mien/models/model_library.hpp"
#include "mien/models/network.hpp"

namespace mien::movements {
namespace {

[[noreturn]] void refuse_movements(const models::ModelCard& card, const std::string& why) {
  throw base::Error("The movements model " + card.id + " cannot be used: " + why + ".");
}

void check_movements_card(const models::ModelCard& card) {
  using models::ModelCard;
  if (card.task != ModelCard::Task::movements) {
    refuse_movements(card, std::string("its card is of task \"") +
                               models::to_string(card.task) + "\", not \"movements\"");
  }
  if (card.format != ModelCard::Format::onnx || card.input.width != kMovementInputs ||
      card.input.height != 1 || card.input.channels != ModelCard::Channels::gray ||
      card.input.layout != ModelCard::Layout::nchw) {
    refuse_movements(card, "it must be an \"onnx\" file with a \"gray\" input of " +
                               std::to_string(kMovementInputs) + " by 1 in \"nchw\"");
  }
  for (const auto& label : card.labels) {
    if (!base::movement_index(label)) {
      refuse_movements(card, "the label \"" + label +
                                 "\" in its card is no movement that "
                                 "this version of the program knows");
    }
  }
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
      net_.setInput(input_, input_name_);
      models::run_by_layers(net_);
      const auto numbers = run(std::vector<float>(kMovementInputs, 0.F));
      if (numbers.size() != labels_.size()) {
        refuse_movements(card, "it gives " + std::to_string(numbers.size()) +
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
  if (!models::is_shipped(card)) {
    refuse_movements(card, "only movements models that come with the program can be used");
  }
  return std::make_unique<LocalMovementNetwork>(card);
}

}  // namespace mien::movements
