#include "mien/base/onnx_guard.hpp"

#include "classifiers.hpp"
#include "dnn_classifier.hpp"

namespace mien {

std::unique_ptr<EmotionModel> load_onnx_classifier(const ModelCard& card) {
  const auto bytes = read_checked_onnx(card);
  MutexLock lock(network_load_mutex());
  return make_dnn_classifier(
      card, cv::dnn::readNetFromONNX(reinterpret_cast<const char*>(bytes.data()), bytes.size()),
      {card.input.layout, false});
}

}  // namespace mien
