#include "mien/models/network.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include <opencv2/dnn.hpp>

#include "mien/base/error.hpp"
#include "mien/base/files.hpp"
#include "mien/base/thread_annotations.hpp"
#include "mien/models/layer_notes.hpp"
#include "mien/models/model_files.hpp"
#include "mien/models/model_worker.hpp"

#include "onnx_guard.hpp"
#include "onnx_prefixes.hpp"

namespace mien::models {
namespace {

// Far above any network that runs live on a processor.
constexpr std::int64_t kMaxResultElements = std::int64_t{1} << 26;  // of one result
constexpr std::int64_t kMaxTotalElements = std::int64_t{1} << 29;   // of all results

std::int64_t elements(const std::vector<int>& shape) {
  std::int64_t count = 1;
  for (const int size : shape) {
    if (size <= 0 || size > kMaxResultElements || count > kMaxResultElements / size) return -1;
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

/// Sends `shape` through the network's layers without running them: sizes that do not fit
/// together, weights that are fewer than the channels that they are for, and results that are
/// absurdly large are an Error or a cv::Exception here and would be the end of the program
/// there.
void check_network_shapes(cv::dnn::Net& net, const std::vector<int>& shape,
                          const std::string& where) {
  const auto fail = [&](const cv::dnn::Layer& layer, const std::string& what) {
    throw base::Error("The model file " + where +
                      " is damaged or not made for this program: its layer " + layer.name +
                      " (" + layer.type + ") " + what +
                      "; fetch it again or choose another model.");
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
      if (count < 0 || all > kMaxTotalElements) fail(*layer, "gives an absurd size");
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

void read_by_layers(const std::vector<unsigned char>& bytes) {
  onnx::ModelProto model;
  if (!model.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return;
  for_each_prefix(std::move(model), [](const onnx::ModelProto& part) {
    const std::string content = part.SerializeAsString();
    cv::dnn::readNetFromONNX(content.data(), content.size());
  });
}

/// The network of a card from what read_checked_onnx() gave. For what OpenCV 4.6 does not read
/// the Error names the layer and what to do.
cv::dnn::Net read_onnx(const ModelCard& card, const std::vector<unsigned char>& bytes) {
  try {
    if (runs_layer_by_layer()) read_by_layers(bytes);
    return cv::dnn::readNetFromONNX(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  } catch (const cv::Exception& error) {
    const std::string file = (card.folder / card.files.front().name).string();
    const std::string at = model_progress();
    throw base::Error("The model file " + file + " cannot be read by OpenCV " CV_VERSION +
                      (at.empty() ? "" : " at " + at) + ": " + base::short_reason(error) +
                      "; export it with opset 11, or run scripts/onnx_for_mien.py on it.");
  }
}

const std::string& file_ending(const ModelCard& card, const char* ending) {
  const auto file = std::find_if(card.files.begin(), card.files.end(),
                                 [&](const auto& each) { return each.name.ends_with(ending); });
  if (file == card.files.end()) {
    throw base::Error("The card of the Caffe model " + card.id +
                      " lists no file that ends in " + ending +
                      "; it must list the .prototxt and the .caffemodel.");
  }
  return file->name;
}

/// What is read of a card's files before OpenCV gets it.
struct NetworkFiles {
  std::vector<unsigned char> onnx;
  std::string layers;  ///< Caffe's .prototxt
  std::string weights;
};

NetworkFiles read_files(const ModelCard& card) {
  NetworkFiles files;
  if (card.format == ModelCard::Format::onnx) {
    files.onnx = read_checked_onnx(card);  // verifies them
    return files;
  }
  if (card.format == ModelCard::Format::caffe) {
    const auto& layers = file_ending(card, ".prototxt");
    const auto& weights = file_ending(card, ".caffemodel");
    if (card.input.layout != ModelCard::Layout::nchw) {
      throw base::Error("The card of the Caffe model " + card.id +
                        " says layout \"nhwc\", which Caffe does not have; write \"nchw\".");
    }
    auto contents = read_model_files(card);
    files.layers = std::move(contents.at(layers));
    files.weights = std::move(contents.at(weights));
    return files;
  }
  files.weights = std::move(read_model_files(card).at(card.files.front().name));
  return files;
}

cv::dnn::Net read_network(const ModelCard& card, const NetworkFiles& files) {
  if (card.format == ModelCard::Format::onnx) return read_onnx(card, files.onnx);
  auto net = card.format == ModelCard::Format::caffe
                 ? cv::dnn::readNetFromCaffe(files.layers.data(), files.layers.size(),
                                             files.weights.data(), files.weights.size())
                 : cv::dnn::readNetFromTensorflow(files.weights.data(), files.weights.size());
  const int channels = card.input.channels == ModelCard::Channels::gray ? 1 : 3;
  check_network_shapes(net, {1, channels, card.input.height, card.input.width},
                       (card.folder / card.files.front().name).string());
  return net;
}

}  // namespace

void set_first_input(cv::dnn::Net& net, const cv::Mat& input, const ModelCard& card) {
  try {
    net.setInput(input, card.input.name);
  } catch (const cv::Exception&) {
    if (card.input.name.empty()) throw;
    throw base::Error("The model " + card.id + " does not fit its card: it has no input \"" +
                      card.input.name + "\".");
  }
}

cv::dnn::Net load_network(const ModelCard& card,
                          const std::function<void(cv::dnn::Net&)>& first_run) {
  const auto files = read_files(card);
  static base::Mutex mutex;
  const base::MutexLock lock(mutex);
  auto net = read_network(card, files);
  first_run(net);
  return net;
}

ModelCard::Layout network_layout(const ModelCard& card) {
  return card.format == ModelCard::Format::onnx ? card.input.layout : ModelCard::Layout::nchw;
}

}  // namespace mien::models
