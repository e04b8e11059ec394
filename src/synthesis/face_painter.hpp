#pragma once

#include <opencv2/core.hpp>

#include "mien/synthesis/drawn_face.hpp"

#include "drawn_person.hpp"
#include "face_sheet.hpp"

namespace mien {

/// Draws one person with one expression, from the back to the front.
class FacePainter {
 public:
  FacePainter(const ActionUnits& units, const Person& who)
      : au_(units), who_(who), sheet_(who) {
    dark_ = mix(who.skin, cv::Scalar(24, 28, 52), 0.55);
    ink_ = mix(who.skin, cv::Scalar(14, 14, 24), 0.85);
  }

  cv::Mat paint(Dice& dice);

 private:
  void background(Dice& dice);
  Line outline(double wider = 1, double higher = 1) const;
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
    Line outer_up, inner_up, inner_low, outer_low;
  };
  Lips lips() const;
  static Line between(const Line& a, const Line& b);
  void mouth();
  void hair_in_front(Dice& dice);
  void glasses();

  const ActionUnits& au_;
  const Person& who_;
  Sheet sheet_;
  cv::Scalar dark_, ink_;
};

}  // namespace mien
