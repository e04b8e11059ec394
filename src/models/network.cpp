#include "mien/models/network.hpp"

#include <algorithm>

#include "mien/base/error.hpp"
#include "mien/base/files.hpp"
#include "mien/base/thread_annotations.hpp"
#include "mien/models/layer_notes.hpp"
#include "mien/models/model_worker.hpp"

#include "network_shapes.hpp"
#include "onnx_beginnings.hpp"
#include "onnx_guard.hpp"

namespace mien {
namespace {

void read_by_layers(const std::vector<unsigned char>& bytes) {
  onnx::ModelProto model;
  if (!model.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return;
  for_each_beginning(std::move(model), [](const onnx::ModelProto& part) {
    const std::string content = part.SerializeAsString();
    cv::dnn::readNetFromONNX(content.data(), content.size());
  });
}

/// The network of a card from what read_checked_onnx() gave. For what OpenCV 4.6 does not read
/// the Error names the layer and what to do.
cv::dnn::Net read_onnx(const ModelCard& card, const std::vector<unsigned char>& bytes) {
  try {
    if (looks_closer()) read_by_layers(bytes);
    return cv::dnn::readNetFromONNX(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  } catch (const cv::Exception& error) {
    const std::string file = (card.folder / card.files.front().name).string();
    const std::string at = model_progress();
    throw Error("The model file " + file + " cannot be read by OpenCV " CV_VERSION +
                (at.empty() ? "" : " at " + at) + ": " + short_reason(error) +
                "; export it with opset 11, or run scripts/onnx_for_mien.py on it.");
  }
}

std::filesystem::path file_ending(const ModelCard& card, const char* ending) {
  const auto file = std::find_if(card.files.begin(), card.files.end(),
                                 [&](const auto& each) { return each.name.ends_with(ending); });
  if (file == card.files.end()) {
    throw Error("The card of the Caffe model " + card.id + " lists no file that ends in " +
                ending + "; it must list the .prototxt and the .caffemodel.");
  }
  return card.folder / file->name;
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
    const auto layers = file_ending(card, ".prototxt");
    const auto weights = file_ending(card, ".caffemodel");
    if (card.input.layout != ModelCard::Layout::nchw) {
      throw Error("The card of the Caffe model " + card.id +
                  " says layout \"nhwc\", which Caffe does not have; write \"nchw\".");
    }
    verify_model_files(card);
    files.layers = read_text_file(layers);
    files.weights = read_text_file(weights);
    return files;
  }
  verify_model_files(card);
  files.weights = read_text_file(card.folder / card.files.front().name);
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

cv::dnn::Net load_network(const ModelCard& card,
                          const std::function<void(cv::dnn::Net&)>& first_run) {
  const auto files = read_files(card);
  static Mutex mutex;
  const MutexLock lock(mutex);
  auto net = read_network(card, files);
  first_run(net);
  return net;
}

ModelCard::Layout network_layout(const ModelCard& card) {
  return card.format == ModelCard::Format::onnx ? card.input.layout : ModelCard::Layout::nchw;
}

}  // namespace mien
