#include "mien/base/first_notice.hpp"

#include <filesystem>
#include <iostream>
#include <system_error>

#include "mien/base/files.hpp"
#include "mien/base/paths.hpp"
#include "mien/base/settings.hpp"

namespace mien::base {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFirstNotice =
    "mien reads expressions from faces, not feelings, and is often wrong. Everything is "
    "computed\n"
    "on this computer, and nothing is sent anywhere unless you ask for it (--send). Those in\n"
    "view should know, and agree. In the European Union it is forbidden to infer people's\n"
    "emotions at work and in education, except for medical or safety reasons (AI Act,\n"
    "Article 5(1)(f)). This is said once.\n";

}  // namespace

void print_first_run_notice() {
  // Beside the settings, not in them: a window that is open would write over it.
  const auto told = user_data_dir() / "notice-told";
  std::error_code code;
  if (fs::exists(told, code) ||
      load_settings(default_settings_file()).settings.notice_acknowledged)
    return;
  std::cerr << kFirstNotice << std::flush;
  try {
    make_private_folders(told.parent_path());
    write_file_atomically(told, "");
  } catch (const std::exception&) {
    // The home cannot be written, as on a cluster: the notice is shown again next time.
  }
}

}  // namespace mien::base
