#pragma once

#include "mien/emotions/emotion_model.hpp"
#include "mien/models/model_process.hpp"

namespace mien::emotions {

/// A third-party model, running in a process of its own; to whoever uses it, a model like any.
class IsolatedModel : public EmotionModel {
 public:
  explicit IsolatedModel(const models::ModelCard& card, models::ModelLimits limits = {});

  const models::ModelCard& card() const override { return card_; }
  std::vector<float> classify(const cv::Mat& face_bgr) override;
  ModelAnswer answer(const cv::Mat& face_bgr) override;

 private:
  models::ModelCard card_;
  models::ModelProcess process_;
};

}  // namespace mien::emotions
