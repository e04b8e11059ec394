#include "recording_desk.hpp"

#include <filesystem>
#include <fstream>
#include <future>

#include <gmock/gmock.h>

#include "support/fake_session.hpp"
#include "support/temporary_folder.hpp"

namespace mien::testing {
namespace {

class RecordingDeskTest : public ::testing::Test {
 protected:
  RecordingDeskTest() {
    session_ =
        fake_session({320, 240}, {{.box = {40, 40, 90, 90}, .confidence = 1, .landmarks = {}}});
  }
  SessionOptions options() {
    SessionOptions options;
    options.folder = new_session_folder(folder_.path());
    options.model = FakeModel().card();
    options.detector_id = "fake";
    options.source = session_->snapshot().status.source;
    return options;
  }
  bool reading() {
    return eventually([&] { return session_->snapshot().analysis != nullptr; });
  }
  bool start(const SessionOptions& options) {
    return desk_.start(*session_, options.privacy, [options] { return options; });
  }
  /// Until nothing is written any more.
  std::vector<Notice> all_notices() {
    std::vector<Notice> notices;
    EXPECT_TRUE(eventually([&] {
      for (auto& notice : desk_.poll(*session_, session_->snapshot().status)) {
        notices.push_back(notice);
      }
      return !desk_.busy();
    }));
    return notices;
  }
  static std::string text_of(const std::filesystem::path& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  TemporaryFolder folder_;
  std::unique_ptr<LiveSession> session_;
  RecordingDesk desk_;
};

TEST_F(RecordingDeskTest, RecordsStopsWithoutWaitingAndSaysWhere) {
  ASSERT_TRUE(reading());
  const auto wanted = options();
  ASSERT_TRUE(start(wanted));
  EXPECT_TRUE(desk_.view().active);
  EXPECT_FALSE(start(options())) << "one at a time";
  ASSERT_TRUE(eventually([&] { return desk_.view().seconds > 0.2; }));
  desk_.stop(*session_);
  EXPECT_FALSE(desk_.recording());
  EXPECT_FALSE(desk_.view().active);
  const auto notices = all_notices();
  ASSERT_EQ(notices.size(), 1u);
  EXPECT_EQ(notices[0].level, Notice::Level::info);
  EXPECT_THAT(notices[0].text, ::testing::HasSubstr(wanted.folder.string()));
  EXPECT_EQ(desk_.problem(), "");
  EXPECT_GT(std::filesystem::file_size(wanted.folder / "video.mkv"), 0u);
  EXPECT_TRUE(std::filesystem::exists(wanted.folder / "faces.csv"));
}

TEST_F(RecordingDeskTest, AFolderThatCannotBeMadeIsANoticeAndAProblem) {
  auto wanted = options();
  wanted.folder = "/proc/mien/session";
  ASSERT_TRUE(start(wanted));
  const auto notices = all_notices();
  ASSERT_EQ(notices.size(), 1u);
  EXPECT_EQ(notices[0].level, Notice::Level::error);
  EXPECT_THAT(notices[0].text, ::testing::HasSubstr("/proc/mien/session"));
  EXPECT_THAT(desk_.problem(), ::testing::HasSubstr("/proc/mien/session"));
  EXPECT_FALSE(desk_.busy());
}

// A disk that does not answer: the caller goes on, and so does the picture.
TEST_F(RecordingDeskTest, ASlowDiskHoldsUpTheRecordingAlone) {
  ASSERT_TRUE(reading());
  std::promise<void> disk;
  const auto wanted = options();
  ASSERT_TRUE(
      desk_.start(*session_, Privacy::everything, [&, answer = disk.get_future().share()] {
        answer.wait();
        return wanted;
      }));
  desk_.poll(*session_, session_->snapshot().status);
  EXPECT_TRUE(desk_.view().active);
  const auto seen = session_->snapshot().status.captured;
  EXPECT_TRUE(eventually([&] { return session_->snapshot().status.captured > seen + 20; }));
  disk.set_value();
  ASSERT_TRUE(eventually([&] { return desk_.view().seconds > 0.2; }));
  desk_.stop(*session_);
  EXPECT_EQ(all_notices().size(), 1u);
  EXPECT_TRUE(std::filesystem::exists(wanted.folder / "faces.csv"));
}

TEST_F(RecordingDeskTest, NothingStartsOnceClosingBegan) {
  ASSERT_TRUE(reading());
  desk_.want_one();
  EXPECT_FALSE(desk_.is_due(false)) << "nothing to record yet";
  desk_.close(*session_, false);
  EXPECT_FALSE(desk_.is_due(true));
  EXPECT_FALSE(start(options()));
  EXPECT_FALSE(desk_.busy());
  EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
}

TEST_F(RecordingDeskTest, OneThatWasWantedIsDueOnce) {
  EXPECT_FALSE(desk_.is_due(true));
  desk_.want_one();
  EXPECT_TRUE(desk_.wanted());
  EXPECT_TRUE(desk_.is_due(true));
  EXPECT_FALSE(desk_.is_due(true));
  EXPECT_FALSE(desk_.wanted());
}

TEST_F(RecordingDeskTest, WhatCannotBeHadIsWantedNoMore) {
  desk_.want_one();
  desk_.fail("There is no camera.");
  EXPECT_FALSE(desk_.wanted());
  EXPECT_FALSE(desk_.is_due(true));
  EXPECT_EQ(desk_.problem(), "There is no camera.");
  EXPECT_TRUE(desk_.refused());
}

TEST_F(RecordingDeskTest, OnlyTheWantedOneIsRefusedWhenItCannotBegin) {
  auto wanted = options();
  wanted.folder = "/proc/mien/session";
  ASSERT_TRUE(start(wanted));
  all_notices();
  EXPECT_FALSE(desk_.refused()) << "the user chose to record in the window";
  desk_.want_one();
  ASSERT_TRUE(desk_.is_due(true));
  ASSERT_TRUE(start(wanted));
  all_notices();
  EXPECT_TRUE(desk_.refused());
}

TEST_F(RecordingDeskTest, ClosingEndsTheOneThatRuns) {
  ASSERT_TRUE(reading());
  const auto wanted = options();
  ASSERT_TRUE(start(wanted));
  ASSERT_TRUE(eventually([&] { return desk_.view().seconds > 0.1; }));
  desk_.close(*session_, true);
  EXPECT_EQ(all_notices().size(), 1u);
  EXPECT_THAT(text_of(wanted.folder / "session.json"), ::testing::HasSubstr("interrupted"));
  EXPECT_FALSE(start(options()));
}

// Pause, then another source: it runs, and the recording is told that the pause is over.
TEST_F(RecordingDeskTest, AnotherSourceEndsAPauseInTheRecordingToo) {
  ASSERT_TRUE(reading());
  const auto wanted = options();
  ASSERT_TRUE(start(wanted));
  const auto look = [&] { desk_.poll(*session_, session_->snapshot().status); };
  ASSERT_TRUE(eventually([&] { return desk_.view().seconds > 0.1; }));
  session_->request({.paused = true});
  look();
  session_->request({.source = SourceRequest{.spec = "another", .realtime = true, .mode = {}}});
  ASSERT_TRUE(eventually([&] {
    look();
    return session_->snapshot().status.source.spec == "another";
  }));
  look();
  const auto recorded = desk_.view().seconds;
  ASSERT_TRUE(eventually([&] { return desk_.view().seconds > recorded + 0.2; }));
  desk_.stop(*session_);
  all_notices();
  const auto events = text_of(wanted.folder / "events.csv");
  const auto paused = events.find(",pause,");
  ASSERT_NE(paused, std::string::npos) << events;
  EXPECT_NE(events.find(",resume,", paused), std::string::npos) << events;
}

TEST_F(RecordingDeskTest, ARecordingKnowsTheNamesThatWereGivenBefore) {
  ASSERT_TRUE(reading());
  desk_.name(1, "Ada");
  desk_.name(2, "Bob");
  desk_.name(2, "");
  const auto wanted = options();
  ASSERT_TRUE(start(wanted));
  ASSERT_TRUE(eventually([&] { return desk_.view().seconds > 0.1; }));
  desk_.stop(*session_);
  all_notices();
  const auto events = text_of(wanted.folder / "events.csv");
  EXPECT_NE(events.find("Ada"), std::string::npos) << events;
  EXPECT_EQ(events.find("Bob"), std::string::npos) << events;
}

}  // namespace
}  // namespace mien::testing
