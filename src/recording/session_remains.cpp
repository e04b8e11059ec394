#include "session_remains.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <string_view>

#include "mien/base/files.hpp"
#include "mien/recording/exports.hpp"
#include "mien/recording/session_files.hpp"
#include "mien/recording/session_store.hpp"

#include "csv_reader.hpp"
#include "faces_columns.hpp"
#include "json_words.hpp"
#include "session_lock.hpp"

namespace mien {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDamaged = ".damaged";
/// The header of a model with a thousand labels.
constexpr std::size_t kMostHeader = 1 << 16;

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

std::string first_line(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string text(kMostHeader, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(std::max<std::streamsize>(0, in.gcount())));
  const auto end = text.find('\n');
  return end == std::string::npos ? std::string() : text.substr(0, end + 1);
}

}  // namespace

DocumentLook look_at_document(const fs::path& folder) {
  using State = DocumentLook::State;
  const auto file = folder / session_file::kDocument;
  std::error_code code;
  if (!fs::exists(fs::symlink_status(file, code))) return {};
  DocumentLook look;
  look.state = State::foreign;
  if (!fs::is_regular_file(file, code)) return look;
  try {
    look.text = read_text_file(file);
    look.document = nlohmann::json::parse(look.text, nullptr, false);
  } catch (const std::exception&) {
    look.state = State::damaged;
    return look;
  }
  if (look.document.is_discarded()) {
    look.state = State::damaged;
    look.document = nullptr;
    return look;
  }
  look.text.clear();
  if (text_in(look.document, "schema") == "mien-session") {
    look.state = State::good;
  } else {
    look.document = nullptr;
  }
  return look;
}

std::optional<std::vector<std::string>> labels_on_disk(const fs::path& folder) {
  try {
    const auto line = first_line(folder / session_file::kFaces);
    std::vector<std::string_view> cells;
    CsvReader header(line);
    if (!header.next(cells)) return std::nullopt;
    return labels_between(cells);
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

bool is_session_file(std::string_view name) {
  // "video.mkv", "video.mkv.partial", "session.json.1234.partial", "video.damaged.mkv"
  const auto is = [&](std::string_view file) {
    return name == file ||
           (name.starts_with(file) && name[file.size()] == '.' &&
            name.ends_with(session_file::kPartial)) ||
           is_numbered(name, file, kDamaged);
  };
  if (std::any_of(kNames.begin(), kNames.end(), is)) return true;
  const auto formats = export_formats();
  return std::any_of(formats.begin(), formats.end(), [&](const ExportFormat& format) {
    return is(format.file_name) || is_numbered(name, format.file_name, "");  // "pyfeat_2.csv"
  });
}

fs::path damaged_name(const fs::path& file) {
  const auto name = [&](const std::string& number) {
    return file.parent_path() /
           (file.stem().string() + std::string(kDamaged) + number + file.extension().string());
  };
  auto result = name("");
  for (int n = 2; fs::exists(fs::symlink_status(result)); ++n) {
    result = name('_' + std::to_string(n));
  }
  return result;
}

bool is_barely_begun(const fs::path& folder) {
  try {
    if (session_is_alive(folder)) return false;
    bool ours = false;
    for (const auto& file : fs::directory_iterator(folder)) {
      const auto name = file.path().filename().string();
      const bool table = name == session_file::kFaces || name == session_file::kEvents;
      // What is kept free for the end, and a document that was not finished.
      const bool half =
          name.starts_with(session_file::kDocument) && name.ends_with(session_file::kPartial);
      if (!(table || half) || !fs::is_regular_file(file.symlink_status())) return false;
      if (table && file.file_size() > 0) {
        if (first_line(file.path()).size() != file.file_size()) return false;
        if (name == session_file::kFaces && !labels_on_disk(folder)) return false;
      }
      ours = true;
    }
    return ours;
  } catch (const std::exception&) {
    return false;
  }
}

}  // namespace mien
