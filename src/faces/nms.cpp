#include "nms.hpp"

#include <algorithm>

#include "mien/faces/overlap.hpp"

namespace mien::faces {
namespace {

base::Face blend(const std::vector<base::Face>& group) {
  if (group.size() == 1) return group.front();
  base::Face mean = group.front();
  float weight = 0;
  cv::Point2f corner, far_corner;
  base::Landmarks points;
  bool all_have_points = true;
  for (const base::Face& face : group) {
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
    mean.landmarks = base::Landmarks{points.right_eye / weight, points.left_eye / weight,
                                     points.nose / weight, points.mouth / weight};
  }
  return mean;
}

}  // namespace

std::vector<base::Face> blend_overlapping(std::vector<base::Face> faces,
                                          float overlap_threshold) {
  std::stable_sort(faces.begin(), faces.end(), [](const base::Face& a, const base::Face& b) {
    return a.confidence > b.confidence;
  });
  std::vector<base::Face> blended;
  while (!faces.empty()) {
    std::vector<base::Face> group = {faces.front()};
    std::vector<base::Face> others;
    for (std::size_t i = 1; i < faces.size(); ++i) {
      const bool same =
          intersection_over_union(faces[i].box, group.front().box) > overlap_threshold;
      (same ? group : others).push_back(faces[i]);
    }
    blended.push_back(blend(group));
    faces = std::move(others);
  }
  return blended;
}

std::vector<base::Face> suppress_overlapping(std::vector<base::Face> faces, float most_iou,
                                             float most_inside) {
  std::stable_sort(faces.begin(), faces.end(), [](const base::Face& a, const base::Face& b) {
    return a.confidence > b.confidence;
  });
  std::vector<base::Face> kept;
  for (const base::Face& face : faces) {
    const bool suppressed = std::any_of(kept.begin(), kept.end(), [&](const base::Face& other) {
      return intersection_over_union(face.box, other.box) > most_iou ||
             (face.box & other.box).area() >
                 most_inside * std::min(face.box.area(), other.box.area());
    });
    if (!suppressed) kept.push_back(face);
  }
  return kept;
}

}  // namespace mien::faces
