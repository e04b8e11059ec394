#pragma once

#include <optional>
#include <string_view>

namespace mien::sessions {

/// How much of each face faces.csv holds.
enum class Columns {
  basic,      ///< box, labels and verdict
  movements,  ///< the head's pose, the movements and the eyes, too
  landmarks,  ///< 68 points of the mesh as well
};

/// "basic", "movements", "landmarks": the word of the command line and session.json.
const char* word(Columns columns);
/// Nothing for another word.
std::optional<Columns> columns_of(std::string_view word);

}  // namespace mien::sessions
