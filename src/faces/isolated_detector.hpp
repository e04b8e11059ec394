#pragma once

#include "mien/faces/face_detector.hpp"
#include "mien/models/model_process.hpp"

namespace mien::faces {

/// Faces as the numbers that pass between a program and its model worker, and back. What comes
/// from there is not believed: from_numbers() throws Error for numbers that are no faces.
std::vector<float> to_numbers(const std::vector<base::Face>& faces);
std::vector<base::Face> from_numbers(const std::vector<float>& numbers,
                                     const std::string& detector);

/// A detector of others, running in a process of its own; to whoever uses it, one like any.
class IsolatedDetector : public FaceDetector {
 public:
  explicit IsolatedDetector(const models::ModelCard& card, models::ModelLimits limits = {});

  const std::string& id() const override { return id_; }
  std::vector<base::Face> detect(const cv::Mat& bgr) override;

 private:
  std::string id_;
  models::ModelProcess process_;
};

}  // namespace mien::faces
