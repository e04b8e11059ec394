#include "anchors.hpp"

#include <algorithm>
#include <cmath>

namespace mien {

Letterbox letterbox(cv::Size picture, int side) {
  const float scale = static_cast<float>(side) / std::max({1, picture.width, picture.height});
  return {scale, {(side - picture.width * scale) / 2, (side - picture.height * scale) / 2}};
}

void decode_blazeface(const AnchorGrid& grid, int side, const float* scores, const float* boxes,
                      float threshold, const Letterbox& where, std::vector<Face>& faces) {
  const float cell = static_cast<float>(side) / grid.cells;
  const float clipped = std::clamp(threshold, 1e-4F, 1 - 1e-4F);
  const float least = std::log(clipped / (1 - clipped));  // spares a sigmoid for every anchor
  for (int i = 0; i < grid.count(); ++i) {
    if (!(scores[i] >= least)) continue;
    const float* value = boxes + std::ptrdiff_t{i} * kBlazeFaceValues;
    if (!std::all_of(value, value + kBlazeFaceValues,
                     [](float v) { return std::isfinite(v); })) {
      continue;
    }
    const int in_grid = i / grid.anchors;
    const int column = in_grid % grid.cells;
    const int row = in_grid / grid.cells;
    const cv::Point2f anchor((column + 0.5F) * cell, (row + 0.5F) * cell);
    const auto point = [&](int k) {
      const cv::Point2f input = anchor + cv::Point2f(value[k], value[k + 1]);
      return (input - where.offset) / where.scale;
    };
    const cv::Size2f size(value[2] / where.scale, value[3] / where.scale);
    if (size.width <= 0 || size.height <= 0) continue;
    const cv::Point2f center = point(0);
    Face face;
    face.box = {center.x - size.width / 2, center.y - size.height / 2, size.width, size.height};
    face.confidence = 1 / (1 + std::exp(-std::min(scores[i], 80.0F)));
    face.landmarks = Landmarks{point(4), point(6), point(8), point(10)};
    faces.push_back(face);
  }
}

float overlap(const cv::Rect2f& a, const cv::Rect2f& b) {
  const float shared = (a & b).area();
  const float all = a.area() + b.area() - shared;
  return all > 0 ? shared / all : 0;
}

namespace {

Face blend(const std::vector<Face>& group) {
  if (group.size() == 1) return group.front();
  Face mean = group.front();
  float weight = 0;
  cv::Point2f corner, far_corner;
  Landmarks points;
  bool all_have_points = true;
  for (const Face& face : group) {
    weight += face.confidence;
    corner += face.box.tl() * face.confidence;
    far_corner += face.box.br() * face.confidence;
    if (!face.landmarks) {
      all_have_points = false;
      continue;
    }
    points.right_eye += face.landmarks->right_eye * face.confidence;
    points.left_eye += face.landmarks->left_eye * face.confidence;
    points.nose += face.landmarks->nose * face.confidence;
    points.mouth += face.landmarks->mouth * face.confidence;
  }
  if (weight <= 0) return mean;
  mean.box = {corner / weight, far_corner / weight};
  if (all_have_points) {
    mean.landmarks = Landmarks{points.right_eye / weight, points.left_eye / weight,
                               points.nose / weight, points.mouth / weight};
  }
  return mean;
}

}  // namespace

std::vector<Face> blend_overlapping(std::vector<Face> faces, float overlap_threshold) {
  std::stable_sort(faces.begin(), faces.end(),
                   [](const Face& a, const Face& b) { return a.confidence > b.confidence; });
  std::vector<Face> blended;
  while (!faces.empty()) {
    std::vector<Face> group = {faces.front()};
    std::vector<Face> others;
    for (std::size_t i = 1; i < faces.size(); ++i) {
      const bool same = overlap(faces[i].box, group.front().box) > overlap_threshold;
      (same ? group : others).push_back(faces[i]);
    }
    blended.push_back(blend(group));
    faces = std::move(others);
  }
  return blended;
}

}  // namespace mien
