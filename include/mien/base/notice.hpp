#pragma once

#include <string>

namespace mien::base {

/// A sentence for the user that does not stop anything: slides in on screen, a line on stderr
/// elsewhere.
struct Notice {
  enum class Level { info, warning, error };
  Level level = Level::info;
  std::string text;
};

}  // namespace mien::base
