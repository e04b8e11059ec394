#include "numbers_network.hpp"

#include <algorithm>

#include "mien/base/error.hpp"
#include "mien/models/layer_notes.hpp"
#include "mien/models/network.hpp"

#include "network_card.hpp"

namespace mien::movements {

NumbersNetwork::NumbersNetwork(const models::ModelCard& card, std::size_t outputs,
                               const std::string& asked)
    : id_(card.id),
      input_name_(card.input.name),
      input_(1, card.input.width, CV_32F, cv::Scalar(0)) {
  models::load_network(card, [&](cv::dnn::Net& net) {
    net_ = net;
    const auto names = net_.getUnconnectedOutLayersNames();
    const bool named = std::find(names.begin(), names.end(), card.output.name) != names.end();
    if (!names.empty()) output_name_ = named ? card.output.name : names.front();
    models::set_first_input(net_, input_, card);
    models::run_by_layers(net_);
    const auto given =
        run(std::vector<float>(static_cast<std::size_t>(card.input.width), 0.F)).size();
    if (given != outputs) {
      NetworkCard(card, card.task)
          .refuse("it gives " + std::to_string(given) + " numbers where " + asked);
    }
  });
}

std::vector<float> NumbersNetwork::run(const std::vector<float>& numbers) {
  return base::translate_errors("The movements model " + id_ + " failed", [&] {
    if (numbers.size() != input_.total()) {
      throw base::Error("The movements model " + id_ + " failed: it was given " +
                        std::to_string(numbers.size()) + " numbers.");
    }
    std::copy(numbers.begin(), numbers.end(), input_.ptr<float>());
    net_.setInput(input_, input_name_);
    const cv::Mat output = net_.forward(output_name_);
    std::vector<float> given;
    if (output.type() == CV_32F && output.isContinuous()) {
      given.assign(output.ptr<float>(), output.ptr<float>() + output.total());
    }
    return given;
  });
}

}  // namespace mien::movements
