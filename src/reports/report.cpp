#include "mien/reports/report.hpp"

#include <exception>

#include "mien/base/error.hpp"
#include "mien/base/files.hpp"
#include "mien/sessions/session_files.hpp"

#include "report_data.hpp"
#include "report_page.hpp"
#include "thumbnails.hpp"

namespace mien {

std::filesystem::path write_report(const RecordedSession& session) {
  return translate_errors(
      "The report of the session " + session.folder.string() + " cannot be made", [&] {
        const ReportData data(session);
        auto file = session.folder / session_file::kReport;
        write_file_atomically(file, report_page(data, peak_thumbnails(data)));
        return file;
      });
}

bool make_report(const std::filesystem::path& folder) noexcept {
  try {
    write_report(read_session(folder));
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

}  // namespace mien
