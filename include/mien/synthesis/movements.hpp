#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mien::synthesis {

/// Which half of the face moves. Left and right are the person's own: the person's left is at
/// positive x of the head, which faces towards positive z.
enum class FaceSide { left, right, both };

/// What a face can do: the actions of the Facial Action Coding System (Ekman, Friesen &
/// Hager 2002) that the head's data can show. The paired ones come first; each has a left and a
/// right movement.
enum class FaceAction {
  inner_brow_raise,   // AU1
  outer_brow_raise,   // AU2
  brow_lower,         // AU4
  upper_lid_raise,    // AU5
  cheek_raise,        // AU6
  lid_tighten,        // AU7
  nose_wrinkle,       // AU9
  upper_lip_raise,    // AU10
  nasolabial_deepen,  // AU11
  lip_corner_pull,    // AU12
  open_smile,         // AU12 with AU25: the corner pulled while the lips bare the teeth
  dimple,             // AU14
  corner_depress,     // AU15
  lip_stretch,        // AU20
  nostril_dilate,     // AU38
  eye_close,          // AU43, AU45
  lower_lip_depress,  // AU16
  chin_raise,         // AU17
  pucker,             // AU18
  platysma,           // AU21
  funnel,             // AU22
  lip_tighten,        // AU23
  lip_press,          // AU24
  lips_part,          // AU25
  bared_teeth,        // AU10 with AU16 and AU25: the square mouth
  jaw_drop,           // AU26, and AU27 above 0.6
  lip_suck,           // AU28
  jaw_forward,        // AU29
  jaw_left,           // AU30
  jaw_right,          // AU30
  cheek_puff,         // AU34
  nostril_compress,   // AU39
};
inline constexpr int kPairedActions = 16;
inline constexpr int kActions = 32;
inline constexpr int kMovements = kActions + kPairedActions;

/// One target of the head's data and how much of it a movement takes.
struct MovementPart {
  /// A target's path inside the package's `data/targets/`, without `.target`. A path that
  /// begins with "expression/units/" names one of three, for africans, asians and caucasians:
  /// the group goes before the last part ("expression/units/asian/mouth-open").
  std::string target;
  FaceSide side =
      FaceSide::both;  ///< left or right: only that half of the target, faded at the middle
  float weight = 1;    ///< at a movement of weight 1
};

struct Movement {
  std::string name;  ///< "brow_lower_left", "jaw_drop"
  std::string facs;  ///< "AU4"
  FaceAction action = FaceAction::inner_brow_raise;
  FaceSide side = FaceSide::both;
  std::string meaning;  ///< what moves, in a few words
  std::vector<MovementPart> parts;
};

/// All movements, in the order of an expression's weights (kMovements of them): the paired
/// actions left and right, then the others. Built once; safe from every thread.
std::span<const Movement> movements();

/// Where an action's movement stands in `movements()`. For a paired action, `both` means left.
int movement_index(FaceAction action, FaceSide side = FaceSide::both);

std::optional<int> movement_index(std::string_view name);

inline bool is_paired(FaceAction action) { return static_cast<int>(action) < kPairedActions; }

/// The highest weight that still looks human: 1, for a few movements a bit above.
float highest_weight(FaceAction action);

/// Makes weights (one per movement) fit each other in place, so that nothing breaks: no
/// negative weight and none above its highest, no lid through an eye, no lip through the teeth,
/// and no two movements at full strength that muscles cannot do at once.
void limit_weights(std::span<float> weights);

}  // namespace mien::synthesis
