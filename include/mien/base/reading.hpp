#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mien/base/face.hpp"
#include "mien/base/face_mesh.hpp"
#include "mien/base/frame.hpp"

namespace mien::base {

/// Why a verdict is *not sure*. The limits are in emotions/certainty.hpp.
enum class Doubt {
  none,             ///< it is sure
  low_probability,  ///< no label is likely enough
  close_labels,     ///< the two likeliest are about as likely
  too_small,        ///< the face has too few pixels
  turned_away,      ///< seen from the side or from above
  eyes_closed,      ///< both, for longer than a blink
  blurred,          ///< out of focus or moving too fast
  too_dark,         ///< too little light on it
  too_bright,       ///< too much of it is washed out
  cut_off,          ///< by the edge of the picture
  mouth_covered,    ///< by a hand, a mask, a cup
  covered,          ///< by a hand, a mask, sunglasses
  unlike,           ///< no face of the kind that the model learned from
};

/// A short phrase for the screen and the table: "low probability"; empty for none.
const char* describe(Doubt doubt);

/// The reason that a table names with describe()'s phrase, or none when no reason has it: one
/// of a later version.
std::optional<Doubt> doubt_from_text(std::string_view phrase);

/// How far "set neutral" has come for a person.
enum class Calibration {
  none,
  collecting,  ///< their resting face is being learnt
  set,         ///< readings are corrected for it
};

/// What the program says of a face: a label, or *not sure* with its reason.
struct Verdict {
  int label = -1;  ///< index into the labels; the likeliest one, also when not sure; it gives
                   ///< way to another one only when that leads clearly
  float certainty = 0;  ///< 0..1, smoothed probability of that label
  Doubt doubt = Doubt::none;

  bool sure() const { return label >= 0 && doubt == Doubt::none; }
};

/// One face in one frame, read.
struct FaceReading {
  Face face;
  int person = 0;          ///< 1, 2, ... stable while the person stays in the picture
  std::vector<float> raw;  ///< this frame's probabilities, in the order of the labels; sum 1
  std::vector<float> smoothed;  ///< the person's, over time, corrected for their resting face
  Verdict verdict;
  float valence = 0;  ///< -1..1: happiness minus the strongest negative expression
  Calibration calibration = Calibration::none;
  float calibration_progress = 0;  ///< 0..1 of a resting face that is being learnt; else 0
  /// Which resting face `smoothed` is corrected for: another number is another one; 0: none.
  std::uint32_t neutral = 0;
  std::optional<FaceGeometry> geometry;  ///< nothing unless it was asked for
};

/// Time spent on one frame, in milliseconds.
struct StageTimes {
  double detect = 0;
  double align = 0;     ///< all faces
  double classify = 0;  ///< all faces
  double mesh = 0;      ///< all faces: mesh, pose and movements
  double total = 0;     ///< the whole of Analyzer::analyze
};

/// A picture and what was read in it. They always travel together.
struct AnalyzedFrame {
  FramePtr frame;
  std::vector<FaceReading> readings;
  std::shared_ptr<const std::vector<std::string>> labels;  ///< never null
  std::string model_id;
  std::string model_reading;  ///< id of the card's reading in use; empty without readings
  std::string detector_id;
  std::string landmarks_id;  ///< of the landmarks model; empty when there is none
  std::string movements_id;  ///< of the network of movements; empty when there is none
  /// Which source it came from, counted by the analyzer: capture times of different sources
  /// cannot be compared, arrivals can.
  std::uint64_t source = 0;
  StageTimes times;
};

using AnalyzedFramePtr = std::shared_ptr<const AnalyzedFrame>;

}  // namespace mien::base
