#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "mien/analysis/system_report.hpp"
#include "mien/sources/frame_source.hpp"

namespace mien::analysis {

/// The system check: one page with what a bug report needs, for `mien --check` and Help >
/// System check. It looks and measures, and changes nothing but for opening each camera once.
///
/// Kept out of it, because bug reports are public:
/// - names of the user and of the computer, and the path of the home, which is "~";
/// - names of folders that are not the usual ones, and of all of the user's files: only that
/// such
///   a folder is in the home or outside of it;
/// - names and texts of models that the user added: only how many, and of which format;
/// - serial numbers: cameras go by their model's name and device node, not by their stable
/// path;
/// - addresses, settings and what the log says.

/// How the check looks; tests put fakes here.
struct SystemProbes {
  std::function<std::vector<sources::CameraInfo>()> list_cameras = sources::list_cameras;
  std::function<std::unique_ptr<sources::FrameSource>(const sources::SourceRequest&)>
      open_source = sources::open_source;
  /// A camera, or a folder, that has not answered for so long is left behind in a thread of its
  /// own. Longer than a camera may take for its first picture.
  std::chrono::milliseconds patience{8000};
};

/// Words that must not be in a report.
struct PersonalNames {
  std::filesystem::path home;
  std::string user;
  std::string host;
};
/// Those of whoever runs the program.
PersonalNames personal_names();
/// `text` with the home as "~" and the names as "(user)" and "(host)".
std::string without_names(std::string text, const PersonalNames& names);

struct SystemCheckRequest {
  std::string version;                    ///< of the program
  std::filesystem::path sessions_folder;  ///< where recordings go
  DisplayFacts display{};
  /// Libraries, and their versions, of rooms that the check does not know.
  std::vector<std::pair<std::string, std::string>> libraries{};
  /// The source that the window plays now: its camera is not opened a second time. None
  /// without a window.
  std::optional<sources::SourceInfo> in_use{};
  SystemProbes probes{};
  PersonalNames names = personal_names();
};

/// Whoever follows a check. Both are called by the thread that checks.
struct SystemCheckFollower {
  std::function<void(const SystemSection&)> section = [](const SystemSection&) {};
  /// Asked now and then; once it says true, check_system() returns soon, with what it has.
  std::function<bool()> stop = [] { return false; };
};

/// Looks at everything, which takes some seconds. Any thread. Throws nothing: what fails is a
/// row.
SystemReport check_system(const SystemCheckRequest& request,
                          const SystemCheckFollower& follower = {});

}  // namespace mien::analysis
