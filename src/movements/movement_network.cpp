#include "mien/movements/movement_network.hpp"

#include <string>

#include "mien/base/movements.hpp"

#include "network_card.hpp"
#include "numbers_network.hpp"

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
      : labels_(card.labels),
        network_(card, labels_.size(),
                 "the card has " + std::to_string(labels_.size()) + " labels") {}

  const std::string& id() const override { return network_.id(); }
  const std::vector<std::string>& outputs() const override { return labels_; }
  std::vector<float> run(const std::vector<float>& change) override {
    return network_.run(change);
  }

 private:
  std::vector<std::string> labels_;
  NumbersNetwork network_;
};

}  // namespace

std::unique_ptr<MovementNetwork> load_movement_network(const models::ModelCard& card) {
  check_movements_card(card);
  return std::make_unique<LocalMovementNetwork>(card);
}

}  // namespace mien::movements
