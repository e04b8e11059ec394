#include "mien/reports/exports.hpp"

#include <sstream>

#include "mien/base/error.hpp"
#include "mien/base/files.hpp"
#include "mien/sessions/text_file.hpp"

namespace mien {
namespace fs = std::filesystem;

std::vector<std::string> export_file_names() {
  std::vector<std::string> names;
  for (const auto& format : export_formats()) names.emplace_back(format.file_name);
  return names;
}

const ExportFormat& export_format(std::string_view id) {
  std::string known;
  for (const auto& format : export_formats()) {
    if (format.id == id) return format;
    known += std::string(known.empty() ? "" : ", ") + format.id;
  }
  throw Error("The export format " + std::string(id) + " is not known; choose one of " + known +
              ".");
}

fs::path export_session(const RecordedSession& session, const ExportFormat& format,
                        fs::path file) {
  return translate_errors(
      "The session " + session.folder.string() + " cannot be exported", [&] {
        if (file.empty()) file = session.folder / format.file_name;
        file = free_name(file);
        std::ostringstream text;
        text.imbue(std::locale::classic());  // no thousands separators in frame numbers
        format.write(session, text);
        // Its owner's alone, as the rest of the session; made anew, never written over.
        TextFile out(file);
        try {
          out.append(text.view());
          out.close();
        } catch (...) {
          std::error_code code;
          fs::remove(file, code);  // half an export is none
          throw;
        }
        return file;
      });
}

}  // namespace mien
