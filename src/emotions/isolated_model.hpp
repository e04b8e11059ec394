#pragma once

#include "mien/emotions/emotion_model.hpp"
#include "mien/models/model_process.hpp"

namespace mien {

/// A third-party model, running in a process of its own; to whoever uses it, a model like any.
class IsolatedModel : public EmotionModel {
 public:
  explicit IsolatedModel(const ModelCard& card, ModelLimits limits = {});

  const ModelCard& card() const override { return card_; }
  std::vector<float> classify(const cv::Mat& face_bgr) override;
  ModelAnswer answer(const cv::Mat& face_bgr) override;

 private:
  ModelCard card_;
  ModelProcess process_;
};

}  // namespace mien
