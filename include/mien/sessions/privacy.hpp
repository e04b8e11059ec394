#pragma once

#include <optional>
#include <string_view>

namespace mien::sessions {

/// What of the people in front of the camera a recording keeps.
enum class Privacy {
  everything,     ///< the picture as it is
  blurred_faces,  ///< every face pixelated beyond recognition before the encoder sees it
  data_only,      ///< no pixels touch the disk: tables and document alone
};

/// "everything", "blurred", "data-only": the word of the command line, the settings and
/// session.json.
const char* word(Privacy privacy);
/// Nothing for another word.
std::optional<Privacy> privacy_of(std::string_view word);

}  // namespace mien::sessions
