#include <filesystem>
#include <optional>

#include "mien/base/error.hpp"
#include "mien/base/log.hpp"
#include "mien/base/numbers.hpp"
#include "mien/base/paths.hpp"
#include "mien/models/model_installer.hpp"
#include "mien/system/files.hpp"

#include "patience.hpp"
#include "system_sections.hpp"

namespace mien::analysis {
namespace {

namespace fs = std::filesystem;

/// Less is soon full of recordings: Motion JPEG takes 110 MB a minute.
constexpr std::uintmax_t kLittleSpace = 1'000'000'000;

bool is_below(const fs::path& folder, const fs::path& above) {
  const auto relative = folder.lexically_normal().lexically_relative(above.lexically_normal());
  return !relative.empty() && *relative.begin() != "..";
}

/// The folder's path when it is the usual one, which says nothing of the user.
std::string place_words(const fs::path& folder, const fs::path& usual, const fs::path& home) {
  if (folder == usual && is_below(folder, home)) {
    return (fs::path("~") / folder.lexically_relative(home)).string();
  }
  return is_below(folder, home) ? "a folder of your own in your home"
                                : "a folder of your own outside of your home";
}

std::string bytes_words(std::uintmax_t bytes) {
  const auto size = static_cast<double>(bytes);
  return size < 1e9 ? base::decimal(size / 1e6, 0) + " MB"
                    : base::decimal(size / 1e9, 1) + " GB";
}

struct FolderState {
  bool exists = false;
  bool is_folder = true;  ///< it, or what is there of those above it
  bool writable = false;  ///< likewise
  std::optional<std::uintmax_t> free;
};

FolderState folder_state(const fs::path& folder) {
  FolderState state;
  std::error_code error;
  state.exists = fs::exists(folder, error);
  auto there = folder;
  while (!fs::exists(there, error) && there.has_relative_path()) there = there.parent_path();
  state.is_folder = fs::is_directory(there, error);
  state.writable = state.is_folder && system::may_write_in(there);
  const auto space = fs::space(there, error);
  // A capacity of 0 says nothing: it is that of the kernel's own file systems.
  if (!error && space.capacity > 0) state.free = space.available;
  return state;
}

/// A folder that mien writes to.
struct Kept {
  const char* name;
  fs::path folder;
  fs::path usual;
  const char* loss;  ///< what cannot be kept without it
  const char* cure;
};

SystemRow folder_row(const Kept& kept, const SystemCheckRequest& request, const Stop& stop) {
  SystemRow row{kept.name, place_words(kept.folder, kept.usual, request.names.home)};
  const auto state = within<FolderState>(
      request.probes.patience, stop, [folder = kept.folder] { return folder_state(folder); });
  const auto broken = [&](const std::string& what, const std::string& why) {
    row.value += ", " + what;
    row.finding = Finding::broken;
    row.advice = std::string(kept.loss) + " cannot be kept: " + why + "; " + kept.cure + ".";
    return row;
  };
  if (!state) return broken("does not answer", "its disk, or the network, hangs");
  if (!state->is_folder) return broken("not a folder", "a file is in its place or above it");
  if (!state->writable) return broken("not writable", "the folder may not be written to");
  row.value += state->exists ? ", writable" : ", made when it is needed";
  if (state->free) {
    row.value += ", " + bytes_words(*state->free) + " free";
    if (*state->free < kLittleSpace) {
      row.finding = Finding::doubtful;
      row.advice =
          std::string("There is little room on its disk; make some, or ") + kept.cure + ".";
    }
  }
  return row;
}

SystemRow program_files_row(const SystemCheckRequest& request) {
  fs::path folder;
  try {
    folder = base::data_dir();
  } catch (const base::Error&) {  // the models' section says it
    return {"mien's files", "not complete", Finding::doubtful};
  }
  std::string where = "beside the build";
  if (!base::environment("MIEN_DATA_DIR").empty()) {
    where = "where MIEN_DATA_DIR says";
  } else if (is_below(folder, "/usr")) {
    where = folder.string();
  } else if (folder.parent_path().filename() == "share") {
    where = is_below(folder, request.names.home) ? "under a prefix in your home"
                                                 : "under a prefix of your own";
  }
  return {"mien's files", where};
}

}  // namespace

SystemSection folders_section(const SystemCheckRequest& request, const Stop& stop) {
  const auto& home = request.names.home;
  const Kept folders[] = {
      {"Settings", base::user_config_dir(), home / ".config/mien", "Your choices",
       "give yourself the right to write there, or set XDG_CONFIG_HOME"},
      {"Sessions", request.sessions_folder, base::default_sessions_dir(), "Recordings",
       "choose another folder with --sessions"},
      {"Log", base::log::default_file().parent_path(), home / ".local/state/mien", "The log",
       "give yourself the right to write there, or set XDG_STATE_HOME"},
      {"Your models", models::user_models_dir(), home / ".local/share/mien/models",
       "Models that you add", "give yourself the right to write there, or set XDG_DATA_HOME"},
  };
  SystemSection section{"Folders", {}};
  for (const auto& each : folders) {
    if (stop()) break;
    section.rows.push_back(folder_row(each, request, stop));
  }
  section.rows.push_back(program_files_row(request));
  return section;
}

}  // namespace mien::analysis
