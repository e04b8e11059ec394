#pragma once

#include <functional>
#include <vector>

#include <opencv2/core.hpp>

#include "mien/synthesis/drawn_face.hpp"

namespace mien::synthesis {

enum DrawnHair { kShort, kLong, kFringe, kCurly, kBald, kBun, kHairStyles };

/// Who is drawn, and how the picture is taken.
struct DrawnPerson {
  cv::Scalar skin, lip, hair, iris, cloth;
  double width = 0.78, jaw = 0.3, eye_apart = 0.33, eye_size = 1, brow_thick = 1;
  double nose_length = 1, nose_width = 1, mouth_width = 1, lip_full = 1;
  int hair_style = 0;  ///< kShort ...
  bool beard = false, glasses = false;
  double roll = 0, scale = 1, yaw = 0, pitch = 0;
  cv::Point2d shift;
  cv::Point2d gaze;
};

/// `share` of b, the rest of a.
cv::Scalar mix(const cv::Scalar& a, const cv::Scalar& b, double share);

/// Points in face coordinates: the middle of the face is 0, it reaches from -1 (hairline) to 1
/// (chin).
using Polyline = std::vector<cv::Point2d>;

/// A smooth closed or open curve through points (Catmull-Rom).
Polyline catmull_rom(const Polyline& through, bool closed);

/// The paper that a face is drawn on, several times larger than it will be.
class Canvas {
 public:
  static constexpr int kSupersampling = 3;  ///< drawn so many times larger, then averaged
  static constexpr int kSide = kDrawnSide * kSupersampling;

  /// `person` must outlive it.
  explicit Canvas(const DrawnPerson& person);

  cv::Mat& picture() { return picture_; }
  double pixels(double length) const { return length * unit_; }

  cv::Point2d outer(cv::Point2d p) const { return middle_ + across_ * p.x + down_ * p.y; }
  /// Points on the face's surface shift when the head turns; those at its edge do not.
  cv::Point2d inner(cv::Point2d p) const;

  void fill(const Polyline& shape, const cv::Scalar& colour, bool on_face = true);
  void stroke(const Polyline& line, const cv::Scalar& colour, double thick,
              double strength = 1);
  void dot(cv::Point2d at, double radius_x, double radius_y, const cv::Scalar& colour,
           bool on_face = true);
  /// A soft patch of colour.
  void glow(cv::Point2d at, double radius, const cv::Scalar& colour, double strength);
  /// Darkens what is there towards the shape's edge, over about that width, as on a round body.
  void round_off(const Polyline& shape, double width);
  /// What `paint` paints shows within `shape` only.
  void clip_to(const Polyline& shape, const std::function<void()>& paint, bool on_face = true);

 private:
  cv::Mat mask(const Polyline& shape, bool on_face) const;
  std::vector<cv::Point> fixed(const Polyline& line, bool on_face) const;
  cv::Rect around(const Polyline& line, int width) const;

  const DrawnPerson& person_;
  cv::Mat picture_;
  cv::Point2d across_, down_, middle_;
  double unit_ = 1;
};

/// Draws one person with one expression, from the back to the front.
class FacePainter {
 public:
  FacePainter(const ActionUnits& units, const DrawnPerson& person)
      : au_(units), person_(person), canvas_(person) {
    dark_ = mix(person.skin, cv::Scalar(24, 28, 52), 0.55);
    ink_ = mix(person.skin, cv::Scalar(14, 14, 24), 0.85);
  }

  cv::Mat paint(Rng& rng);

 private:
  void background(Rng& rng);
  Polyline outline(double wider = 1, double higher = 1) const;
  void hair_behind();
  void body();
  void head();

  double pull(int side) const { return au_.lip_corner_puller[side < 0 ? 0 : 1]; }
  double dimple(int side) const { return au_.dimpler[side < 0 ? 0 : 1]; }

  void cheeks();
  void nose();
  void eye(int side);
  void brow(int side);

  struct Lips {
    Polyline outer_up, inner_up, inner_low, outer_low;
  };
  Lips lips() const;
  static Polyline between(const Polyline& a, const Polyline& b);
  void mouth();
  void hair_in_front(Rng& rng);
  void glasses();

  const ActionUnits& au_;
  const DrawnPerson& person_;
  Canvas canvas_;
  cv::Scalar dark_, ink_;
};

}  // namespace mien::synthesis
