#include "mien/movements/mesh_reader.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "mien/base/error.hpp"

#include "mesh_square.hpp"

namespace mien::movements {
namespace {

constexpr float kCropScale = 1.5F;  // of the face's side, as MediaPipe's own pipeline crops
// A mesh is followed while its middle is this near to the box', in sides of the box, and its
// size fits: otherwise it is a neighbour's, or the box has jumped.
constexpr float kFollowedOff = 0.35F;
constexpr float kFollowedMinSize = 0.6F;
constexpr float kFollowedMaxSize = 1.8F;
// Logits of presence. Of 125 faces on photographs the right way up, 116 are beyond the first,
// and of the same faces upside down one. None of those the right way up exceeds itself by the
// second when turned.
constexpr float kClearlyUpright = 9;
constexpr float kClearlyMore = 2;

std::optional<faces::FacePatch> followed_patch(const base::Face& face,
                                               const base::FaceMesh* previous, int side) {
  const float longer = std::max(face.box.width, face.box.height);
  if (previous != nullptr && previous->points.size() == base::kMeshPoints) {
    const MeshSquare square = square_around(*previous);
    const cv::Point2f off = square.center - (face.box.tl() + face.box.br()) / 2;
    const float size = square.side / longer;
    if (std::hypot(off.x, off.y) < kFollowedOff * longer && size > kFollowedMinSize &&
        size < kFollowedMaxSize) {
      return faces::FacePatch{square.center, square.across, side, kCropScale * square.side};
    }
  }
  return std::nullopt;
}

float probability(float logit) {
  return std::isfinite(logit) ? 1 / (1 + std::exp(-logit)) : 0.0F;
}

}  // namespace

MeshReader::MeshReader(std::unique_ptr<MeshNetwork> network, const MeshLimits& limits)
    : network_(std::move(network)), limits_(limits) {
  if (!network_)
    throw base::Error("The mesh reader needs its network; choose a landmarks model.");
}

MeshReading MeshReader::read(const cv::Mat& bgr, const base::Face& face,
                             const base::FaceMesh* previous) {
  using base::MeshDoubt;
  const float longer = std::max(face.box.width, face.box.height);
  if (!(longer >= limits_.least_box)) return {MeshDoubt::too_small, {}};
  if (const auto followed = followed_patch(face, previous, network_->side())) {
    return look(bgr, face, *followed).reading;
  }
  const faces::FacePatch patch(face, network_->side(), kCropScale);
  Look upright = look(bgr, face, patch);
  if (upright.logit >= kClearlyUpright) return std::move(upright.reading);
  Look turned = look(bgr, face, patch.upside_down());
  if (turned.reading.doubt != MeshDoubt::none || turned.logit <= upright.logit + kClearlyMore) {
    return std::move(upright.reading);
  }
  // A detector that was wrong about the eyes has placed the box by them.
  if (const auto around = followed_patch(face, &turned.reading.mesh, network_->side())) {
    Look placed = look(bgr, face, *around);
    if (placed.reading.doubt == MeshDoubt::none) return std::move(placed.reading);
  }
  return std::move(turned.reading);
}

MeshReader::Look MeshReader::look(const cv::Mat& bgr, const base::Face& face,
                                  const faces::FacePatch& patch) {
  using base::MeshDoubt;
  const float longer = std::max(face.box.width, face.box.height);
  if (!patch.cut_out(bgr, crop_)) return {{MeshDoubt::cut_off, {}}};
  const std::vector<float> numbers = network_->run(crop_);
  constexpr std::size_t kNumbers = std::size_t{3} * base::kMeshPoints + 1;
  if (numbers.size() != kNumbers || !std::isfinite(numbers.back())) {
    return {{MeshDoubt::invalid, {}}};
  }
  Look result;
  result.logit = numbers.back();
  MeshReading& reading = result.reading;
  reading.mesh.presence = probability(result.logit);
  const auto refused = [&](MeshDoubt why) {
    reading.doubt = why;
    reading.mesh.points.clear();
    return result;
  };
  if (reading.mesh.presence < limits_.least_presence) return refused(MeshDoubt::no_face);
  const cv::Point2f middle = (face.box.tl() + face.box.br()) / 2;
  const cv::Rect2f picture({0, 0}, cv::Size2f(bgr.size()));
  const float reach = limits_.farthest * longer;
  int outside = 0;
  reading.mesh.points.reserve(base::kMeshPoints);
  for (std::size_t i = 0; i + 3 < kNumbers; i += 3) {
    const cv::Point2f at = patch.to_picture({numbers[i], numbers[i + 1]});
    const float z = numbers[i + 2] * patch.step();
    // NaN is not within any reach.
    if (!(std::abs(at.x - middle.x) <= reach && std::abs(at.y - middle.y) <= reach &&
          std::abs(z) <= reach)) {
      return refused(MeshDoubt::invalid);
    }
    if (!picture.contains(at)) ++outside;
    reading.mesh.points.emplace_back(at.x, at.y, z);
  }
  const float share = static_cast<float>(outside) / static_cast<float>(base::kMeshPoints);
  if (share > limits_.most_outside) return refused(MeshDoubt::cut_off);
  return result;
}

}  // namespace mien::movements
