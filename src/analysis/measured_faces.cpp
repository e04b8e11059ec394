#include "mien/analysis/measured_faces.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "mien/base/error.hpp"
#include "mien/base/movements.hpp"
#include "mien/base/statistics.hpp"

namespace mien::analysis {
namespace {

MeasuredFaces::Angle angle_of(const std::vector<double>& degrees) {
  return {base::median(degrees), base::percentile(degrees, 0.95)};
}

}  // namespace

void MeasuredFaces::add(std::size_t truth, const base::FaceGeometry& geometry) {
  if (truth >= labels_.size()) {
    throw base::Error("A measured face does not fit the model's labels; check its card.");
  }
  Values& values = labels_[truth];
  ++faces_;
  ++values.faces;
  if (geometry.doubt != base::MeshDoubt::none || !geometry.pose) {
    ++doubts_[geometry.doubt];
    return;
  }
  ++meshes_;
  ++values.meshes;
  values.pitch.push_back(std::abs(static_cast<double>(geometry.pose->pitch)));
  values.yaw.push_back(std::abs(static_cast<double>(geometry.pose->yaw)));
  values.roll.push_back(std::abs(static_cast<double>(geometry.pose->roll)));
  values.movements.resize(base::movements().size());
  for (std::size_t i = 0; i < values.movements.size() && i < geometry.movements.size(); ++i) {
    const auto value = static_cast<double>(geometry.movements[i]);
    if (std::isfinite(value)) values.movements[i].push_back(value);
  }
}

std::vector<MeasuredFaces::Label> MeasuredFaces::labels() const {
  std::vector<Label> labels;
  for (const auto& values : labels_) {
    Label label;
    label.faces = values.faces;
    label.meshes = values.meshes;
    if (values.meshes > 0) {
      label.head = {angle_of(values.pitch), angle_of(values.yaw), angle_of(values.roll)};
    }
    label.movements.assign(base::movements().size(), std::numeric_limits<double>::quiet_NaN());
    for (std::size_t i = 0; i < values.movements.size(); ++i) {
      if (!values.movements[i].empty()) {
        label.movements[i] = base::median(values.movements[i]);
      }
    }
    labels.push_back(std::move(label));
  }
  return labels;
}

}  // namespace mien::analysis
