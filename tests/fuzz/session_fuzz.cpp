// session.json beside sound tables, as the list of sessions, the report and recovery read it.

#include "mien/reports/report.hpp"
#include "mien/sessions/recorded_session.hpp"
#include "mien/sessions/session_check.hpp"
#include "mien/sessions/session_store.hpp"

#include "fuzz.hpp"

namespace mien::fuzz {

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::filesystem::create_directories(fuzz::folder() / "session");
  const auto folder = fuzz::folder() / "session";
  fuzz::write("session/faces.csv",
              "frame,face_id,timestamp,confidence,success,x,y,w,h,calm,sad,verdict,certainty,"
              "reason,valence\r\n1,1,0.000,0.9,1,1,2,3,4,0.9,0.1,calm,0.9,,0.1\r\n"
              "2,1,0.040,0.9,1,1,2,3,4,0.9,0.1,calm,0.9,,0.1\r\n");
  fuzz::write("session/session.json", fuzz::text_of(data, size));
  sessions::list_sessions(fuzz::folder());
  fuzz::expect_error_at_most([&] { reports::write_report(sessions::read_session(folder)); });
  fuzz::expect_error_at_most([&] { sessions::check_session(folder); });
  fuzz::expect_error_at_most([&] { sessions::recover_session(folder); });
  std::filesystem::remove_all(folder);
  return 0;
}

}  // namespace mien::fuzz
