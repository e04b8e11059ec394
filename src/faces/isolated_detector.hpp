#pragma once

#include "mien/faces/face_detector.hpp"
#include "mien/models/model_process.hpp"

namespace mien {

/// Faces as the numbers that pass between a program and its model worker, and back. What comes
/// from there is not believed: from_numbers() throws Error for numbers that are no faces.
std::vector<float> to_numbers(const std::vector<Face>& faces);
std::vector<Face> from_numbers(const std::vector<float>& numbers, const std::string& detector);

/// A detector of others, running in a process of its own; to whoever uses it, one like any.
class IsolatedDetector : public FaceDetector {
 public:
  explicit IsolatedDetector(const ModelCard& card, ModelLimits limits = {});

  const std::string& id() const override { return id_; }
  std::vector<Face> detect(const cv::Mat& bgr) override;

 private:
  std::string id_;
  ModelProcess process_;
};

}  // namespace mien
