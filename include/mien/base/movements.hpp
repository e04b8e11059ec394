#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace mien::base {

/// Something that a face does and that is measured: a row of the one table from which columns,
/// cards, curves and exports take names and order. Its value is 0 at rest and 1 at the
/// strongest that was learned or measured; docs/movements.md says how each is found. NaN: not
/// known.
struct Movement {
  enum class Side { both, right, left };  ///< the person's own
  enum class Found {
    network,  ///< learned: 0 to 1 (movements/learned_movements.hpp)
    geometry  ///< measured with its sign: -1 as much the other way, within -2 and 2
  };

  /// What of the face it is of: not known where that is covered or outside the picture.
  enum class Part { brows, eyes, lips, jaw };

  const char* id;        ///< a word for columns: "corner_height_right"
  const char* name;      ///< above 0, for people: "right mouth corner up"
  const char* opposite;  ///< below 0: "right mouth corner down"; empty: that means nothing
  Side side;             ///< a left one follows its right one in the table
  const char* facs;      ///< actions of FACS that it resembles, as a hint: "AU12, AU15"
  Found found;
  Part part;
};

/// All of them, in the order of FaceGeometry::movements and of the columns. Later versions may
/// have more.
std::span<const Movement> movements();

/// "like AU12, AU15", for people who know FACS; whoever shows it says kNoFacsCoding beside it.
std::string facs_hint(const Movement& movement);
inline constexpr const char* kNoFacsCoding =
    "AU numbers are hints for those who know FACS; this is no FACS coding.";

/// Where a movement stands in the table, by its id.
std::optional<std::size_t> movement_index(std::string_view id);

}  // namespace mien::base
