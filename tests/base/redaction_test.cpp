#include "mien/base/redaction.hpp"

#include <gtest/gtest.h>

namespace mien::base {
namespace {

TEST(Redaction, LeavesUserPasswordQueryAndFragmentOut) {
  EXPECT_EQ(redact_address("http://user:secret@cam/mj"), "http://cam/mj");
  EXPECT_EQ(redact_address("rtsp://secret@cam:554/live"), "rtsp://cam:554/live");
  EXPECT_EQ(redact_address("http://us%20er:p%40ss%2Fw%3Ard@127.0.0.1:18097/auth"),
            "http://127.0.0.1:18097/auth");
  EXPECT_EQ(redact_address("http://cam/mj?user=a&pwd=secret"), "http://cam/mj");
  EXPECT_EQ(redact_address("http://cam/mj#secret"), "http://cam/mj");
  EXPECT_EQ(redact_address("http://cam?secret"), "http://cam");
  EXPECT_EQ(redact_address("HTTPS://User:secret@CAM/mj"), "HTTPS://CAM/mj");
  EXPECT_EQ(redact_address("http://user:secret@127.0.0.1:80/cam@home"),
            "http://127.0.0.1:80/cam@home");
  EXPECT_EQ(redact_address("rtsp://user:secret@[fe80::1]:554/a"), "rtsp://[fe80::1]:554/a");
}

TEST(Redaction, HidesPasswordsThatWereNotEncoded) {
  for (const char* password :
       {"se/cret", "se@cret", "se/cr@et", "se?cret", "se#cret", "se cret", "12/secret",
        "se:cret", "se//cret", "12?secret", "s?e@c/ret"}) {
    const auto shown = redact_address("http://user:" + std::string(password) + "@cam:80/mj");
    EXPECT_EQ(shown.find("cret"), std::string::npos) << password << ": " << shown;
    EXPECT_EQ(shown.find("user"), std::string::npos) << password << ": " << shown;
    EXPECT_EQ(shown.find("se"), std::string::npos) << password << ": " << shown;
  }
  EXPECT_EQ(redact_address("rtsp://user:secret"), "rtsp://…");
  EXPECT_EQ(redact_address("rtsp:/user:secret@cam/live"), "rtsp:/cam/live");
}

TEST(Redaction, HidesThePasswordsThatSomeCamerasWantInThePath) {
  EXPECT_EQ(
      redact_address("rtsp://192.168.1.10:554/user=admin&password=secret&channel=1.sdp?x"),
      "rtsp://192.168.1.10:554/");
  EXPECT_EQ(redact_address("rtsp://cam/live/ch1_Password=secret_stream=0"),
            "rtsp://cam/live/ch1");
  for (const char* path : {"mj;jsessionid=secret", "mj/apikey=secret", "mj/api_key=secret",
                           "mj/session=secret", "mj%3Fuser%3Dsecret%26pwd%3Dsecret",
                           "mj%3fx=secret", "mj/PWD%3Dsecret", "mj/pin=secret"}) {
    const auto shown = redact_address(std::string("http://cam/") + path);
    EXPECT_EQ(shown.find("secret"), std::string::npos) << shown;
    EXPECT_TRUE(shown.starts_with("http://cam/mj")) << shown;
  }
  EXPECT_EQ(redact_address("http://cam/monkey=1/mj"), "http://cam/monkey=1/mj");
  EXPECT_EQ(redact_address("http://cam/what%3F.mp4"), "http://cam/what%3F.mp4");
  EXPECT_EQ(redact_address("http://cam/channel%3D1/mj"), "http://cam/channel%3D1/mj");
}

TEST(Redaction, LeavesEverythingElseAsItIs) {
  for (const char* plain :
       {"", "demo", "camera:0", "/dev/video0", "clip.mp4", "a@b:c?d#e.mp4", "./out:1/x",
        "http://cam:8080/a/b.mjpg", "rtsp://[::1]/x", "http://site/@channel/live",
        "file:///home/a@b/clip.mp4?", "C:/user:x@y", "http://", "://x"}) {
    EXPECT_EQ(redact_address(plain), plain);
  }
}

TEST(Redaction, FindsEveryAddressInAText) {
  EXPECT_EQ(redact_addresses("The source http://u:secret@cam/x?t=secret cannot be opened: "
                             "rtsp://u:secret@b/y; try again, me@home."),
            "The source http://cam/x cannot be opened: rtsp://b/y; try again, me@home.");
  EXPECT_EQ(redact_addresses("\"http://u:secret@cam\" is not a subcommand"),
            "\"http://cam\" is not a subcommand");
  EXPECT_EQ(redact_addresses("see http://cam/x?secret; then go on"),
            "see http://cam/x; then go on");
  EXPECT_EQ(redact_addresses("nothing here: /a/b"), "nothing here: /a/b");
}

}  // namespace
}  // namespace mien::base
