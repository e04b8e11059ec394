#include "mien/reports/exports.hpp"

#include <sstream>

#include "mien/base/error.hpp"
#include "mien/base/files.hpp"
#include "mien/sessions/text_file.hpp"

#include "export_support.hpp"

namespace mien::reports {
namespace {

namespace fs = std::filesystem;

// A new format: a line here. In the order of the menu.
constexpr ExportFormat kFormats[] = {
    {"openface", "OpenFace table", "OpenFace's first columns, numbers only (CSV)",
     "openface.csv", write_openface},
    {"pyfeat", "Py-Feat v2 table", "a Fex table for Py-Feat and pandas (CSV)", "pyfeat.csv",
     write_pyfeat},
    {"facereader", "FaceReader-like log",
     "a detailed log for scripts made for FaceReader (tabs)", "facereader.txt",
     write_facereader},
    {"deepface", "DeepFace JSON", "what DeepFace.analyze returns, for each face",
     "deepface.json", write_deepface},
    {"elan", "ELAN intervals", "tier, begin, end, annotation, for ELAN's import (tabs)",
     "elan.txt", write_elan},
    {"jsonl", "JSON Lines", "an object a line, for any program", "faces.jsonl", write_jsonl},
    {"xdf", "XDF", "streams as LabRecorder records them, for pyxdf, MNE and EEGLAB",
     "faces.xdf", write_xdf},
};

}  // namespace

std::span<const ExportFormat> export_formats() { return kFormats; }

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
  throw base::Error("The export format " + std::string(id) + " is not known; choose one of " +
                    known + ".");
}

fs::path export_session(const sessions::RecordedSession& session, const ExportFormat& format,
                        fs::path file) {
  return base::translate_errors(
      "The session " + session.folder.string() + " cannot be exported", [&] {
        if (file.empty()) file = session.folder / format.file_name;
        file = base::free_name(file);
        std::ostringstream text;
        text.imbue(std::locale::classic());  // no thousands separators in frame numbers
        format.write(session, text);
        // Its owner's alone, as the rest of the session; made anew, never written over.
        sessions::TextFile out(file);
        try {
          out.append(text.view());
          out.close();
        } catch (...) {
          std::error_code code;
          fs::remove(file, code);  // no partial export stays
          throw;
        }
        return file;
      });
}

}  // namespace mien::reports
