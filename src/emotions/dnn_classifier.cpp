#include <algorithm>

#include <opencv2/dnn.hpp>

#include "mien/base/error.hpp"
#include "mien/base/onnx_guard.hpp"

#include "classifiers.hpp"
#include "preprocess.hpp"
#include "probabilities.hpp"

namespace mien {
namespace {

class DnnClassifier : public EmotionModel {
 public:
  DnnClassifier(const ModelCard& card, cv::dnn::Net net)
      : card_(card), preprocess_(card), net_(std::move(net)) {
    // The first run allocates, and shows whether the network fits its card.
    classify(cv::Mat(card.input.height, card.input.width, CV_8UC3, cv::Scalar::all(127)));
  }

  const ModelCard& card() const override { return card_; }

  std::vector<float> classify(const cv::Mat& face_bgr) override {
    return translate_errors("The expression model " + card_.id + " failed", [&] {
      net_.setInput(preprocess_(face_bgr), card_.input.name);
      const cv::Mat output =
          card_.output.name.empty() ? net_.forward() : net_.forward(card_.output.name);
      if (output.total() != card_.labels.size() || output.type() != CV_32F ||
          !output.isContinuous()) {
        throw Error("The model " + card_.id + " does not fit its card: it gives " +
                    std::to_string(output.total()) + " numbers where id2label has " +
                    std::to_string(card_.labels.size()) + " labels; correct the card.");
      }
      const auto* values = output.ptr<float>();
      return to_probabilities({values, values + output.total()}, card_.output);
    });
  }

 private:
  ModelCard card_;
  Preprocessor preprocess_;
  cv::dnn::Net net_;
};

}  // namespace

std::unique_ptr<EmotionModel> load_onnx_classifier(const ModelCard& card) {
  const auto bytes = read_checked_onnx(card);
  MutexLock lock(network_load_mutex());
  return std::make_unique<DnnClassifier>(
      card,
      cv::dnn::readNetFromONNX(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

}  // namespace mien
