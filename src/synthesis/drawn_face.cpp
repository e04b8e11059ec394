#include "mien/synthesis/drawn_face.hpp"

#include <cmath>
#include <numbers>

#include <opencv2/imgproc.hpp>

#include "drawn_person.hpp"
#include "face_painter.hpp"

namespace mien {
namespace {

/// Light from a side, blur and a sensor's noise.
cv::Mat photograph_drawing(const cv::Mat& drawn, Dice& dice) {
  cv::Mat small;
  cv::resize(drawn, small, {kDrawnSide, kDrawnSide}, 0, 0, cv::INTER_AREA);
  const double blur = dice.uniform(0, 0.7);
  if (blur > 0.25) cv::GaussianBlur(small, small, {5, 5}, blur);
  const double angle = dice.uniform(0, 2 * std::numbers::pi);
  const double slope = dice.uniform(0, 0.2);
  const double bright = dice.uniform(0.88, 1.1);
  const double contrast = dice.uniform(0.9, 1.12);
  const double grain = dice.uniform(0, 5);
  const double warm = dice.uniform(-0.05, 0.05);
  constexpr int kMiddle = kDrawnSide / 2;
  const double tint[] = {1 - warm, 1, 1 + warm};
  for (int y = 0; y < kDrawnSide; ++y) {
    for (int x = 0; x < kDrawnSide; ++x) {
      const double along =
          ((x - kMiddle) * std::cos(angle) + (y - kMiddle) * std::sin(angle)) / kMiddle;
      const double light = bright * (1 + slope * along);
      auto& pixel = small.at<cv::Vec3b>(y, x);
      for (int c = 0; c < 3; ++c) {
        const double value = (pixel[c] * light * tint[c] - 128) * contrast + 128;
        pixel[c] = cv::saturate_cast<uchar>(value + grain * dice.normal());
      }
    }
  }
  return small;
}

}  // namespace

cv::Mat draw_face(const ActionUnits& units, Dice& dice) {
  const Person who = make_person(dice);
  return photograph_drawing(FacePainter(units, who).paint(dice), dice);
}

}  // namespace mien
