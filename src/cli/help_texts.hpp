#pragma once

#include <string>

namespace mien::cli {

inline constexpr const char* kAbout =
    "mien reads the expression of each face, live from a webcam or from a file.\n"
    "It reads expressions, not feelings. Nothing leaves this computer unless you send it.";

/// What stands below the options, in the help of `mien` itself and in its man page.
struct HelpSection {
  const char* title;  ///< of the man page's section
  const char* text;
};

inline constexpr const char* kExamplesHeading = "Examples:\n";

inline constexpr HelpSection kHelpSections[] = {
    {"EXAMPLES",
     "Examples:\n"
     "  mien                                     the window, on the first camera or the demo\n"
     "  mien --source clip.mp4 --record          the window on a video, recording\n"
     "  mien --source camera:1                   the second camera of `mien cameras`\n"
     "  mien analyze clip.mp4 --out results      without a window: a table for each input\n"
     "  mien analyze demo --out results --video  and an annotated video\n"
     "  mien report SESSION_DIR                  a report of a recorded session, for the "
     "browser\n"
     "  mien mark \"stimulus 3\"                  a marker in the window that is open\n"
     "\n"},
    {"KEYS",
     "Keys in the window: Space pause, R record, C/D next camera/detector, Shift+M next\n"
     "model, M marker, N set neutral, L past sessions, T timeline, B bars, S screenshot,\n"
     "F11 full screen, F1 help, Q or Esc quit.\n"},
    {"EXIT STATUS", "Exit codes: 0 done, 1 something failed, 2 the command line was wrong.\n"},
    {"FILES",
     "What the program did is in ~/.local/state/mien/mien.log, which a bug report should\n"
     "carry. MIEN_LOG=error, warn, info or debug logs to stderr as well, off not at all.\n"
     "Sessions are in ~/Videos/mien, if --sessions or the window says nothing else; choices\n"
     "in ~/.config/mien/settings.json, rules of your own in ~/.config/mien/opinions.rules,\n"
     "models of your own in ~/.local/share/mien/models. XDG_CONFIG_HOME, XDG_DATA_HOME and\n"
     "XDG_STATE_HOME move them."},
};

/// All sections, as the help ends.
inline std::string help_footer() {
  std::string footer;
  for (const auto& section : kHelpSections) footer += section.text;
  return footer;
}

}  // namespace mien::cli
