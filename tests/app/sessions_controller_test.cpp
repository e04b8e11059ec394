#include "sessions_controller.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "mien/base/files.hpp"
#include "mien/recording/session_writer.hpp"

#include "support/fakes.hpp"
#include "support/temporary_folder.hpp"

namespace mien::app {
namespace {

using ::testing::HasSubstr;

class SessionsControllerTest : public ::testing::Test {
 protected:
  std::filesystem::path record(const std::string& name) {
    recording::SessionOptions options;
    options.folder = folder_.path() / name;
    options.model = testing::FakeModel().card();
    options.detector_id = "fake";
    options.privacy = sessions::Privacy::data_only;
    options.min_free_bytes = 0;
    recording::SessionWriter writer(options);
    base::AnalyzedFrame analysis;
    auto frame = std::make_shared<base::Frame>();
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
    auto document = nlohmann::json::parse(base::read_text_file(folder / "session.json"));
    document["state"] = "recording";
    base::write_file_atomically(folder / "session.json", document.dump());
    return folder;
  }
  std::vector<sessions::SessionEntry> list() {
    EXPECT_TRUE(testing::eventually([&] { return sessions_.poll(); }));
    return view_.sessions;
  }
  base::Notice notice() {
    EXPECT_TRUE(testing::eventually([&] {
      sessions_.poll();
      return !view_.notices.empty();
    }));
    return view_.notices.empty() ? base::Notice{} : view_.notices[0];
  }
  base::WindowOptions options() const { return {.sessions = folder_.path().string()}; }

  testing::TemporaryFolder folder_;
  testing::TemporaryFolder settings_;
  base::BackgroundQueue disk_;
  Choices choices_{settings_ / "settings.json", options(), disk_};
  ui::ViewModel view_;
  SessionsController sessions_{choices_, view_, [] {}, true};
};

TEST_F(SessionsControllerTest, ListsAndDeletesAndListsAgain) {
  record("2026-11-22_07-15-00");
  const auto second = record("2026-11-22_08-15-00");
  EXPECT_FALSE(view_.sessions_known);
  sessions_.handle(ui::action::ListSessions{});
  EXPECT_EQ(list().size(), 2U);
  EXPECT_TRUE(view_.sessions_known);
  EXPECT_FALSE(view_.broken_session);
  sessions_.handle(ui::action::DeleteSession{second});
  EXPECT_TRUE(testing::eventually([&] {
    sessions_.poll();
    return view_.sessions.size() == 1U;
  }));
  EXPECT_THAT(notice().text, HasSubstr("Deleted"));
  EXPECT_FALSE(std::filesystem::exists(second));
}

TEST_F(SessionsControllerTest, ExportsAndSaysWhere) {
  const auto session = record("2026-11-22_07-15-00");
  sessions_.handle(ui::action::ExportSession{session, "jsonl"});
  const auto said = notice();
  EXPECT_EQ(said.level, base::Notice::Level::info) << said.text;
  EXPECT_THAT(said.text, HasSubstr(session.string()));
}

TEST_F(SessionsControllerTest, WhatCannotBeDoneIsAnErrorAndNothingElseHappens) {
  sessions_.handle(ui::action::ExportSession{folder_.path() / "none", "jsonl"});
  EXPECT_EQ(notice().level, base::Notice::Level::error);
  view_.notices.clear();
  std::filesystem::create_directories(folder_.path() / "holiday");
  std::ofstream(folder_.path() / "holiday" / "picture.txt") << "mine";
  sessions_.handle(ui::action::DeleteSession{folder_.path() / "holiday"});
  EXPECT_EQ(notice().level, base::Notice::Level::error);
  EXPECT_TRUE(std::filesystem::exists(folder_.path() / "holiday" / "picture.txt"));
}

TEST_F(SessionsControllerTest, AsksOnceAboutEachSessionThatACrashLeftOpen) {
  using Answer = ui::action::AnswerRecovery::Answer;
  const auto first = crashed("2026-11-22_07-15-00");
  const auto second = crashed("2026-11-22_08-15-00");
  record("2026-11-22_09-15-00");
  sessions_.list();
  EXPECT_EQ(list().size(), 3U);
  ASSERT_TRUE(view_.broken_session);
  const auto asked = view_.broken_session->folder;
  const auto other = asked == first ? second : first;
  sessions_.handle(ui::action::AnswerRecovery{asked, Answer::never});
  ASSERT_TRUE(view_.broken_session);
  EXPECT_EQ(view_.broken_session->folder, other);
  EXPECT_THAT(choices_.settings().recovery_declined, ::testing::ElementsAre(asked.string()));
  sessions_.handle(ui::action::AnswerRecovery{other, Answer::recover});
  EXPECT_FALSE(view_.broken_session);
  EXPECT_TRUE(testing::eventually([&] {
    sessions_.poll();
    return !sessions_.busy() && view_.notices.size() == 2;
  })) << "that it begins, and what came of it";
  // Another list asks nothing more.
  sessions_.list();
  list();
  EXPECT_FALSE(view_.broken_session);

  ui::ViewModel later;
  SessionsController next(
      choices_, later, [] {}, true);
  next.list();
  ASSERT_TRUE(testing::eventually([&] { return next.poll(); }));
  EXPECT_FALSE(later.broken_session) << "one is recovered, one was declined";
}

TEST_F(SessionsControllerTest, LaterIsAskedAgainTheNextTime) {
  const auto folder = crashed("2026-11-22_07-15-00");
  sessions_.list();
  list();
  ASSERT_TRUE(view_.broken_session);
  sessions_.handle(
      ui::action::AnswerRecovery{folder, ui::action::AnswerRecovery::Answer::later});
  EXPECT_FALSE(view_.broken_session);
  EXPECT_TRUE(choices_.settings().recovery_declined.empty());
  ui::ViewModel script;
  SessionsController silent(
      choices_, script, [] {}, false);
  silent.list();
  ASSERT_TRUE(testing::eventually([&] { return silent.poll(); }));
  EXPECT_FALSE(script.broken_session) << "nobody is there to answer";
}

}  // namespace
}  // namespace mien::app
