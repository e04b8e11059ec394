#include "face_verification.hpp"

#include <algorithm>
#include <cmath>

#include <opencv2/imgproc.hpp>

#include "mien/base/error.hpp"
#include "mien/base/face_mesh.hpp"

#include "nms.hpp"

namespace mien::faces {
namespace {

constexpr float kLookScale = 2;  // of the face's side: what the network is surest about
// How far from the crop's middle, in shares of the face's side, and how much larger or smaller
// a face may be that still is the one looked for and not its neighbour.
constexpr float kFarthest = 0.35F;
constexpr float kMinRatio = 0.5F;
constexpr float kMaxRatio = 1.8F;
constexpr float kHopeless = 0.25F;  // the mirror image is not asked below
constexpr float kNoDoubt = 0.8F;    // nor above

std::optional<base::Face> face_in_the_middle(const std::vector<base::Face>& faces, float side) {
  const float expected = side / kLookScale;
  for (const base::Face& face : faces) {  // most confident first
    const cv::Point2f off =
        (face.box.tl() + face.box.br()) / 2 - cv::Point2f(side / 2, side / 2);
    const float size = face.box.width / expected;
    if (std::hypot(off.x, off.y) < kFarthest * expected && size > kMinRatio &&
        size < kMaxRatio) {
      return face;
    }
  }
  return std::nullopt;
}

base::Face to_picture(base::Face face, const FacePatch& patch) {
  const cv::Point2f center = patch.to_picture((face.box.tl() + face.box.br()) / 2);
  const cv::Size2f size(face.box.width * patch.step(), face.box.height * patch.step());
  face.box = {center.x - size.width / 2, center.y - size.height / 2, size.width, size.height};
  if (face.landmarks) {
    for (auto* point : {&face.landmarks->right_eye, &face.landmarks->left_eye,
                        &face.landmarks->nose, &face.landmarks->mouth}) {
      *point = patch.to_picture(*point);
    }
  }
  return face;
}

}  // namespace

std::optional<base::Face> SecondLook::at(const cv::Mat& bgr, const base::Face& candidate,
                                         float least) {
  const int side = network_.side();
  const FacePatch patch(candidate, side, kLookScale);
  if (!patch.cut_out(bgr, crop_)) return std::nullopt;
  const auto look = [&](const cv::Mat& crop) {
    return face_in_the_middle(
        blend_overlapping(network_.find(crop, kHopeless), network_.overlap_threshold()),
        static_cast<float>(side));
  };
  auto face = look(crop_);
  if (!face) return std::nullopt;
  if (face->confidence < kNoDoubt) {
    cv::flip(crop_, mirrored_, 1);
    const auto other = look(mirrored_);
    face->confidence = (face->confidence + (other ? other->confidence : 0)) / 2;
  }
  if (face->confidence < least) return std::nullopt;
  return to_picture(*face, patch);
}

namespace {

constexpr float kCropScale = 1.5F;  // of the face's side, as MediaPipe's own pipeline crops
constexpr float kHasMesh = 0.5F;    // presence; movements::MeshLimits says the same
// How far the mesh's points may lie from the detector's, in sides of the box: over a face that
// is upside down the network lays an upright mesh.
constexpr float kSamePoint = 0.2F;

}  // namespace

MeshLook::MeshLook(const models::ModelCard& card)
    : id_(card.id), network_(card), scale_(card.rescale_factor) {
  if (card.task != models::ModelCard::Task::landmarks ||
      card.input.channels != models::ModelCard::Channels::rgb) {
    throw base::Error(
        "The model card of " + id_ +
        " cannot be used: a face mesh is of task landmarks and has an rgb input.");
  }
  presence();
}

bool MeshLook::run(const cv::Mat& bgr, const FacePatch& patch) {
  return base::translate_errors("The face mesh " + id_ + " failed", [&] {
    if (!patch.cut_out(bgr, crop_)) return false;
    cv::cvtColor(crop_, crop_, cv::COLOR_BGR2RGB);
    crop_.convertTo(network_.input(), CV_32F, scale_);
    network_.run();
    return true;
  });
}

float MeshLook::presence(const cv::Mat& bgr, const base::Face& face) {
  return run(bgr, FacePatch(face, network_.side(), kCropScale)) ? presence() : 0.0F;
}

std::optional<base::Landmarks> MeshLook::landmarks(const cv::Mat& bgr, const base::Face& face) {
  const FacePatch patch(face, network_.side(), kCropScale);
  if (!face.landmarks || !run(bgr, patch) || presence() < kHasMesh) return std::nullopt;
  const float* at = network_.output(3 * base::kMeshPoints);
  if (at == nullptr) return std::nullopt;
  base::FaceMesh mesh;
  mesh.points.reserve(base::kMeshPoints);
  for (int i = 0; i < base::kMeshPoints; ++i, at += 3) {
    const auto point = patch.to_picture({at[0], at[1]});
    mesh.points.emplace_back(point.x, point.y, at[2]);
  }
  const auto found = base::landmarks_of(mesh);
  const auto& given = *face.landmarks;
  const float farthest = kSamePoint * std::max(face.box.width, face.box.height);
  for (const auto& off : {found.right_eye - given.right_eye, found.left_eye - given.left_eye,
                          found.nose - given.nose, found.mouth - given.mouth}) {
    if (!(std::hypot(off.x, off.y) < farthest)) return std::nullopt;
  }
  return found;
}

float MeshLook::presence() const {
  const float* logit = network_.output(1);
  if (logit == nullptr) {
    throw base::Error("The model " + id_ +
                      " does not fit its card: no output is a single number.");
  }
  return std::isfinite(*logit) ? 1 / (1 + std::exp(-*logit)) : 0.0F;
}

}  // namespace mien::faces
