#include "mien/base/files.hpp"
#include "mien/models/onnx_guard.hpp"

#include "classifiers.hpp"
#include "dnn_classifier.hpp"

namespace mien {

std::unique_ptr<EmotionModel> load_tensorflow_classifier(const ModelCard& card) {
  verify_model_files(card);
  const auto file = card.folder / card.files.front().name;
  // Read once: what is checked is what is loaded.
  const std::string bytes = read_text_file(file);
  MutexLock lock(network_load_mutex());
  // cv::dnn turns an NHWC graph into NCHW and wants its picture so, whatever the card says of
  // the file.
  return make_dnn_classifier(card, cv::dnn::readNetFromTensorflow(bytes.data(), bytes.size()),
                             {ModelCard::Layout::nchw, true});
}

}  // namespace mien
