#include "isolated_detector.hpp"

#include <cmath>

#include "mien/base/error.hpp"

namespace mien::faces {
namespace {

constexpr std::size_t kNumbers =
    14;  // box, confidence, whether there are landmarks, four points
constexpr std::size_t kMaxFaces = 4096;
constexpr float kMaxSize = 1e6F;  // pixels, of any coordinate

}  // namespace

std::vector<float> to_numbers(const std::vector<base::Face>& faces) {
  std::vector<float> numbers;
  for (const base::Face& face : faces) {
    const base::Landmarks points = face.landmarks.value_or(base::Landmarks{});
    for (const float value : {face.box.x, face.box.y, face.box.width, face.box.height,
                              face.confidence, face.landmarks ? 1.0F : 0.0F, points.right_eye.x,
                              points.right_eye.y, points.left_eye.x, points.left_eye.y,
                              points.nose.x, points.nose.y, points.mouth.x, points.mouth.y}) {
      numbers.push_back(value);
    }
  }
  return numbers;
}

std::vector<base::Face> from_numbers(const std::vector<float>& numbers,
                                     const std::string& detector) {
  const std::size_t count = numbers.size() / kNumbers;
  bool sound = count * kNumbers == numbers.size() && count <= kMaxFaces;
  for (const float value : numbers) sound = sound && std::abs(value) <= kMaxSize;
  std::vector<base::Face> faces;
  for (std::size_t i = 0; sound && i < count; ++i) {
    const float* const value = &numbers[i * kNumbers];
    base::Face face;
    face.box = {value[0], value[1], value[2], value[3]};
    face.confidence = value[4];
    sound = face.box.width > 0 && face.box.height > 0 && face.confidence >= 0 &&
            face.confidence <= 1;
    if (value[5] != 0) {
      face.landmarks = base::Landmarks{{value[6], value[7]},
                                       {value[8], value[9]},
                                       {value[10], value[11]},
                                       {value[12], value[13]}};
    }
    faces.push_back(face);
  }
  if (!sound) {
    throw base::Error("The face detector " + detector +
                      " returned values that are not faces; choose another detector.");
  }
  return faces;
}

IsolatedDetector::IsolatedDetector(const models::ModelCard& card, models::ModelLimits limits)
    : id_(card.id), process_(card, limits) {}

std::vector<base::Face> IsolatedDetector::detect(const cv::Mat& bgr) {
  if (bgr.empty() || bgr.type() != CV_8UC3) return {};
  return from_numbers(process_.run(bgr), id_);
}

}  // namespace mien::faces
