#include "network_shapes.hpp"

#include <cstdint>

#include "mien/base/error.hpp"

namespace mien {
namespace {

// Far above any network that runs live on a processor.
constexpr std::int64_t kMaxElements = std::int64_t{1} << 26;     // of one result
constexpr std::int64_t kMaxAllElements = std::int64_t{1} << 29;  // of all results

std::int64_t elements(const std::vector<int>& shape) {
  std::int64_t count = 1;
  for (const int size : shape) {
    if (size <= 0 || size > kMaxElements || count > kMaxElements / size) return -1;
    count *= size;
  }
  return count;
}

bool is(const std::string& type, std::initializer_list<const char*> types) {
  for (const char* each : types) {
    if (type == each) return true;
  }
  return false;
}

}  // namespace

void check_network_shapes(cv::dnn::Net& net, const std::vector<int>& shape,
                          const std::string& where) {
  const auto fail = [&](const cv::dnn::Layer& layer, const std::string& what) {
    throw Error("The model file " + where +
                " is damaged or not made for this program: its layer " + layer.name + " (" +
                layer.type + ") " + what + "; fetch it again or choose another model.");
  };
  std::vector<int> ids;
  std::vector<std::vector<cv::dnn::MatShape>> inputs;
  std::vector<std::vector<cv::dnn::MatShape>> outputs;
  net.getLayersShapes(cv::dnn::MatShape(shape), ids, inputs, outputs);
  std::int64_t all = 0;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (ids[i] == 0) continue;  // the input itself
    const auto layer = net.getLayer(ids[i]);
    for (const auto& result : outputs[i]) {
      const auto count = elements(result);
      all += count;
      if (count < 0 || all > kMaxAllElements) fail(*layer, "gives an absurd size");
    }
    // OpenCV 4.6 reads these weights by the input's channels without looking how many there
    // are.
    if (layer->blobs.empty() || inputs[i].empty()) continue;
    const auto& input = inputs[i].front();
    const auto weights = static_cast<std::int64_t>(layer->blobs.front().total());
    if (is(layer->type, {"BatchNorm", "PReLU", "ChannelsPReLU"}) &&
        (input.size() < 2 || weights != input[1])) {
      fail(*layer,
           "has " + std::to_string(weights) + " weights for another number of channels");
    }
    const bool biased = layer->blobs.size() == 2;
    const auto biases = biased ? static_cast<std::int64_t>(layer->blobs[1].total()) : 0;
    if (is(layer->type, {"Convolution", "InnerProduct"}) && biased &&
        biases != layer->blobs.front().size[0]) {
      fail(*layer, "has biases for another number of results");
    }
    if (layer->type == "Scale" && biased && biases != weights) {
      fail(*layer, "has biases for another number of channels");
    }
    if (layer->type == "Convolution") {
      const auto& kernel = layer->blobs.front();
      if (kernel.dims != 4 || input.size() != 4 || input[1] < kernel.size[1] ||
          input[1] % kernel.size[1] != 0) {
        fail(*layer, "has weights for another number of channels");
      }
    }
    if (layer->type == "InnerProduct") {
      const auto& kernel = layer->blobs.front();
      const std::int64_t outer = outputs[i].empty() ? -1 : elements(outputs[i].front());
      const std::int64_t inner = elements(input);
      // weights: outputs x inputs
      if (outer <= 0 || kernel.size[0] <= 0 || outer % kernel.size[0] != 0 ||
          inner * kernel.size[0] != weights * (outer / kernel.size[0])) {
        fail(*layer, "has weights for another number of inputs");
      }
    }
  }
}

}  // namespace mien
