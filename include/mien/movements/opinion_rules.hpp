#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mien/base/reading.hpp"

namespace mien::movements {

/// What a rule says of a face: "mouth smiles, eyes do not". It is about its shape, never about
/// what somebody feels.
struct Opinion {
  std::string name;                  ///< valid UTF-8 without control characters
  std::uint8_t r = 0, g = 0, b = 0;  ///< 8-bit sRGB
  bool operator==(const Opinion&) const = default;
};

/// Rules over movements, read from text. Never changes; any thread.
///
///   # A comment.
///   [mouth smiles, eyes do not]
///   colour = #E69F00
///   when = smile_right > 0.5 and smile_left > 0.5 and lid_tighten_right + lid_tighten_left <
///   0.1
///
/// A formula is made of numbers, words of words() and + - * / ( ), compared with < <= > >=,
/// and of such comparisons with `and`, `or`, `not`, and `never`. What is not known of a face
/// (NaN, a division by 0) makes a comparison neither true nor false; a rule speaks only when
/// its formula is true.
class OpinionRules {
 public:
  /// What a text may have at most.
  static constexpr std::size_t kMostBytes = 65'536;
  static constexpr std::size_t kMostRules = 64;
  static constexpr std::size_t kMostNameBytes = 60;
  static constexpr std::size_t kMostFormulaBytes = 1000;
  static constexpr int kMostDepth = 32;  ///< parentheses, minus and `not` in each other

  OpinionRules() = default;

  /// Throws Error with one sentence that begins with "The rules in `where` cannot be used: line
  /// 3 ..." and names what is wrong there.
  static OpinionRules parse(std::string_view text, const std::string& where);

  /// These and `more`, in this order; one of `more` takes the place of the one of its name.
  OpinionRules with(const OpinionRules& more) const;

  /// What the rules say of one face in one frame, in the order of the rules; nothing of a face
  /// that was not measured. Not smoothed: whoever shows them must hold them for a moment.
  std::vector<Opinion> opinions(const base::FaceReading& reading) const;

  std::size_t size() const { return rules_.size(); }

  /// The words of a formula: ids of base::movements(), then pose_pitch, pose_yaw, pose_roll
  /// (degrees), eyes_open (1 as usual) and looks_at_camera (0 or 1), as faces.csv has them.
  static const std::vector<std::string>& words();

  /// A step of a formula in postfix order, on a stack of numbers. Truth is 1, falsehood 0, what
  /// is neither NaN.
  struct Step {
    enum class Do : std::uint8_t {
      number,
      word,
      add,
      subtract,
      multiply,
      divide,
      negate,
      less,
      less_or_same,
      more,
      more_or_same,
      both,
      either,
      opposite
    };
    Do what = Do::number;
    std::size_t word = 0;  ///< of words()
    float number = 0;
  };

 private:
  struct Rule {
    Opinion opinion;
    std::vector<Step> formula;
  };
  std::vector<Rule> rules_;
};

}  // namespace mien::movements
