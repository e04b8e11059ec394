#include "network_classifier.hpp"

#include <algorithm>
#include <cmath>

#include "mien/base/error.hpp"
#include "mien/models/layer_notes.hpp"
#include "mien/models/network.hpp"

#include "preprocess.hpp"
#include "probabilities.hpp"

namespace mien::emotions {
namespace {

constexpr std::size_t kMaxEmbeddingLength = 65536;

/// The card with the layout that cv::dnn takes.
models::ModelCard for_network(models::ModelCard card) {
  card.input.layout = models::network_layout(card);
  return card;
}

class NetworkClassifier : public EmotionModel {
 public:
  explicit NetworkClassifier(const models::ModelCard& card)
      : card_(card), preprocess_(for_network(card)) {
    models::load_network(card, [&](cv::dnn::Net& net) {
      net_ = net;
      layers_ = find_layers();
      // The first run allocates, and shows whether the network fits its card.
      const cv::Mat face(card.input.height, card.input.width, CV_8UC3, cv::Scalar::all(127));
      models::set_first_input(net_, preprocess_(face), card_);
      models::run_by_layers(net_);
      classify(face);
    });
  }

  const models::ModelCard& card() const override { return card_; }

  std::vector<float> classify(const cv::Mat& face_bgr) override {
    return answer(face_bgr).probabilities;
  }

  ModelAnswer answer(const cv::Mat& face_bgr) override {
    return base::translate_errors("The expression model " + card_.id + " failed", [&] {
      net_.setInput(preprocess_(face_bgr), card_.input.name);
      ModelAnswer answer;
      if (layers_.empty()) {
        answer.probabilities = probabilities(
            card_.output.name.empty() ? net_.forward() : net_.forward(card_.output.name));
        return answer;
      }
      // The same outputs every time: others would plan the network anew.
      std::vector<cv::Mat> outputs;
      net_.forward(outputs, layers_);
      std::size_t next = 0;
      answer.probabilities = probabilities(outputs.at(next++));
      if (!card_.output.embedding.empty()) answer.embedding = embedding(outputs.at(next++));
      if (!card_.output.covered.name.empty()) {
        const float logit = single(outputs.at(next++), "output.covered");
        answer.covered = 1 / (1 + std::exp(-logit));
      }
      if (!card_.output.unlike.name.empty()) {
        answer.distance = single(outputs.at(next++), "output.unlike");
      }
      return answer;
    });
  }

 private:
  /// All that one run has to give: the result, then what the card names beside it. Empty when
  /// that is the result alone.
  std::vector<cv::String> find_layers() {
    const auto& output = card_.output;
    std::vector<cv::String> layers;
    if (!output.embedding.empty()) {
      layers.push_back(find_layer(output.embedding, "output.embedding"));
    }
    if (!output.covered.name.empty()) {
      layers.push_back(find_layer(output.covered.name, "output.covered.name"));
    }
    if (!output.unlike.name.empty()) {
      layers.push_back(find_layer(output.unlike.name, "output.unlike.name"));
    }
    if (!layers.empty()) {
      layers.insert(layers.begin(), output.name.empty() ? net_.getLayerNames().back()
                                                        : cv::String(output.name));
    }
    return layers;
  }

  /// OpenCV 4.6 puts a word before the names of an ONNX file's nodes, but not before those of
  /// its outputs.
  cv::String find_layer(const std::string& wanted, const std::string& key) {
    const auto names = net_.getLayerNames();
    for (const cv::String& name : {"onnx_node!" + wanted, wanted}) {
      if (std::find(names.begin(), names.end(), name) != names.end()) return name;
    }
    throw base::Error("The card of the model " + card_.id + " names \"" + wanted + "\" as " +
                      key + ", which is not a layer of its network; correct it or remove it.");
  }

  float single(const cv::Mat& output, const std::string& key) const {
    const bool one = output.total() == 1 && output.type() == CV_32F;
    if (!one || !std::isfinite(*output.ptr<float>())) {
      throw base::Error("The model " + card_.id + " does not fit its card: what " + key +
                        " names must be one finite number; correct the card.");
    }
    return *output.ptr<float>();
  }

  std::vector<float> probabilities(const cv::Mat& output) const {
    const bool part = card_.output.first >= 0;
    const auto first = static_cast<std::size_t>(std::max(card_.output.first, 0));
    const std::size_t labels = card_.labels.size();
    const bool fits = part ? output.total() >= first + labels : output.total() == labels;
    if (!fits || output.type() != CV_32F || !output.isContinuous()) {
      throw base::Error("The model " + card_.id + " does not fit its card: it gives " +
                        std::to_string(output.total()) + " numbers where id2label has " +
                        std::to_string(card_.labels.size()) + " labels; correct the card.");
    }
    const auto* values = output.ptr<float>();
    return to_probabilities({values + first, values + first + labels}, card_.output);
  }

  std::vector<float> embedding(const cv::Mat& output) const {
    const auto* values = output.ptr<float>();
    if (output.empty() || output.total() > kMaxEmbeddingLength || output.type() != CV_32F ||
        !output.isContinuous() ||
        !std::all_of(values, values + output.total(),
                     [](float value) { return std::isfinite(value); })) {
      throw base::Error("The embedding of the model " + card_.id +
                        " cannot be used: it must be 1 to " +
                        std::to_string(kMaxEmbeddingLength) +
                        " finite numbers; name another layer in output.embedding.");
    }
    return {values, values + output.total()};
  }

  models::ModelCard card_;
  Preprocessor preprocess_;
  cv::dnn::Net net_;
  std::vector<cv::String> layers_;  ///< see find_layers()
};

}  // namespace

std::unique_ptr<EmotionModel> load_network_classifier(const models::ModelCard& card) {
  return std::make_unique<NetworkClassifier>(card);
}

}  // namespace mien::emotions
