#include "mien/analysis/system_check.hpp"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <sstream>
#include <thread>

#include <opencv2/core/utility.hpp>
#include <opencv2/core/version.hpp>

#include "mien/base/error.hpp"
#include "mien/base/library_versions.hpp"
#include "mien/base/log.hpp"
#include "mien/base/numbers.hpp"
#include "mien/base/text.hpp"
#include "mien/media/library_versions.hpp"
#include "mien/models/library_versions.hpp"
#include "mien/sources/library_versions.hpp"
#include "mien/system/system_info.hpp"

#include "system_sections.hpp"

namespace mien::analysis {
namespace {

constexpr const char* kNotTold = "not told by the system";

std::string or_not_told(const std::string& value) { return value.empty() ? kNotTold : value; }

std::string compiler() {
#if defined(__clang__)
  return "Clang " __clang_version__;
#elif defined(__GNUC__)
  return "GCC " __VERSION__;
#else
  return "unknown";
#endif
}

std::string build_kind() {
#ifdef NDEBUG
  return "optimised";
#else
  return "with assertions (debug)";
#endif
}

std::string memory_size() {
  // "16284064 kB"
  double kilobytes = 0;
  const auto words = system::memory_size();
  if (!base::parse_number(base::split(words, ' ').first, kilobytes)) return kNotTold;
  return base::decimal(kilobytes * 1024 / 1e9, 1) + " GB";
}

/// What follows `key` in OpenCV's description of itself.
std::string opencv_says(const std::string& key) {
  std::istringstream lines(cv::getBuildInformation());
  for (std::string line; std::getline(lines, line);) {
    const auto words = base::trimmed(line);
    if (words.starts_with(key)) return base::trimmed(words.substr(key.size()));
  }
  return {};
}

/// "SSE SSE2 SSE3 *SSE4.1 ... FP16? AVX512?" as what is used and what this processor lacks.
std::pair<std::string, std::string> processor_features() {
  std::istringstream words(cv::getCPUFeaturesLine());
  std::string used;
  std::string lacking;
  for (std::string word; words >> word;) {
    const bool absent = word.ends_with('?');
    std::erase_if(word, [](char c) { return c == '*' || c == '?'; });
    std::string& list = absent ? lacking : used;
    list += (list.empty() ? "" : " ") + word;
  }
  return {used, lacking};
}

/// A section that could not be looked at. What has been said already, of an installation that
/// lacks its models for example, is not broken once more.
SystemRow problem_row(const std::string& sentence, const SystemCheckRequest& request,
                      const SystemReport& report) {
  SystemRow row{"Problem", "this could not be looked at", Finding::broken,
                without_names(sentence, request.names)};
  for (const auto& section : report.sections) {
    for (const auto& earlier : section.rows) {
      if (earlier.advice == row.advice) return {row.name, row.value + ", as above"};
    }
  }
  return row;
}

}  // namespace

SystemSection program_section(const SystemCheckRequest& request, const Stop& /*stop*/) {
  return {"Program and system",
          {{"mien", request.version + ", " + build_kind() + ", " + compiler()},
           {"System", or_not_told(system::system_name())},
           {"Kernel", or_not_told(system::kernel_name())},
           {"Processor", or_not_told(system::processor_name()) + ", " +
                             std::to_string(std::thread::hardware_concurrency()) + " threads"},
           {"Memory", memory_size()}}};
}

SystemSection libraries_section(const SystemCheckRequest& request, const Stop& /*stop*/) {
  const std::string version = cv::getVersionString();
  SystemSection section{"Libraries", {}};
  section.rows.push_back(
      {"OpenCV", version == CV_VERSION ? version : version + ", built with " CV_VERSION});
  const auto [used, lacking] = processor_features();
  section.rows.push_back({"  uses", used.empty() ? "no special instructions" : used});
  if (!lacking.empty()) section.rows.push_back({"  CPU lacks", lacking});
  section.rows.push_back({"  threads", std::to_string(cv::getNumThreads()) + " by " +
                                           or_not_told(opencv_says("Parallel framework:"))});
  for (const auto& libraries :
       {media::library_versions(), sources::library_versions(), models::library_versions(),
        base::library_versions(), request.libraries, request.display.libraries}) {
    for (const auto& [name, library_version] : libraries) {
      // Those of FFmpeg stand below it.
      const bool part = name.starts_with("libav") || name.starts_with("libsw");
      section.rows.push_back({(part ? "  " : "") + name, library_version});
    }
  }
  return section;
}

SystemSection display_section(const SystemCheckRequest& request, const Stop& /*stop*/) {
  const auto& display = request.display;
  SystemSection section{"Display", {}};
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) section.rows.push_back({name, value});
  };
  add("Window system", display.window_system);
  add("OpenGL", display.gl_version);
  add("  by", display.gl_vendor);
  add("  renderer", display.gl_renderer);
  add("Screen", display.screen);
  if (display.scale > 0) add("Scale", base::decimal(display.scale, 2));
  if (!display.problem.empty()) {
    // Whoever has no display does not miss the window: the commands work without it.
    const auto finding = display.window_system.empty() ? Finding::doubtful : Finding::broken;
    section.rows.push_back({"Window", "cannot be opened", finding, display.problem});
  } else if (section.rows.empty()) {
    section.rows.push_back({"Window", "not looked at"});
  }
  return section;
}

SystemReport check_system(const SystemCheckRequest& request,
                          const SystemCheckFollower& follower) {
  struct Part {
    const char* title;
    SystemSection (*look)(const SystemCheckRequest&, const Stop&);
  };
  static constexpr Part kParts[] = {
      {"Program and system", program_section},
      {"Libraries", libraries_section},
      {"Display", display_section},
      {"Cameras", cameras_section},
      {"Expression models", models_section},
      {"Face detectors", detectors_section},
      {"Movements", movements_section},
      {"Folders", folders_section},
      {"Milliseconds to read a face", speed_section},
  };
  SystemReport report;
  for (const auto& part : kParts) {
    if (follower.stop()) break;
    SystemSection section{part.title, {}};
    try {
      section = part.look(request, follower.stop);
    } catch (...) {
      section.rows = {problem_row(base::describe_current_exception(), request, report)};
    }
    if (follower.stop()) break;       // what was stopped in its middle would be misleading
    for (auto& row : section.rows) {  // drivers and files may say anything
      row.value = base::clean_text(row.value, 1000);
      row.advice = base::clean_text(row.advice, 1000);
    }
    follower.section(section);
    report.sections.push_back(std::move(section));
  }
  base::log::info("analysis", "System check: ", verdict(report));
  return report;
}

}  // namespace mien::analysis
