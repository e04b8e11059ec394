#include "sessions_desk.hpp"

#include <fstream>

#include <gmock/gmock.h>

#include "mien/recording/session_writer.hpp"

#include "support/fakes.hpp"
#include "support/temporary_folder.hpp"

namespace mien::testing {
namespace {

using ::testing::HasSubstr;

class SessionsDeskTest : public ::testing::Test {
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
  std::vector<SessionEntry> list() {
    std::optional<std::vector<SessionEntry>> found;
    EXPECT_TRUE(eventually([&] {
      found = desk_.take_list();
      return found.has_value();
    }));
    return found.value_or(std::vector<SessionEntry>{});
  }
  Notice notice() {
    std::vector<Notice> notices;
    EXPECT_TRUE(eventually([&] {
      notices = desk_.take_notices();
      return !notices.empty();
    }));
    return notices.empty() ? Notice{} : notices[0];
  }
  TemporaryFolder folder_;
  SessionsDesk desk_{[] {}};
};

TEST_F(SessionsDeskTest, ListsAndDeletesAndListsAgain) {
  record("2026-11-22_07-15-00");
  const auto second = record("2026-11-22_08-15-00");
  desk_.look(folder_.path());
  EXPECT_EQ(list().size(), 2U);
  desk_.remove(second);
  EXPECT_THAT(notice().text, HasSubstr("Deleted"));
  EXPECT_FALSE(std::filesystem::exists(second));
  EXPECT_EQ(list().size(), 1U);
}

TEST_F(SessionsDeskTest, ExportsAndSaysWhere) {
  const auto session = record("2026-11-22_07-15-00");
  desk_.look(folder_.path());
  list();
  desk_.write_export(session, "jsonl");
  const auto said = notice();
  EXPECT_EQ(said.level, Notice::Level::info) << said.text;
  EXPECT_THAT(said.text, HasSubstr(session.string()));
}

TEST_F(SessionsDeskTest, WhatCannotBeDoneIsAnErrorAndNothingElseHappens) {
  desk_.write_export(folder_.path() / "none", "jsonl");
  EXPECT_EQ(notice().level, Notice::Level::error);
  std::filesystem::create_directories(folder_.path() / "holiday");
  std::ofstream(folder_.path() / "holiday" / "picture.txt") << "mine";
  desk_.remove(folder_.path() / "holiday");
  EXPECT_EQ(notice().level, Notice::Level::error);
  EXPECT_TRUE(std::filesystem::exists(folder_.path() / "holiday" / "picture.txt"));
}

}  // namespace
}  // namespace mien::testing
