#pragma once

#include <string>
#include <utility>
#include <vector>

namespace mien::analysis {

/// What the system check says, as plain values: check_system() (system_check.hpp) makes it, the
/// command line prints it and the window shows it.

/// How something was found to be, from best to worst.
enum class Finding { good, doubtful, broken };

struct SystemRow {
  std::string name;
  std::string value;
  Finding finding = Finding::good;
  std::string advice{};  ///< one sentence of what to do; empty when there is nothing to do
};

struct SystemSection {
  std::string title;
  std::vector<SystemRow> rows;
};

struct SystemReport {
  std::vector<SystemSection> sections;

  int count(Finding finding) const;
};

/// A library and the version of it that is in use.
using LibraryVersion = std::pair<std::string, std::string>;

/// What only the program's window knows of the display and of its own libraries.
struct DisplayFacts {
  std::string problem{};  ///< a sentence: why there can be no window; empty when there can be
  std::string window_system{};  ///< "X11", "Wayland"; empty without a display
  std::string gl_vendor{}, gl_renderer{}, gl_version{};  ///< empty when OpenGL told nothing
  std::string screen{};                                  ///< "1920x1080 at 60 Hz"
  double scale = 0;                                      ///< of the screen; 0: not known
  std::vector<LibraryVersion> libraries{};               ///< ImGui, GLFW, FreeType
};

/// The report as aligned plain text of at most 80 columns, to be pasted into a bug report: a
/// title, the sections with an empty line between, and verdict(). What is broken begins with
/// "!", what is doubtful with "?".
std::string text(const SystemReport& report);
/// One section of text(), for whoever shows them as they come.
std::string text(const SystemSection& section);
/// The line above the sections.
inline constexpr const char* kSystemReportTitle = "System check of mien (! broken, ? doubtful)";
/// One sentence: "Everything works.", or how much does not.
std::string verdict(const SystemReport& report);

}  // namespace mien::analysis
