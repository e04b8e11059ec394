#include "mien/movements/mesh_reader.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <optional>
#include <utility>
#include <vector>

#include "mien/base/error.hpp"

#include "mesh_square.hpp"

namespace mien::movements {
namespace {

constexpr float kRadians = std::numbers::pi_v<float> / 180;
constexpr float kCropScale = 1.5F;  // of the face's side, as MediaPipe's own pipeline crops
// A mesh is followed while its middle is this near to the box', in sides of the box, and its
// size fits: otherwise it is a neighbour's, or the box has jumped.
constexpr float kFollowedOff = 0.35F;
constexpr float kFollowedMinSize = 0.6F;
constexpr float kFollowedMaxSize = 1.8F;
// A mesh is none when it is that much smaller or larger than the box of its face, or this far
// off it: numbers in other units than the crop's pixels, or another face.
constexpr float kLeastSize = 0.4F;
constexpr float kMostSize = 2.5F;
constexpr float kFarthestOff = 0.75F;
// Degrees. A mesh that is turned further against its crop than this was laid over a face that
// lies in it askew, and is looked at again along its own eyes; so many times at most.
constexpr float kAskew = 12;
// So is one of a head that hangs further down, where detectors err about the eyes by so much
// that a wrong mesh may fit its wrong crop.
constexpr float kHanging = 60;
constexpr int kMostTurns = 4;
// Logits of presence. Of 125 faces on photographs the right way up, 116 are beyond the first,
// and of the same faces upside down one. None of those the right way up exceeds itself by the
// second when turned.
constexpr float kClearlyUpright = 9;
constexpr float kClearlyMore = 2;
// 0.99: of ten photographs upside down all are beyond it, clothes and drawings below.
constexpr float kClearlyTurned = 4.6F;

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

MeshReading not_looked_at(base::MeshDoubt why) {
  MeshReading reading{why, {}};
  reading.mesh.presence = std::numeric_limits<float>::quiet_NaN();
  return reading;
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
  if (!(longer >= limits_.least_box)) return not_looked_at(MeshDoubt::too_small);
  if (const auto followed = followed_patch(face, previous, network_->side())) {
    return look(bgr, face, *followed).reading;
  }
  const faces::FacePatch patch(face, network_->side(), kCropScale);
  Look upright = look_level(bgr, face, patch);
  if (upright.logit >= kClearlyUpright) return std::move(upright.reading);
  Look turned = look_level(bgr, face, patch.upside_down());
  const bool is_turned = turned.reading.doubt == MeshDoubt::none &&
                         turned.logit > std::max(upright.logit + kClearlyMore, kClearlyTurned);
  Look& best = is_turned ? turned : upright;
  if (best.reading.doubt != MeshDoubt::none) return std::move(best.reading);
  // What is a face, is one around its own mesh, too. And a detector that was wrong about the
  // eyes has placed the box by them.
  const auto around = followed_patch(face, &best.reading.mesh, network_->side());
  if (!around) return is_turned ? std::move(upright.reading) : std::move(best.reading);
  Look placed = look(bgr, face, *around);
  if (is_turned && placed.logit < kClearlyTurned) return std::move(upright.reading);
  return std::move(placed.reading);
}

MeshReader::Look MeshReader::look_level(const cv::Mat& bgr, const base::Face& face,
                                        const faces::FacePatch& patch) {
  Look found = look(bgr, face, patch);
  cv::Point2f across = patch.to_picture({1, 0}) - patch.to_picture({0, 0});
  for (int i = 0; i < kMostTurns && found.reading.doubt == base::MeshDoubt::none; ++i) {
    const MeshSquare square = square_around(found.reading.mesh);
    const cv::Point2f own = square.across;
    const float askew = std::abs(std::atan2(across.cross(own), across.dot(own)));
    const bool hangs = i == 0 && across.x < std::cos(kHanging * kRadians) * cv::norm(across);
    if (askew < kAskew * kRadians && !hangs) break;
    found = look(bgr, face, {square.center, own, network_->side(), kCropScale * square.side});
    across = own;
  }
  return found;
}

MeshReader::Look MeshReader::look(const cv::Mat& bgr, const base::Face& face,
                                  const faces::FacePatch& patch) {
  using base::MeshDoubt;
  const float longer = std::max(face.box.width, face.box.height);
  if (!patch.cut_out(bgr, crop_)) return {not_looked_at(MeshDoubt::cut_off)};
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
  reading.mesh.picture = bgr.size();
  const float share = static_cast<float>(outside) / static_cast<float>(base::kMeshPoints);
  if (share > limits_.most_outside) return refused(MeshDoubt::cut_off);
  const MeshSquare square = square_around(reading.mesh);
  const cv::Point2f off = square.center - middle;
  if (!(square.side > kLeastSize * longer && square.side < kMostSize * longer &&
        std::hypot(off.x, off.y) < kFarthestOff * longer)) {
    return refused(MeshDoubt::invalid);
  }
  return result;
}

}  // namespace mien::movements
