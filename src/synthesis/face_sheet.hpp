#pragma once

#include <functional>
#include <vector>

#include <opencv2/core.hpp>

#include "mien/synthesis/drawn_face.hpp"

#include "drawn_person.hpp"

namespace mien {

/// Points in face coordinates: the middle of the face is 0, it reaches from -1 (hairline) to 1
/// (chin).
using Line = std::vector<cv::Point2d>;

/// A smooth closed or open curve through points (Catmull-Rom).
Line smooth(const Line& through, bool closed);

/// The paper that a face is drawn on, several times larger than it will be.
class Sheet {
 public:
  static constexpr int kFiner = 3;  ///< drawn so many times larger, then averaged
  static constexpr int kSide = kDrawnSide * kFiner;

  /// `who` must outlive it.
  explicit Sheet(const Person& who);

  cv::Mat& picture() { return picture_; }
  double pixels(double length) const { return length * unit_; }

  cv::Point2d outer(cv::Point2d p) const { return middle_ + across_ * p.x + down_ * p.y; }
  /// Points on the face's surface shift when the head turns; those at its edge do not.
  cv::Point2d inner(cv::Point2d p) const;

  void fill(const Line& shape, const cv::Scalar& colour, bool on_face = true);
  void stroke(const Line& line, const cv::Scalar& colour, double thick, double strength = 1);
  void dot(cv::Point2d at, double radius_x, double radius_y, const cv::Scalar& colour,
           bool on_face = true);
  /// A soft patch of colour.
  void glow(cv::Point2d at, double radius, const cv::Scalar& colour, double strength);
  /// Darkens what is there towards the shape's edge, over about that width, as on a round body.
  void round_off(const Line& shape, double width);
  /// What `paint` paints shows within `shape` only.
  void within(const Line& shape, const std::function<void()>& paint, bool on_face = true);

 private:
  cv::Mat mask(const Line& shape, bool on_face) const;
  std::vector<cv::Point> fixed(const Line& line, bool on_face) const;
  cv::Rect around(const Line& line, int width) const;

  const Person& who_;
  cv::Mat picture_;
  cv::Point2d across_, down_, middle_;
  double unit_ = 1;
};

}  // namespace mien
