#pragma once

#include <string_view>

#include <opencv2/core.hpp>

#include "mien/synthesis/rng.hpp"

namespace mien::synthesis {

/// How far each muscle movement is carried out, 0..1, by its number in the Facial Action Coding
/// System (Ekman, Friesen and Hager, 2002). Movements that may be of one side only have the
/// person's right ([0], left in the picture) and left ([1]).
struct ActionUnits {
  double inner_brow_raiser = 0;     ///< AU1
  double outer_brow_raiser = 0;     ///< AU2
  double brow_lowerer = 0;          ///< AU4
  double upper_lid_raiser = 0;      ///< AU5
  double cheek_raiser = 0;          ///< AU6
  double lid_tightener = 0;         ///< AU7
  double nose_wrinkler = 0;         ///< AU9
  double upper_lip_raiser = 0;      ///< AU10
  double lip_corner_puller[2]{};    ///< AU12
  double dimpler[2]{};              ///< AU14
  double lip_corner_depressor = 0;  ///< AU15
  double lower_lip_depressor = 0;   ///< AU16
  double chin_raiser = 0;           ///< AU17
  double lip_stretcher = 0;         ///< AU20
  double lip_presser = 0;           ///< AU23 and AU24
  double lips_part = 0;             ///< AU25
  double jaw_drop = 0;              ///< AU26 and AU27
};

/// The movements by which EMFACS tells the canonical `label`, drawn with varying strength and
/// some of the optional ones.
ActionUnits action_units(std::string_view label, Rng& rng);

inline constexpr int kDrawnSide = 100;  ///< pixels

/// A drawn face, kDrawnSide square, BGR. Who it is and where, light, blur and noise come from
/// `rng`.
cv::Mat draw_face(const ActionUnits& units, Rng& rng);

}  // namespace mien::synthesis
