// Sessions as a stranger could send them. Every reader (list, replay, report, exports, check,
// recovery) goes through the functions here.

#include <future>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mien/base/error.hpp"
#include "mien/reports/exports.hpp"
#include "mien/reports/report.hpp"
#include "mien/sessions/session_check.hpp"
#include "mien/sessions/session_store.hpp"
#include "mien/sessions/session_video.hpp"

#include "support/recorded_fixture.hpp"
#include "support/session_fixture.hpp"

namespace mien::sessions {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::ThrowsMessage;
namespace fs = std::filesystem;

class HostileSession : public testing::SessionTest {
 protected:
  fs::path made(const std::vector<SessionRow>& rows = testing::some_rows()) const {
    return testing::make_session(root_ / "session", testing::eight_labels(), rows);
  }
  fs::path with_row(const std::string& row) const {
    const auto folder = made();
    testing::put(folder / "faces.csv", testing::contents(folder / "faces.csv") + row + "\r\n");
    return folder;
  }
  static std::string row(const std::string& frame, const std::string& person,
                         const std::string& time, const std::string& box) {
    return frame + ',' + person + ',' + time + ",0.9,1," + box +
           ",0.9,0.1,0,0,0,0,0,0,neutral,0.9,,0.1";
  }
  /// Nothing that reads a session may throw anything but Error, or wait.
  static void expect_refused(const fs::path& folder, const std::string& words) {
    EXPECT_THAT([&] { read_session(folder); }, ThrowsMessage<base::Error>(HasSubstr(words)));
    try {
      (void)check_session(folder);
    } catch (const base::Error&) {
    }
    (void)list_sessions(folder.parent_path());
  }
};

TEST_F(HostileSession, TimesThatNoSessionHasAreRefused) {
  for (const char* time : {"1e9", "1.7976931348623157e308", "8640001", "-1", "-1e300"}) {
    expect_refused(with_row(row("6", "1", time, "1,2,3,4")), "timestamp");
  }
}

TEST_F(HostileSession, NumbersThatNobodyWritesAreRefused) {
  expect_refused(with_row(row("1e3", "1", "0.5", "1,2,3,4")), "frame");
  expect_refused(with_row(row("18446744073709551615", "1", "0.5", "1,2,3,4")), "frame");
  expect_refused(with_row(row("6", "-5", "0.5", "1,2,3,4")), "face_id");
  expect_refused(with_row(row("6", "99999999999", "0.5", "1,2,3,4")), "face_id");
  expect_refused(with_row(row("6", "1", "0.5", "1,2,1e30,4")), "box");
  expect_refused(with_row(row("6", "1", "0.5", "-2e6,2,3,4")), "box");
}

TEST_F(HostileSession, EventsAreBoundedAsRowsAre) {
  const auto folder = made();
  for (const char* event :
       {"1,1e9,marker,0,0,x", "1,0.1,gap,0,9223372036854775807,", "1,0.1,gap,0,-5,",
        "99999999999999999,0.1,marker,0,0,x", "1,0.1,arrival,-1,0,"}) {
    testing::put(folder / "events.csv",
                 "frame,timestamp,event,face_id,value,text\r\n" + std::string(event) + "\r\n");
    expect_refused(folder, "events.csv");
  }
}

TEST_F(HostileSession, AHugeBoxTakesNoMoreMemoryThanThePicture) {
  recording::SessionWriter writer(options());
  for (int i = 0; i < 5; ++i) {
    writer.write(
        testing::analysed(testing::picture({320, 240}, i), i * 33ms,
                          {testing::reading(1, {100, 80, 60, 60}, {0.1F, 0.8F, 0.1F})}));
  }
  const auto folder = writer.close("stopped").folder;
  auto table = testing::contents(folder / "faces.csv");
  const std::string box = "100.0,80.0,60.0,60.0";
  for (auto at = table.find(box); at != std::string::npos; at = table.find(box)) {
    table.replace(at, box.size(), "-30000,-30000,60000,60000");
  }
  testing::put(folder / "faces.csv", table);
  const auto most_memory = [] {
    struct rusage usage {};
    ::getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;  // kilobytes
  };
  const auto before = most_memory();
  reports::write_report(read_session(folder));
  EXPECT_LT(most_memory() - before, 300'000);
  EXPECT_TRUE(testing::contents(folder / "report.html").find("data:image") !=
              std::string::npos);
}

TEST_F(HostileSession, ADocumentThatNestsDeepOrIsHugeIsNoSession) {
  const auto folder = made();
  const auto document_of = [](const std::string& value) {
    return R"({"schema":"mien-session","schema_version":1,"state":"recording","x":)" + value +
           "}";
  };
  std::string wide = "{";
  for (int i = 0; i < 20'000; ++i) wide += (i > 0 ? ",\"" : "\"") + std::to_string(i) + "\":0";
  std::string many = "[0";
  for (int i = 0; i < 600'000; ++i) many += ",0";
  for (const auto& text :
       {document_of(std::string(100'000, '[') + std::string(100'000, ']')),
        document_of(std::string(100'000, '[')), document_of(wide + '}'),
        document_of(many + ']'), document_of('"' + std::string(17'000'000, 'x') + '"')}) {
    testing::put(folder / "session.json", text);
    const auto table = testing::contents(folder / "faces.csv");
    expect_refused(folder, "session.json");
    EXPECT_THROW(recover_session(folder), base::Error);
    EXPECT_EQ(testing::contents(folder / "faces.csv"), table) << "left as it was";
  }
}

TEST_F(HostileSession, MembersOfOtherKindsAreNotTrusted) {
  const auto folder = made();
  auto document = testing::made_document(testing::eight_labels(), testing::some_rows());
  for (const char* key :
       {"source",    "counts",          "model",          "settings", "names",   "video",
        "files",     "model_changes",   "outputs",        "state",    "ended",   "labels",
        "seconds",   "privacy",         "started",        "problem",  "program", "detector",
        "landmarks", "landmarks_model", "movements_model"}) {
    for (const nlohmann::json& value : std::vector<nlohmann::json>{
             nullptr, 1e300, -5, "text", {1, "x"}, {{"a", {{"b", 1}}}}}) {
      auto odd = document;
      odd[key] = value;
      testing::put(folder / "session.json", odd.dump());
      try {
        const auto session = read_session(folder);
        reports::write_report(session);
        for (const auto& format : reports::export_formats()) {
          fs::remove(reports::export_session(session, format));
        }
      } catch (const base::Error&) {
      }
      EXPECT_NO_THROW(check_session(folder)) << key << ' ' << value;
      EXPECT_LE(list_sessions(root_).size(), 1U);
      odd["state"] = "recording";
      testing::put(folder / "session.json", odd.dump());
      try {
        recover_session(folder);
      } catch (const base::Error&) {
      }
      testing::put(folder / "faces.csv",
                   testing::faces_csv(testing::eight_labels(), testing::some_rows()));
    }
  }
}

TEST_F(HostileSession, FifosAndDevicesAreNotRead) {
  for (const char* name : {"faces.csv", "events.csv", "session.json", "video.mkv"}) {
    const auto folder = made();
    testing::put(folder / "events.csv", "frame,timestamp,event,face_id,value,text\r\n");
    fs::remove(folder / name);
    ASSERT_EQ(::mkfifo((folder / name).c_str(), 0600), 0);
    auto all = std::async(std::launch::async, [&] {
      for (const auto& read : std::vector<std::function<void()>>{
               [&] { reports::write_report(read_session(folder)); },
               [&] { check_session(folder); }, [&] { recover_session(folder); },
               [&] { list_sessions(root_); }, [&] { VideoReader video(folder / "video.mkv"); },
               [&] { is_barely_begun(folder); },
               [&] { delete_session(folder, reports::export_file_names()); }}) {
        try {
          read();
        } catch (const base::Error&) {
        }
      }
    });
    // Opened for writing, a FIFO that somebody waits to read lets them go on; then it fails.
    if (all.wait_for(60s) != std::future_status::ready) {
      ADD_FAILURE() << name << " is waited for";
      (void)::open((folder / name).c_str(), O_RDWR | O_NONBLOCK);
    }
    all.get();
    fs::remove_all(folder);
    for (const char* device : {"/dev/zero", "/dev/full", "/dev/urandom"}) {
      const auto linked = made();
      testing::put(linked / "events.csv", "frame,timestamp,event,face_id,value,text\r\n");
      fs::remove(linked / name);
      fs::create_symlink(device, linked / name);
      try {
        reports::write_report(read_session(linked));
      } catch (const base::Error&) {
      }
      (void)list_sessions(root_);
      fs::remove_all(linked);
    }
  }
}

TEST_F(HostileSession, RecoveryDoesNotWriteThroughLinks) {
  const auto precious = root_ / "precious.csv";
  const auto folder = made();
  fs::rename(folder / "faces.csv", precious);
  testing::put(precious, testing::contents(precious) + "9,");
  const auto before = testing::contents(precious);
  fs::create_symlink(precious, folder / "faces.csv");
  auto document = testing::made_document(testing::eight_labels(), testing::some_rows());
  document["state"] = "recording";
  testing::put(folder / "session.json", document.dump());
  EXPECT_THROW(recover_session(folder), base::Error);
  EXPECT_EQ(testing::contents(precious), before);
}

TEST_F(HostileSession, ATableOfOneEndlessLineIsRefusedSoon) {
  const auto folder = made();
  testing::put(folder / "faces.csv", "");
  fs::resize_file(folder / "faces.csv", std::uintmax_t{8} << 30);  // zeros that take no room
  expect_refused(folder, "faces.csv");
  EXPECT_THROW(recover_session(folder), base::Error);
  const auto table = testing::faces_csv(testing::eight_labels(), testing::some_rows());
  testing::put(folder / "faces.csv", table);
  fs::resize_file(folder / "faces.csv", std::uintmax_t{8} << 30);
  expect_refused(folder, "longer than any");
}

TEST_F(HostileSession, AVideoThatIsAPlaylistOpensNothing) {
  const auto folder = made();
  testing::put(root_ / "secret.mkv", "x");
  testing::put(folder / "video.mkv", "ffconcat version 1.0\nfile '" +
                                         (root_ / "secret.mkv").string() +
                                         "'\nfile 'http://127.0.0.1:9/x'\n");
  EXPECT_THROW(VideoReader(folder / "video.mkv"), base::Error);
  testing::put(folder / "video.mkv", "#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/x.ts\n");
  EXPECT_THROW(VideoReader(folder / "video.mkv"), base::Error);
}

TEST_F(HostileSession, ManyPeopleLabelsAndMarkersMakeAReportThatEnds) {
  std::vector<SessionRow> rows;
  const std::vector<float> some(8, 0.125F);
  for (int i = 0; i < 20'000; ++i) {
    rows.push_back(
        testing::made_row(static_cast<std::uint64_t>(i + 1), i + 1, 0.01 * i, some, "fear"));
  }
  const auto folder = made(rows);
  std::string events = "frame,timestamp,event,face_id,value,text\r\n";
  for (int i = 0; i < 50'000; ++i) events += "1,0.000,marker,0,0,\"<b>\"\r\n";
  testing::put(folder / "events.csv", events);
  reports::write_report(read_session(folder));
  const auto report = testing::contents(folder / "report.html");
  EXPECT_LT(report.size(), 20'000'000U);
  EXPECT_THAT(report, Not(HasSubstr("<b><b>")));
  // And a header of more labels than any model has is none of mien's.
  std::string header = "frame,face_id,timestamp,confidence,success,x,y,w,h";
  for (int i = 0; i < 70'000; ++i) header += ",l" + std::to_string(i);
  testing::put(folder / "faces.csv", header + ",verdict,certainty,reason,valence\r\n");
  expect_refused(folder, "faces.csv");
}

}  // namespace
}  // namespace mien::sessions
