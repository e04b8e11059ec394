#include "mien/reports/report.hpp"

#include <exception>

#include "mien/base/error.hpp"
#include "mien/base/files.hpp"
#include "mien/sessions/session_files.hpp"

#include "report_data.hpp"
#include "report_page.hpp"
#include "thumbnails.hpp"

namespace mien::reports {

std::filesystem::path write_report(const sessions::RecordedSession& session) {
  return base::translate_errors(
      "The report of the session " + session.folder.string() + " cannot be made", [&] {
        const ReportData data(session);
        auto file = session.folder / sessions::session_file::kReport;
        base::write_file_atomically(file, report_page(data, peak_thumbnails(data)));
        return file;
      });
}

bool make_report(const std::filesystem::path& folder) noexcept {
  try {
    write_report(sessions::read_session(folder));
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

}  // namespace mien::reports
