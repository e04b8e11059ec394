#include "mien/models/onnx_network.hpp"

#include "mien/base/error.hpp"
#include "mien/models/layer_notes.hpp"
#include "mien/models/model_worker.hpp"

#include "onnx_beginnings.hpp"

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

}  // namespace

cv::dnn::Net read_onnx_network(const ModelCard& card, const std::vector<unsigned char>& bytes) {
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

}  // namespace mien
