#include "mien/movements/gaze.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include <opencv2/imgproc.hpp>

namespace mien::movements {
namespace {

// The lids' edges from corner to corner and back, that which is left in the picture first.
constexpr std::array<int, 16> kRightOutline = {33,  7,   163, 144, 145, 153, 154, 155,
                                               133, 173, 157, 158, 159, 160, 161, 246};
constexpr std::array<int, 16> kLeftOutline = {362, 382, 381, 380, 374, 373, 390, 249,
                                              263, 466, 388, 387, 386, 385, 384, 398};
constexpr std::array<std::array<std::size_t, 2>, 3> kLids = {{{3, 13}, {4, 12}, {5, 11}}};

// An eye is looked at in a patch of so many pixels, across and down.
constexpr int kPatchWidth = 40, kPatchHeight = 28;
constexpr float kMillimetre = 32.0F / 27;  // patch pixels; an eye is about 27 mm wide
constexpr float kIrisRadius = 5.9F;        // millimetres, much the same in all adults
constexpr float kAround = 1.6F;            // radii, to where the surroundings of an iris reach
constexpr float kEyeballDepth = 8.5F;      // millimetres, of its middle behind the lids
constexpr float kGrown = 1.1F;             // the outline is drawn a little tight
constexpr float kLeastEyePixels = 8;       // across; below, an iris has three
constexpr float kLeastRange = 12;          // gray levels between light and dark in an eye
constexpr float kEnoughAround = 0.3F;      // share of the surroundings that must be seen
constexpr float kReachAcross = 10, kReachDown = 6;  // millimetres, how far an iris goes
constexpr float kStep = 0.5F;                       // millimetres
constexpr float kPeak = 0.8F;  // of the best score: the middle of what is above is the place

// Less contrast, or an angle between the two, tells nothing.
constexpr float kLeastContrast = 0.15F;
constexpr float kTowards = 9, kAway = 12;  // degrees

/// Discs of an iris' size and what is around them, as kernels; the last pixel is a part of one.
struct Discs {
  cv::Mat iris, around;
  float iris_area = 0, around_area = 0;
  Discs() {
    const float radius = kIrisRadius * kMillimetre;
    const int reach = static_cast<int>(std::ceil(radius * kAround));
    iris.create(2 * reach + 1, 2 * reach + 1, CV_32F);
    around.create(iris.size(), CV_32F);
    for (int y = -reach; y <= reach; ++y) {
      for (int x = -reach; x <= reach; ++x) {
        const float off = std::hypot(static_cast<float>(x), static_cast<float>(y));
        const float inside = std::clamp(radius - off + 0.5F, 0.F, 1.F);
        iris.at<float>(y + reach, x + reach) = inside;
        around.at<float>(y + reach, x + reach) =
            std::clamp(kAround * radius - off + 0.5F, 0.F, 1.F) - inside;
      }
    }
    iris_area = static_cast<float>(cv::sum(iris)[0]);
    around_area = static_cast<float>(cv::sum(around)[0]);
  }
};

/// One eye, level by the head's roll and of one size.
struct EyePatch {
  cv::Mat gray;       ///< CV_32F, about 0 (its dark) to 1 (its light)
  cv::Mat mask;       ///< CV_32F, 1 within the outline
  float opening = 0;  ///< millimetres
};

cv::Point2f on_picture(const base::FaceMesh& mesh, int point) {
  const auto& at = mesh.points[static_cast<std::size_t>(point)];
  return {at.x, at.y};
}

std::optional<EyePatch> cut_eye(const cv::Mat& bgr, const base::FaceMesh& mesh,
                                const std::array<int, 16>& outline, cv::Point2f across,
                                float scale) {
  const cv::Point2f down(-across.y, across.x);
  const cv::Point2f middle =
      (on_picture(mesh, outline.front()) + on_picture(mesh, outline[8])) / 2;
  const float pixel = scale / kMillimetre;  // of the patch, in pixels of the picture
  // What is made smaller is cut out in more pixels and averaged.
  const int finer = std::clamp(static_cast<int>(std::ceil(pixel)), 1, 8);
  const float step = pixel / static_cast<float>(finer);
  const cv::Point2f corner = middle - across * (pixel * kPatchWidth / 2) -
                             down * (pixel * kPatchHeight / 2) + (across + down) * (step / 2) -
                             cv::Point2f(0.5F, 0.5F);
  const cv::Matx23f to_picture(across.x * step, down.x * step, corner.x, across.y * step,
                               down.y * step, corner.y);
  cv::Mat cut;
  cv::warpAffine(bgr, cut, to_picture, {kPatchWidth * finer, kPatchHeight * finer},
                 cv::INTER_LINEAR | cv::WARP_INVERSE_MAP, cv::BORDER_REPLICATE);
  cv::cvtColor(cut, cut, cv::COLOR_BGR2GRAY);
  if (finer > 1) cv::resize(cut, cut, {kPatchWidth, kPatchHeight}, 0, 0, cv::INTER_AREA);

  EyePatch eye;
  std::vector<cv::Point2f> edge;
  cv::Point2f center;
  for (const int point : outline) {
    const cv::Point2f off = (on_picture(mesh, point) - middle) / pixel;
    edge.emplace_back(off.dot(across) + kPatchWidth / 2.0F - 0.5F,
                      off.dot(down) + kPatchHeight / 2.0F - 0.5F);
    center += edge.back() / static_cast<float>(outline.size());
  }
  for (const auto& [lower, upper] : kLids) {
    eye.opening += (edge[lower].y - edge[upper].y) / kMillimetre / kLids.size();
  }
  constexpr int kShift = 4;
  std::vector<cv::Point> fixed;
  for (const auto& point : edge) {
    const cv::Point2f grown = center + kGrown * (point - center);
    if (!(std::abs(grown.x) < 1000 && std::abs(grown.y) < 1000)) return std::nullopt;
    fixed.emplace_back(cvRound(grown.x * (1 << kShift)), cvRound(grown.y * (1 << kShift)));
  }
  cv::Mat mask(kPatchHeight, kPatchWidth, CV_8U, cv::Scalar(0));
  cv::fillPoly(mask, std::vector<std::vector<cv::Point>>{fixed}, cv::Scalar(255), cv::LINE_AA,
               kShift);
  std::vector<std::uint8_t> inside;
  for (int y = 0; y < kPatchHeight; ++y) {
    for (int x = 0; x < kPatchWidth; ++x) {
      if (mask.at<std::uint8_t>(y, x) > 127) inside.push_back(cut.at<std::uint8_t>(y, x));
    }
  }
  constexpr std::size_t kLeastInside = 40;
  if (inside.size() < kLeastInside) return std::nullopt;
  std::sort(inside.begin(), inside.end());
  const float dark = inside[inside.size() / 20], light = inside[inside.size() * 9 / 10];
  if (light - dark < kLeastRange) return std::nullopt;
  cut.convertTo(eye.gray, CV_32F, 1 / (light - dark), -dark / (light - dark));
  eye.gray = cv::min(cv::max(eye.gray, -0.2F), 1.2F);  // glints and lashes
  mask.convertTo(eye.mask, CV_32F, 1 / 255.0);
  return eye;
}

/// How much darker a disc of an iris' size is than what is around it, for a disc about each
/// pixel, as far as both lie within the outline.
cv::Mat iris_scores(const EyePatch& eye) {
  static const Discs discs;
  const auto sums = [](const cv::Mat& values, const cv::Mat& kernel) {
    cv::Mat sum;
    cv::filter2D(values, sum, CV_32F, kernel, {-1, -1}, 0, cv::BORDER_CONSTANT);
    return sum;
  };
  const cv::Mat seen = eye.gray.mul(eye.mask);
  const cv::Mat iris = sums(eye.mask, discs.iris), around = sums(eye.mask, discs.around);
  const cv::Mat iris_light = sums(seen, discs.iris), around_light = sums(seen, discs.around);
  cv::Mat scores(iris.size(), CV_32F);
  for (int y = 0; y < scores.rows; ++y) {
    for (int x = 0; x < scores.cols; ++x) {
      const float a = iris.at<float>(y, x), b = around.at<float>(y, x);
      const float darker = around_light.at<float>(y, x) / std::max(b, 1e-3F) -
                           iris_light.at<float>(y, x) / std::max(a, 1e-3F);
      scores.at<float>(y, x) = darker * std::clamp(a / discs.iris_area, 0.F, 1.F) *
                               std::clamp(b / discs.around_area / kEnoughAround, 0.F, 1.F);
    }
  }
  return scores;
}

}  // namespace

std::optional<IrisPlace> find_irises(const cv::Mat& bgr, const base::FaceMesh& mesh,
                                     const HeadFit& head) {
  if (mesh.points.size() != base::kMeshPoints || bgr.empty()) return std::nullopt;
  constexpr float kEyeWidth = 27;  // millimetres
  if (!(kEyeWidth * head.scale >= kLeastEyePixels)) return std::nullopt;
  const float roll = std::atan2(-head.rotation(0, 1), head.rotation(0, 0));
  const cv::Point2f across(std::cos(roll), std::sin(roll)), down(-across.y, across.x);
  IrisPlace place;
  place.turned_across = head.deeper.dot(across);
  place.turned_down = head.deeper.dot(down);

  constexpr int kColumns = static_cast<int>(2 * kReachAcross / kStep) + 1;
  constexpr int kRows = static_cast<int>(2 * kReachDown / kStep) + 1;
  cv::Mat both(kRows, kColumns, CV_32F, cv::Scalar(0));
  for (const auto& outline : {kRightOutline, kLeftOutline}) {
    const auto eye = cut_eye(bgr, mesh, outline, across, head.scale);
    if (!eye) return std::nullopt;
    place.opening += eye->opening / 2;
    // From a place in the eye to the patch.
    const float step = kStep * kMillimetre;
    const float left = (kEyeballDepth * place.turned_across - kReachAcross) * kMillimetre +
                       kPatchWidth / 2.0F - 0.5F;
    const float top = (kEyeballDepth * place.turned_down - kReachDown) * kMillimetre +
                      kPatchHeight / 2.0F - 0.5F;
    cv::Mat scores;
    cv::warpAffine(iris_scores(*eye), scores, cv::Matx23f(step, 0, left, 0, step, top),
                   both.size(), cv::INTER_LINEAR | cv::WARP_INVERSE_MAP, cv::BORDER_CONSTANT);
    both += scores / 2;
  }
  double best = 0;
  cv::minMaxLoc(both, nullptr, &best);
  if (!(best > 0)) return std::nullopt;
  place.contrast = static_cast<float>(best);
  float weights = 0;
  for (int y = 0; y < kRows; ++y) {
    for (int x = 0; x < kColumns; ++x) {
      const float weight = both.at<float>(y, x) - kPeak * place.contrast;
      if (weight <= 0) continue;
      weights += weight;
      place.across += weight * (static_cast<float>(x) * kStep - kReachAcross);
      place.down += weight * (static_cast<float>(y) * kStep - kReachDown);
    }
  }
  place.across /= weights;
  place.down /= weights;
  return place;
}

Gaze gaze_of(const IrisPlace& irises) {
  return {4.22F * irises.across + 5.5F * irises.turned_across,
          -4.42F * irises.down - 19.9F * irises.turned_down + 0.57F * irises.opening - 9.8F};
}

std::optional<bool> towards_camera(const IrisPlace& irises) {
  if (irises.contrast < kLeastContrast) return std::nullopt;
  const Gaze gaze = gaze_of(irises);
  const float off = std::hypot(gaze.right, gaze.up);
  if (off > kTowards && off < kAway) return std::nullopt;
  return off <= kTowards;
}

}  // namespace mien::movements
