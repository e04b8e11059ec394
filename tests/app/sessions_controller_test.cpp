#include "sessions_controller.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "mien/base/files.hpp"
#include "mien/recording/session_writer.hpp"

#include "support/fakes.hpp"
#include "support/temporary_folder.hpp"

namespace mien::testing {
namespace {

using ::testing::HasSubstr;

class SessionsControllerTest : public ::testing::Test {
 protected:
  std::filesystem::path record(const std::string& name) {
    SessionOptions options;
    options.folder = folder_.path() / name;
    options.model = FakeModel().card();
    options.detector_id = "fake";
    options.privacy = Privacy::data_only;
    options.min_free_bytes = 0;
    SessionWriter writer(options);
    AnalyzedFrame analysis;
    auto frame = std::make_shared<Frame>();
    frame->image = cv::Mat(48, 64, CV_8UC3, cv::Scalar::all(90));
    analysis.frame = frame;
    analysis.labels = std::make_shared<const std::vector<std::string>>(options.model.labels);
    analysis.model_id = options.model.id;
    analysis.detector_id = "fake";
    writer.write(analysis);
    EXPECT_EQ(writer.close("stopped", false).problem, "");
    return options.folder;
  }
  /// A session that a crash left open.
  std::filesystem::path crashed(const std::string& name) {
    auto folder = record(name);
    auto document = nlohmann::json::parse(read_text_file(folder / "session.json"));
    document["state"] = "recording";
    write_file_atomically(folder / "session.json", document.dump());
    return folder;
  }
  std::vector<SessionEntry> list() {
    EXPECT_TRUE(eventually([&] { return sessions_.poll(); }));
    return view_.sessions;
  }
  Notice notice() {
    EXPECT_TRUE(eventually([&] {
      sessions_.poll();
      return !view_.notices.empty();
    }));
    return view_.notices.empty() ? Notice{} : view_.notices[0];
  }
  WindowOptions options() const { return {.sessions = folder_.path().string()}; }

  TemporaryFolder folder_;
  TemporaryFolder settings_;
  BackgroundQueue disk_;
  Choices choices_{settings_ / "settings.json", options(), disk_};
  ViewModel view_;
  SessionsController sessions_{choices_, view_, [] {}, true};
};

TEST_F(SessionsControllerTest, ListsAndDeletesAndListsAgain) {
  record("2026-11-22_07-15-00");
  const auto second = record("2026-11-22_08-15-00");
  EXPECT_FALSE(view_.sessions_known);
  sessions_.handle(action::ListSessions{});
  EXPECT_EQ(list().size(), 2U);
  EXPECT_TRUE(view_.sessions_known);
  EXPECT_FALSE(view_.broken_session);
  sessions_.handle(action::DeleteSession{second});
  EXPECT_TRUE(eventually([&] {
    sessions_.poll();
    return view_.sessions.size() == 1U;
  }));
  EXPECT_THAT(notice().text, HasSubstr("Deleted"));
  EXPECT_FALSE(std::filesystem::exists(second));
}

TEST_F(SessionsControllerTest, ExportsAndSaysWhere) {
  const auto session = record("2026-11-22_07-15-00");
  sessions_.handle(action::ExportSession{session, "jsonl"});
  const auto said = notice();
  EXPECT_EQ(said.level, Notice::Level::info) << said.text;
  EXPECT_THAT(said.text, HasSubstr(session.string()));
}

TEST_F(SessionsControllerTest, WhatCannotBeDoneIsAnErrorAndNothingElseHappens) {
  sessions_.handle(action::ExportSession{folder_.path() / "none", "jsonl"});
  EXPECT_EQ(notice().level, Notice::Level::error);
  view_.notices.clear();
  std::filesystem::create_directories(folder_.path() / "holiday");
  std::ofstream(folder_.path() / "holiday" / "picture.txt") << "mine";
  sessions_.handle(action::DeleteSession{folder_.path() / "holiday"});
  EXPECT_EQ(notice().level, Notice::Level::error);
  EXPECT_TRUE(std::filesystem::exists(folder_.path() / "holiday" / "picture.txt"));
}

TEST_F(SessionsControllerTest, AsksOnceAboutEachSessionThatACrashLeftOpen) {
  using Answer = action::AnswerRecovery::Answer;
  const auto first = crashed("2026-11-22_07-15-00");
  const auto second = crashed("2026-11-22_08-15-00");
  record("2026-11-22_09-15-00");
  sessions_.list();
  EXPECT_EQ(list().size(), 3U);
  ASSERT_TRUE(view_.broken_session);
  const auto asked = view_.broken_session->folder;
  const auto other = asked == first ? second : first;
  sessions_.handle(action::AnswerRecovery{asked, Answer::never});
  ASSERT_TRUE(view_.broken_session);
  EXPECT_EQ(view_.broken_session->folder, other);
  EXPECT_THAT(choices_.settings().recovery_declined, ::testing::ElementsAre(asked.string()));
  sessions_.handle(action::AnswerRecovery{other, Answer::recover});
  EXPECT_FALSE(view_.broken_session);
  EXPECT_TRUE(eventually([&] {
    sessions_.poll();
    return !sessions_.busy() && view_.notices.size() == 2;
  })) << "that it begins, and what came of it";
  // Another list asks nothing more.
  sessions_.list();
  list();
  EXPECT_FALSE(view_.broken_session);

  ViewModel later;
  SessionsController next(
      choices_, later, [] {}, true);
  next.list();
  ASSERT_TRUE(eventually([&] { return next.poll(); }));
  EXPECT_FALSE(later.broken_session) << "one is recovered, one was declined";
}

TEST_F(SessionsControllerTest, LaterIsAskedAgainTheNextTime) {
  const auto folder = crashed("2026-11-22_07-15-00");
  sessions_.list();
  list();
  ASSERT_TRUE(view_.broken_session);
  sessions_.handle(action::AnswerRecovery{folder, action::AnswerRecovery::Answer::later});
  EXPECT_FALSE(view_.broken_session);
  EXPECT_TRUE(choices_.settings().recovery_declined.empty());
  ViewModel script;
  SessionsController silent(
      choices_, script, [] {}, false);
  silent.list();
  ASSERT_TRUE(eventually([&] { return silent.poll(); }));
  EXPECT_FALSE(script.broken_session) << "nobody is there to answer";
}

}  // namespace
}  // namespace mien::testing
