#include "system_check.hpp"

#include "mien/analysis/system_check.hpp"
#include "mien/base/interruption.hpp"
#include "mien/base/paths.hpp"
#include "mien/base/settings.hpp"
#include "mien/outputs/library_versions.hpp"

#include "output.hpp"

namespace mien::cli {
namespace {

/// Where the window would record, without reading more of the settings than that.
std::filesystem::path sessions_folder() {
  const auto settings = base::load_settings(base::default_settings_file()).settings;
  return settings.sessions_dir.empty() ? base::default_sessions_dir()
                                       : std::filesystem::path(settings.sessions_dir);
}

}  // namespace

int check_the_system(const WindowHooks& window) {
  const base::Interruption interruption;
  print_line(analysis::kSystemReportTitle);
  const auto report = analysis::check_system({.version = MIEN_VERSION,
                                              .sessions_folder = sessions_folder(),
                                              .display = window.look_at_display(),
                                              .libraries = outputs::library_versions()},
                                             {.section =
                                                  [](const analysis::SystemSection& section) {
                                                    auto words = '\n' + text(section);
                                                    words.pop_back();
                                                    print_line(words);
                                                  },
                                              .stop = [&] { return interruption.asked(); }});
  if (interruption.asked()) {
    print_problem("Interrupted; the check is not whole.");
    return kFailed;
  }
  print_line('\n' + verdict(report));
  return report.count(analysis::Finding::broken) == 0 ? kDone : kFailed;
}

}  // namespace mien::cli
