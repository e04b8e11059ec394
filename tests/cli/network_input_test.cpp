// What `mien analyze` makes of addresses: what could not be had of them is said and not counted
// as finished.

#include "child.hpp"
#include "command_line.hpp"
#include "support/mjpeg_server.hpp"
#include "support/tls_camera.hpp"

namespace mien::cli {
namespace {

using ::testing::HasSubstr;
using testing::HttpServer;
using testing::kMjpegHead;
using testing::mjpeg_part;
using testing::TlsCamera;

class NetworkInputTest : public CommandLineTest {
 protected:
  static std::string pictures(int count) {
    std::string answer = kMjpegHead;
    const auto part = mjpeg_part(testing::jpeg_of(cv::Mat(96, 128, CV_8UC3, {60, 90, 120})));
    for (int i = 0; i < count; ++i) answer += part;
    return answer;
  }
  nlohmann::json session(const std::string& folder) const {
    return nlohmann::json::parse(cli::contents(folder + "/session.json"));
  }
};

TEST_F(NetworkInputTest, ACertificateThatWasNotCheckedIsSaidHoweverItEnds) {
  // More than is read in the time that is asked for: each picture is analysed before the next.
  const TlsCamera camera(pictures(3000));
  if (!camera.is_there()) GTEST_SKIP() << "openssl is not installed";
  const auto address = "https://ann:hush@" + camera.host() + "/mj";
  const auto told = run_mien({"analyze", address, "--seconds", "0.1", "--out", path("told")});
  EXPECT_EQ(told.code, kDone) << told.err;
  EXPECT_THAT(told.out, HasSubstr("The certificate of " + camera.host() + " was not verified"));
  const auto said =
      run_mien({"analyze", address, "--seconds", "0.1", "--out", path("json"), "--json"});
  const auto result = nlohmann::json::parse(said.out)["inputs"][0];
  EXPECT_THAT(result["remark"].get<std::string>(), HasSubstr("was not verified"));
  const auto document = session(result["folder"]);
  EXPECT_THAT(document["ended"].get<std::string>(), HasSubstr("limit"));
  EXPECT_THAT(document["remark"].get<std::string>(), HasSubstr("was not verified"));
}

TEST_F(NetworkInputTest, AStreamThatEndsEarlyIsSaidAndNoFinishedResult) {
  const HttpServer camera(
      [](HttpServer::Client& client, const std::string&) { client.send(pictures(6)); });
  const std::vector<std::string> words = {"analyze", camera.url("/mj"), "--out", path("out"),
                                          "--json"};
  std::string first;
  for (int i = 0; i < 2; ++i) {
    const auto outcome = run_mien(words);
    EXPECT_EQ(outcome.code, kFailed);
    EXPECT_THAT(outcome.err, HasSubstr("was ended by the other side after 6 frames"));
    const auto result = nlohmann::json::parse(outcome.out)["inputs"][0];
    EXPECT_FALSE(result.value("skipped", false));
    const std::string folder = result["folder"];
    EXPECT_NE(folder, first) << "what cannot be read again is not written over";
    first = folder;
    EXPECT_THAT(session(folder)["damage"].get<std::string>(), HasSubstr("after 6 frames"));
    EXPECT_EQ(session(folder)["counts"]["frames"], 6);
  }
}

TEST_F(NetworkInputTest, AnAddressThatGivesNothingCostsNoOtherInput) {
  const HttpServer server([](HttpServer::Client& client, const std::string&) {
    client.send(
        "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"cam\"\r\n"
        "Content-Length: 0\r\n\r\n");
  });
  const auto outcome =
      run_mien({"analyze", server.url("/mj"), portrait(), "--out", path("out")});
  EXPECT_EQ(outcome.code, kFailed);
  EXPECT_THAT(outcome.err,
              HasSubstr("a name and a password are wanted there; write name:password@ before"));
  EXPECT_EQ(session(path("out/astronaut"))["ended"], "end of input");
}

}  // namespace
}  // namespace mien::cli
