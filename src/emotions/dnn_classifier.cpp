#include "dnn_classifier.hpp"

#include "mien/base/error.hpp"

#include "preprocess.hpp"
#include "probabilities.hpp"

namespace mien {
namespace {

ModelCard with_layout(ModelCard card, ModelCard::Layout layout) {
  card.input.layout = layout;
  return card;
}

class DnnClassifier : public EmotionModel {
 public:
  DnnClassifier(const ModelCard& card, cv::dnn::Net net, const NetworkInput& input)
      : card_(card), preprocess_(with_layout(card, input.layout)), net_(std::move(net)) {
    const cv::Mat face(card.input.height, card.input.width, CV_8UC3, cv::Scalar::all(127));
    if (input.check_shapes) {
      const cv::Mat& blob = preprocess_(face);
      check_network_shapes(net_, {blob.size.p, blob.size.p + blob.dims},
                           (card.folder / card.files.front().name).string());
    }
    // The first run allocates, and shows whether the network fits its card.
    classify(face);
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

std::unique_ptr<EmotionModel> make_dnn_classifier(const ModelCard& card, cv::dnn::Net net,
                                                  const NetworkInput& input) {
  return std::make_unique<DnnClassifier>(card, std::move(net), input);
}

}  // namespace mien
