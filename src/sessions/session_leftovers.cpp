#include "session_leftovers.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "mien/base/error.hpp"
#include "mien/base/files.hpp"
#include "mien/base/json_fields.hpp"
#include "mien/sessions/csv_reader.hpp"
#include "mien/sessions/faces_table.hpp"
#include "mien/sessions/session_files.hpp"
#include "mien/sessions/session_lock.hpp"
#include "mien/sessions/session_store.hpp"

namespace mien::sessions {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDamaged = ".damaged";
constexpr std::array kNames = {session_file::kVideo, session_file::kFaces,
                               session_file::kEvents, session_file::kReport,
                               session_file::kDocument};

/// "", "_2", "_17"
bool is_number_behind(std::string_view text) {
  if (text.empty()) return true;
  return text.size() > 1 && text.front() == '_' &&
         text.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

/// Whether `name` is `file` with `middle` and perhaps a number before its ending.
bool is_numbered(std::string_view name, const fs::path& file, std::string_view middle) {
  const auto start = file.stem().string().append(middle);
  const auto ending = file.extension().string();
  return name.size() >= start.size() + ending.size() && name.starts_with(start) &&
         name.ends_with(ending) &&
         is_number_behind(
             name.substr(start.size(), name.size() - start.size() - ending.size()));
}

}  // namespace

DocumentStatus inspect_document(const fs::path& folder) {
  using State = DocumentStatus::State;
  const auto file = folder / session_file::kDocument;
  std::error_code code;
  if (!fs::exists(fs::symlink_status(file, code))) return {};
  DocumentStatus look;
  look.state = State::foreign;
  if (!fs::is_regular_file(file, code)) {
    look.problem = "it is not a regular file";
    return look;
  }
  if (fs::file_size(file, code) > kMaxDocumentBytes && !code) {
    look.problem = "it is larger than any that mien writes";
    return look;
  }
  try {
    look.text = base::read_text_file(file, kMaxDocumentBytes);
  } catch (const std::exception& error) {
    look.state = State::damaged;
    look.problem = base::short_reason(error);
    return look;
  }
  try {
    look.document = base::parse_bounded_json(look.text);
  } catch (const base::Error& error) {
    look.text.clear();
    look.problem = error.what();
    return look;
  } catch (const std::exception&) {
    look.state = State::damaged;
    look.problem = "it is not JSON";
    return look;
  }
  look.text.clear();
  if (base::text_in(look.document, "schema") == "mien-session") {
    look.state = State::good;
  } else {
    look.document = nullptr;
    look.problem = "it does not say that it is one";
  }
  return look;
}

std::optional<FacesLayout> layout_on_disk(const fs::path& folder) {
  try {
    CsvFile table(folder / session_file::kFaces);
    std::vector<std::string_view> cells;
    if (!table.next(cells) || !table.complete()) return std::nullopt;
    return layout_of(cells);
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

std::optional<std::vector<std::string>> labels_on_disk(const fs::path& folder) {
  auto layout = layout_on_disk(folder);
  return layout ? std::optional(std::move(layout->labels)) : std::nullopt;
}

bool is_session_file(std::string_view name, const std::vector<std::string>& exports) {
  // "video.mkv", "video.mkv.partial", "session.json.1234.partial", "video.damaged.mkv"
  const auto is = [&](std::string_view file) {
    return name == file ||
           (name.starts_with(file) && name[file.size()] == '.' &&
            name.ends_with(session_file::kPartial)) ||
           is_numbered(name, file, kDamaged);
  };
  if (std::any_of(kNames.begin(), kNames.end(), is)) return true;
  return std::any_of(exports.begin(), exports.end(), [&](const std::string& file) {
    return is(file) || is_numbered(name, file, "");  // "pyfeat_2.csv"
  });
}

fs::path damaged_name(const fs::path& file) {
  return base::free_name(file.parent_path() / (file.stem().string() + std::string(kDamaged) +
                                               file.extension().string()));
}

bool is_barely_begun(const fs::path& folder) {
  try {
    if (is_being_recorded(folder)) return false;
    bool ours = false;
    for (const auto& file : fs::directory_iterator(folder)) {
      const auto name = file.path().filename().string();
      const bool table = name == session_file::kFaces || name == session_file::kEvents;
      // What is kept free for the end, and a document that was not finished.
      const bool half =
          name.starts_with(session_file::kDocument) && name.ends_with(session_file::kPartial);
      if (!(table || half) || !fs::is_regular_file(file.symlink_status())) return false;
      if (table && file.file_size() > 0) {
        CsvFile rows(file.path());
        std::vector<std::string_view> cells;
        if (!rows.next(cells) || !rows.complete() || !rows.at_end()) return false;
        if (name == session_file::kFaces && !labels_on_disk(folder)) return false;
      }
      ours = true;
    }
    return ours;
  } catch (const std::exception&) {
    return false;
  }
}

}  // namespace mien::sessions
