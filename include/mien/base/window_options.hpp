#pragma once

#include <string>
#include <vector>

namespace mien::base {

/// What the window was asked to do on the command line: the command line fills it in, the
/// window does it.
struct WindowOptions {
  std::string source{};    ///< empty: as last time
  std::string model{};     ///< id or folder; empty: as last time
  std::string reading{};   ///< id of a model card's reading; empty: as last time
  std::string detector{};  ///< empty: as last time
  /// Id of a landmarks model, or "none"; empty: as last time, or as `columns` needs it.
  std::string landmarks{};
  std::string columns{};  ///< a word of sessions/columns.hpp; empty: as last time
  /// What recordings keep, a word of sessions/privacy.hpp; empty: from the settings.
  std::string privacy{};
  std::string encoder{};            ///< as SessionOptions::encoder; empty: the best there is
  std::vector<std::string> send{};  ///< specs of outputs/outputs.hpp, beside the remembered
  bool record = false;              ///< start recording with the first frame
  std::string sessions{};           ///< where sessions go; empty: from the settings
  std::string screenshot{};         ///< write a picture of the window here before leaving
  double exit_after = 0;            ///< seconds; 0: never
};

}  // namespace mien::base
