#include <algorithm>

#include "mien/base/error.hpp"
#include "mien/base/files.hpp"
#include "mien/models/onnx_guard.hpp"

#include "classifiers.hpp"
#include "dnn_classifier.hpp"

namespace mien {
namespace {

std::filesystem::path file_ending(const ModelCard& card, const char* ending) {
  const auto file = std::find_if(card.files.begin(), card.files.end(),
                                 [&](const auto& each) { return each.name.ends_with(ending); });
  if (file == card.files.end()) {
    throw Error("The card of the Caffe model " + card.id + " lists no file that ends in " +
                ending + "; it must list the .prototxt and the .caffemodel.");
  }
  return card.folder / file->name;
}

}  // namespace

std::unique_ptr<EmotionModel> load_caffe_classifier(const ModelCard& card) {
  const auto layers_file = file_ending(card, ".prototxt");
  const auto weights_file = file_ending(card, ".caffemodel");
  if (card.input.layout != ModelCard::Layout::nchw) {
    throw Error("The card of the Caffe model " + card.id +
                " says layout \"nhwc\", which Caffe does not have; write \"nchw\".");
  }
  verify_model_files(card);
  // Read once: what is checked is what is loaded.
  const std::string layers = read_text_file(layers_file);
  const std::string weights = read_text_file(weights_file);
  MutexLock lock(network_load_mutex());
  return make_dnn_classifier(
      card,
      cv::dnn::readNetFromCaffe(layers.data(), layers.size(), weights.data(), weights.size()),
      {ModelCard::Layout::nchw, true});
}

}  // namespace mien
