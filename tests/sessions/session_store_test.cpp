#include "mien/sessions/session_store.hpp"

#include <gmock/gmock.h>

#include "mien/base/error.hpp"
#include "mien/reports/exports.hpp"
#include "mien/reports/report.hpp"

#include "support/recorded_fixture.hpp"
#include "support/session_fixture.hpp"

namespace mien::sessions {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using State = SessionEntry::State;
namespace fs = std::filesystem;

class SessionStoreTest : public testing::SessionTest {
 protected:
  nlohmann::json started(const std::string& when) {
    auto document = testing::made_document(testing::eight_labels(), testing::some_rows());
    document["started"] = when;
    return document;
  }
  fs::path make(const std::string& name, const nlohmann::json& document = nullptr) {
    return testing::make_session(root_ / name, testing::eight_labels(), testing::some_rows(),
                                 document);
  }
};

TEST_F(SessionStoreTest, ListsNewestFirst) {
  make("a", started("2026-11-22T07:15:00+01:00"));
  make("b", started("2026-11-22T07:00:00+00:00"));  // later, though it reads earlier
  make("c", started("2025-01-01T00:00:00-05:00"));
  const auto sessions = list_sessions(root_);
  ASSERT_EQ(sessions.size(), 3U);
  EXPECT_EQ(sessions[0].folder, root_ / "b");
  EXPECT_EQ(sessions[1].folder, root_ / "a");
  EXPECT_EQ(sessions[2].folder, root_ / "c");
  const auto& entry = sessions[1];
  EXPECT_EQ(entry.started, std::chrono::system_clock::from_time_t(1795328100));
  EXPECT_EQ(entry.seconds, 0.4);
  EXPECT_EQ(entry.people, 2);
  EXPECT_EQ(entry.frames, 5U);
  EXPECT_EQ(entry.source, "clip.mp4");
  EXPECT_FALSE(entry.video);
  EXPECT_EQ(entry.state, State::finished);
  EXPECT_EQ(entry.bytes, fs::file_size(root_ / "a" / "faces.csv") +
                             fs::file_size(root_ / "a" / "session.json"));
}

TEST_F(SessionStoreTest, WhatIsNoSessionIsLeftOut) {
  make("a");
  fs::create_directories(root_ / "empty");
  testing::put(root_ / "file", "x");
  fs::create_directories(root_ / "other");
  testing::put(root_ / "other" / "session.json", "{\"schema\": \"something\"}");
  EXPECT_EQ(list_sessions(root_).size(), 1U);
  EXPECT_TRUE(list_sessions(root_ / "missing").empty());
  EXPECT_TRUE(list_sessions(root_ / "file").empty());
}

TEST_F(SessionStoreTest, KnowsBrokenAndLivingOnes) {
  auto document = started("2026-11-22T07:15:00+01:00");
  document["state"] = "recording";
  make("killed", document);
  make("damaged");
  testing::put(root_ / "damaged" / "session.json", "{\"schema\": \"mie");
  auto settings = options("living");
  settings.min_free_bytes = 0;
  recording::SessionWriter writer(settings);
  writer.write(testing::analysed(testing::picture({64, 48}, 0), 0ms));
  std::map<std::string, State> states;
  for (const auto& entry : list_sessions(root_)) {
    states[entry.folder.filename().string()] = entry.state;
  }
  EXPECT_EQ(states.at("killed"), State::broken);
  EXPECT_EQ(states.at("damaged"), State::broken);
  EXPECT_EQ(states.at("living"), State::recording);
  EXPECT_THROW(delete_session(settings.folder, reports::export_file_names()), base::Error);
  EXPECT_TRUE(fs::exists(settings.folder / "faces.csv"));
  writer.close("stopped");
  EXPECT_EQ(list_sessions(root_).size(), 3U);
  delete_session(settings.folder, reports::export_file_names());
  EXPECT_FALSE(fs::exists(settings.folder));
}

TEST_F(SessionStoreTest, DeletesAllThatMienWrites) {
  const auto folder = make("a");
  const auto session = read_session(folder);
  reports::write_report(session);
  for (const auto& format : reports::export_formats()) {
    reports::export_session(session, format);
    reports::export_session(session, format);
  }
  testing::put(folder / "video.mkv.partial", "x");
  testing::put(folder / "session.json.123.partial", "x");
  testing::put(folder / "events.csv", "x");
  delete_session(folder, reports::export_file_names());
  EXPECT_FALSE(fs::exists(folder));
  EXPECT_THROW(delete_session(folder, reports::export_file_names()), base::Error);
}

TEST_F(SessionStoreTest, WhatOthersPutThereStays) {
  const auto folder = make("a");
  testing::put(folder / "notes.txt", "mine");
  testing::put(folder / "pyfeat_final.csv", "mine, too");
  fs::create_directories(folder / "faces.csv.d");
  testing::put(root_ / "precious", "x");
  fs::create_symlink(root_ / "precious", folder / "video.mkv");
  delete_session(folder, reports::export_file_names());
  EXPECT_EQ(testing::contents(folder / "notes.txt"), "mine");
  EXPECT_TRUE(fs::exists(folder / "pyfeat_final.csv"));
  EXPECT_TRUE(fs::exists(folder / "faces.csv.d"));
  EXPECT_FALSE(fs::exists(folder / "faces.csv"));
  EXPECT_FALSE(fs::exists(folder / "session.json"));
  EXPECT_FALSE(fs::exists(fs::symlink_status(folder / "video.mkv")));
  EXPECT_TRUE(fs::exists(root_ / "precious")) << "a link goes, not what it points at";
}

TEST_F(SessionStoreTest, OtherFoldersAreRefused) {
  testing::put(root_ / "faces.csv", "x");
  try {
    delete_session(root_, reports::export_file_names());
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("is not a session"));
  }
  testing::put(root_ / "session.json", "{\"schema\": \"something\"}");
  EXPECT_THROW(delete_session(root_, reports::export_file_names()), base::Error);
  EXPECT_TRUE(fs::exists(root_ / "faces.csv"));
}

}  // namespace
}  // namespace mien::sessions
