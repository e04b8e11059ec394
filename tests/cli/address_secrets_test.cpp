// What is secret in an address is nowhere in what a run leaves behind, and what it leaves is
// the user's alone.

#include <opencv2/imgcodecs.hpp>
#include <sys/stat.h>

#include "child.hpp"
#include "command_line.hpp"
#include "support/mjpeg_server.hpp"

namespace mien::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
namespace fs = std::filesystem;

using AddressSecretsTest = CommandLineTest;

/// Names of files and folders, and all that is in them.
std::string everything_in(const fs::path& folder) {
  std::string all;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    all += entry.path().string() + '\n';
    if (entry.is_regular_file()) all += cli::contents(entry.path().string());
  }
  return all;
}

TEST_F(AddressSecretsTest, AreNowhereInWhatIsRecordedSaidAndKept) {
  const testing::MjpegServer camera(cv::imread(portrait()));
  const std::vector<std::string> addresses = {
      "http://ann:hush@" + camera.host() + "/mj",
      "http://an%6E:hush%2F@" + camera.host() + "/mj",
      "http://" + camera.host() + "/mj?user=ann&pwd=hush",
      "http://" + camera.host() + "/user=ann&password=hush&channel=1"};
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    for (const bool json : {false, true}) {
      SCOPED_TRACE(addresses[i]);
      std::vector<std::string> words = {
          "analyze", addresses[i], "--out", path("out" + std::to_string(i) + (json ? "j" : "")),
          "--video", "--seconds",  "0.3",   "--export",
          "openface"};
      if (json) words.push_back("--json");
      const auto outcome = run_mien(words);
      EXPECT_EQ(outcome.code, kDone) << outcome.err;
      for (const char* secret : {"ann:", "hush"}) {
        EXPECT_THAT(outcome.out + outcome.err, Not(HasSubstr(secret)));
        EXPECT_THAT(everything_in(root_), Not(HasSubstr(secret)));
        EXPECT_THAT(everything_in(home_), Not(HasSubstr(secret)));
      }
      EXPECT_THAT(outcome.out, HasSubstr(camera.host()));
    }
  }
}

TEST_F(AddressSecretsTest, AreNowhereInWhatFails) {
  for (const std::string address :
       {"http://ann:hush@127.0.0.1:1/mj", "http://ann:hu/sh@127.0.0.1:1/mj",
        "gopher://ann:hush@127.0.0.1/x", "rtsp://127.0.0.1:1/x?hush",
        "HTTP://ann:hush@[::1]:1/"}) {
    for (const auto& words : std::vector<std::vector<std::string>>{
             {"analyze", address, "--out", path("out")},
             {"analyze", address, "--out", path("out"), "--json"},
             {"bench", address},
             {address},
             {"analyze", "--seconds", address}}) {
      const auto outcome = run_mien(words);
      EXPECT_NE(outcome.code, kDone);
      EXPECT_THAT(outcome.out + outcome.err, Not(HasSubstr("sh@"))) << outcome.err;
      EXPECT_THAT(outcome.out + outcome.err, Not(HasSubstr("hush"))) << outcome.err;
    }
  }
}

TEST_F(AddressSecretsTest, WhatIsWrittenIsTheUsersAlone) {
  const mode_t before = ::umask(022);
  const auto outcome = run_mien({"analyze", "demo", "--seconds", "0.2", "--video", "--export",
                                 "openface", "--out", path("deep/er/out")});
  ::umask(before);
  ASSERT_EQ(outcome.code, kDone) << outcome.err;
  for (const auto& entry : fs::recursive_directory_iterator(root_)) {
    const auto mode = static_cast<unsigned>(entry.status().permissions());
    EXPECT_EQ(mode, entry.is_directory() ? 0700U : 0600U) << entry.path();
  }
  // A folder that was there is the user's to open to others.
  fs::create_directory(root_ / "shared");
  fs::permissions(root_ / "shared", fs::perms(0755));
  fs::create_directory(root_ / "shared/demo");
  fs::permissions(root_ / "shared/demo", fs::perms(0755));
  ASSERT_EQ(run_mien({"analyze", "demo", "--seconds", "0.1", "--out", path("shared")}).code,
            kDone);
  EXPECT_EQ(static_cast<unsigned>(fs::status(root_ / "shared").permissions()), 0755U);
  EXPECT_EQ(static_cast<unsigned>(fs::status(root_ / "shared/demo").permissions()), 0755U);
}

}  // namespace
}  // namespace mien::cli
