#include "yunet_decoding.hpp"

#include <algorithm>
#include <cmath>

#include "mien/base/error.hpp"

namespace mien {
namespace {

constexpr int kBoxNumbers = 4;
constexpr int kPointNumbers = 10;  // x and y of eyes, nose and both corners of the mouth
constexpr float kLargestExponent = 10;

/// One stride's grid.
struct Grid {
  std::vector<const float*> scores;  // two, whose product counts, so that their order does not
  const float* boxes = nullptr;
  const float* points = nullptr;
};

Grid find_grid(const std::vector<cv::Mat>& outputs, int cells) {
  Grid grid;
  for (const cv::Mat& output : outputs) {
    if (output.dims < 2 || output.type() != CV_32F || !output.isContinuous()) continue;
    const int numbers = output.size[output.dims - 1];
    if (numbers < 1 ||
        output.total() != static_cast<std::size_t>(cells) * static_cast<std::size_t>(numbers)) {
      continue;
    }
    const auto* const values = output.ptr<float>();
    if (numbers == 1) grid.scores.push_back(values);
    if (numbers == kBoxNumbers) grid.boxes = values;
    if (numbers == kPointNumbers) grid.points = values;
  }
  if (grid.scores.size() != 2 || grid.boxes == nullptr || grid.points == nullptr) {
    throw Error(
        "The model is neither the YuNet of March 2022 nor that of March 2023; this program "
        "reads these two only.");
  }
  return grid;
}

}  // namespace

std::vector<Face> decode_yunet_2023(const std::vector<cv::Mat>& outputs, cv::Size input,
                                    float score_threshold) {
  std::vector<Face> faces;
  for (const int stride : {8, 16, 32}) {
    const int columns = input.width / stride;
    const int rows = input.height / stride;
    const Grid grid = find_grid(outputs, columns * rows);
    const auto size = static_cast<float>(stride);
    for (int cell = 0; cell < columns * rows; ++cell) {
      const float product = std::clamp(grid.scores[0][cell], 0.0F, 1.0F) *
                            std::clamp(grid.scores[1][cell], 0.0F, 1.0F);
      const float score = std::sqrt(product);
      if (!(score >= score_threshold)) continue;
      const auto column = static_cast<float>(cell % columns);
      const int line = cell / columns;
      const auto row = static_cast<float>(line);
      const float* const box = grid.boxes + static_cast<std::ptrdiff_t>(cell) * kBoxNumbers;
      const float* const points =
          grid.points + static_cast<std::ptrdiff_t>(cell) * kPointNumbers;
      const auto point = [&](int k) {
        return cv::Point2f((points[std::ptrdiff_t{2} * k] + column) * size,
                           (points[std::ptrdiff_t{2} * k + 1] + row) * size);
      };
      const cv::Point2f center((column + box[0]) * size, (row + box[1]) * size);
      const float width = std::exp(std::min(box[2], kLargestExponent)) * size;
      const float height = std::exp(std::min(box[3], kLargestExponent)) * size;
      Face face;
      face.box = {center.x - width / 2, center.y - height / 2, width, height};
      face.confidence = score;
      face.landmarks = Landmarks{point(0), point(1), point(2), (point(3) + point(4)) / 2};
      faces.push_back(face);
    }
  }
  return faces;
}

}  // namespace mien
