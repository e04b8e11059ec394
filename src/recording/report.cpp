#include "mien/recording/report.hpp"

#include "mien/base/error.hpp"
#include "mien/base/files.hpp"
#include "mien/recording/session_files.hpp"

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

}  // namespace mien
