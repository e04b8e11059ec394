#include "mien/models/onnx_guard.hpp"
#include "mien/models/onnx_network.hpp"

#include "classifiers.hpp"
#include "dnn_classifier.hpp"

namespace mien {

std::unique_ptr<EmotionModel> load_onnx_classifier(const ModelCard& card) {
  const auto bytes = read_checked_onnx(card);
  MutexLock lock(network_load_mutex());
  return make_dnn_classifier(card, read_onnx_network(card, bytes), {card.input.layout, false});
}

}  // namespace mien
