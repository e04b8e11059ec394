#include <chrono>
#include <cstdint>
#include <mutex>
#include <thread>

#include <gmock/gmock.h>

#include "support/mjpeg_server.hpp"
#include "support/rtsp_camera.hpp"
#include "support/tls_camera.hpp"
#include "test_media.hpp"

namespace mien::sources {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using namespace std::chrono_literals;
using Client = testing::LoopbackServer::Client;

std::string jpeg(int shade, cv::Size size = {160, 120}) {
  return testing::jpeg_of(picture(size, shade));
}

/// A server that gives every client the same bytes, the head included, and then hangs up.
testing::HttpServer serving(const std::string& answer) {
  return testing::HttpServer(
      [answer](Client& client, const std::string&) { client.send(answer); });
}

/// Whole answers for serving(): `count` pictures, each lighter than the one before.
std::string pictures(int count, const std::string& head = testing::kMjpegHead) {
  std::string answer = head;
  for (int i = 0; i < count; ++i) answer += testing::mjpeg_part(jpeg(20 + 10 * i));
  return answer;
}

/// That each of `frames` shows another picture of pictures(), in their order.
void expect_pictures_in_order(const std::vector<base::FramePtr>& frames, std::size_t count) {
  ASSERT_EQ(frames.size(), count);
  for (std::size_t i = 0; i < count; ++i) {
    EXPECT_NEAR(frames[i]->image.at<cv::Vec3b>(0, 0)[0], 20 + 10 * static_cast<int>(i), 4);
  }
}

TEST(StreamSource, ReadsANetworkCamera) {
  const testing::HttpServer camera([](Client& client, const std::string&) {
    bool there = client.send(testing::kMjpegHead);
    for (int i = 0; there; ++i) {
      there = client.send(testing::mjpeg_part(jpeg(20 + i % 200)));
      std::this_thread::sleep_for(20ms);
    }
  });
  const auto source = open(camera.url("/stream"));
  EXPECT_EQ(source->info().kind, "stream");
  EXPECT_EQ(source->info().size, cv::Size(160, 120));
  EXPECT_TRUE(source->info().live);
  std::chrono::nanoseconds last{-1};
  for (std::uint64_t i = 0; i < 15; ++i) {
    const base::FramePtr frame = source->read();
    ASSERT_NE(frame, nullptr);
    EXPECT_EQ(frame->sequence, i);
    EXPECT_GT(frame->time, last);
    EXPECT_NEAR(frame->image.at<cv::Vec3b>(0, 0)[0], 20 + static_cast<int>(i), 4);
    last = frame->time;
  }
  EXPECT_EQ(source->damage(), "");
  EXPECT_EQ(source->remark(), "");
  source->interrupt();
  EXPECT_EQ(source->read(), nullptr);
  EXPECT_EQ(source->damage(), "") << "the other side did not end it";
}

TEST(StreamSource, SaysThatTheOtherSideEndedIt) {
  const auto camera = serving(pictures(12));
  const auto source = open(camera.url("/mj"));
  expect_pictures_in_order(read_all(*source), 12);
  EXPECT_THAT(source->damage(), AllOf(HasSubstr("was ended by the other side after 12 frames"),
                                      HasSubstr(camera.url("/mj"))));
}

TEST(StreamSource, SaysThatAFileOnAServerBreaksOff) {
  const TempFolder folder;
  write_clip(folder / "clip.avi", 50);
  const auto whole = read_file(folder / "clip.avi");
  const std::string head =
      "HTTP/1.0 200 OK\r\nContent-Type: video/x-msvideo\r\nContent-Length: " +
      std::to_string(whole.size()) + "\r\n\r\n";
  {
    const auto server = serving(head + whole);
    const auto source = open(server.url("/clip.avi"));
    EXPECT_FALSE(source->info().live);
    EXPECT_EQ(read_all(*source).size(), 50U);
    EXPECT_EQ(source->damage(), "");
  }
  const auto server = serving(head + whole.substr(0, whole.size() / 2));
  const auto source = open(server.url("/clip.avi"));
  const auto given = read_all(*source).size();
  EXPECT_GT(given, 10U);
  EXPECT_LT(given, 40U);
  EXPECT_THAT(source->damage(), HasSubstr("was ended by the other side after"));
}

TEST(StreamSource, CountsTheFramesThatAreDamaged) {
  std::string answer = testing::kMjpegHead;
  for (int i = 0; i < 10; ++i) {
    const auto whole = jpeg(20 + 10 * i);
    answer += testing::mjpeg_part(i % 5 == 4 ? whole.substr(0, whole.size() / 2) : whole);
  }
  // Open to the end, so that it is not its end that is told.
  const testing::HttpServer camera([answer](Client& client, const std::string&) {
    client.send(answer + testing::mjpeg_part(jpeg(120)));
    while (!client.stopping()) std::this_thread::sleep_for(10ms);
  });
  const auto source = open(camera.url("/mj"));
  for (int i = 0; i < 9; ++i) ASSERT_NE(source->read(), nullptr);
  EXPECT_THAT(source->damage(), HasSubstr("was damaged in 2 of its 11 frames"));
}

TEST(StreamSource, SaysThatTheLineWentSilent) {
  const testing::HttpServer camera([](Client& client, const std::string&) {
    client.send(pictures(3));
    while (!client.stopping()) std::this_thread::sleep_for(10ms);
  });
  const auto source = open(camera.url("/stream"));
  ASSERT_NE(source->read(), nullptr);
  try {
    read_all(*source);
    FAIL() << "it just ended";
  } catch (const base::Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("has sent nothing for 5 seconds"));
    EXPECT_THAT(error.what(), HasSubstr(camera.url("/stream")));
  }
}

TEST(StreamSource, SaysThatNobodyAnswers) {
  const testing::LoopbackPort port;
  EXPECT_THAT(refusal("http://" + port.host() + "/stream"), HasSubstr("nothing answers"));
  EXPECT_THAT(refusal("rtsp://" + port.host() + "/x"), HasSubstr("nothing answers"));
}

TEST(StreamSource, GivesUpOnAServerThatStaysSilent) {
  // Connects, and then nothing.
  const testing::LoopbackServer silent([](Client& client) {
    while (!client.stopping()) std::this_thread::sleep_for(10ms);
  });
  EXPECT_THAT(refusal("http://" + silent.host() + "/stream"),
              AllOf(HasSubstr("http://" + silent.host() + "/stream"),
                    HasSubstr("nothing came from there in time")));
}

TEST(StreamSource, SaysWhatTheServerAnswersInsteadOfPictures) {
  const testing::HttpServer server([](Client& client, const std::string& request) {
    const auto asks = [&](const std::string& path) {
      return request.starts_with("GET " + path + " ");
    };
    const std::string page = "<!DOCTYPE html>\n<html><body>Log in</body></html>\n";
    const std::string length = "Content-Length: " + std::to_string(page.size()) + "\r\n\r\n";
    if (asks("/wants-a-name")) {
      client.send("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"cam\"\r\n" +
                  length + page);
    } else if (asks("/not-for-you")) {
      client.send("HTTP/1.1 403 Forbidden\r\n" + length + page);
    } else if (asks("/broken")) {
      client.send("HTTP/1.1 500 Internal Server Error\r\n" + length + page);
    } else if (asks("/login")) {
      client.send("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n" + length +
                  page);
    } else if (asks("/login-of-no-type")) {
      client.send("HTTP/1.1 200 OK\r\n" + length + page);
    } else if (asks("/moved")) {
      client.send("HTTP/1.1 302 Found\r\nLocation: /login\r\nContent-Length: 0\r\n\r\n");
    } else if (asks("/moved-for-ever")) {
      client.send(
          "HTTP/1.1 302 Found\r\nLocation: /moved-for-ever\r\nContent-Length: 0\r\n\r\n");
    } else if (asks("/moved-into-this-computer")) {
      client.send(
          "HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n");
    } else if (asks("/words")) {
      client.send(
          "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello");
    } else if (asks("/nothing")) {
      client.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    } else {
      client.send("HTTP/1.1 404 Not Found\r\n" + length + page);
    }
  });
  EXPECT_THAT(refusal(server.url("/wants-a-name")),
              HasSubstr("a name and a password are wanted"));
  EXPECT_THAT(refusal("http://ann:wrong@" + server.host() + "/wants-a-name"),
              AllOf(HasSubstr("are not accepted"), Not(HasSubstr("wrong"))));
  EXPECT_THAT(refusal(server.url("/nowhere")), HasSubstr("no such page (404)"));
  EXPECT_THAT(refusal(server.url("/not-for-you")), HasSubstr("does not allow it (403)"));
  EXPECT_THAT(refusal(server.url("/broken")), HasSubstr("answers with an error"));
  for (const auto* page : {"/login", "/login-of-no-type", "/moved"}) {
    EXPECT_THAT(refusal(server.url(page)), HasSubstr("a web page, perhaps a login"));
  }
  for (const auto* page :
       {"/moved-for-ever", "/moved-into-this-computer", "/words", "/nothing"}) {
    EXPECT_THAT(refusal(server.url(page)), HasSubstr("gives no video")) << page;
  }
}

TEST(StreamSource, PlaysWhatABrowserPlays) {
  const std::string first_boundary_left_out = pictures(8).erase(
      std::string(testing::kMjpegHead).size(), std::string("--picture\r\n").size());
  std::string too_short = testing::kMjpegHead, too_long = testing::kMjpegHead,
              absurd = testing::kMjpegHead;
  for (int i = 0; i < 8; ++i) {
    const auto one = jpeg(20 + 10 * i);
    too_short += testing::mjpeg_part(one, 100);
    too_long += testing::mjpeg_part(one, one.size() + 5000);
    absurd += testing::mjpeg_part(one, static_cast<std::size_t>(-1));
  }
  std::string bare = "HTTP/1.0 200 OK\r\nContent-Type: video/x-motion-jpeg\r\n\r\n";
  std::string lines_of_one_byte = testing::kMjpegHead;
  for (int i = 0; i < 8; ++i) {
    bare += jpeg(20 + 10 * i);
    lines_of_one_byte += "--picture\nContent-Type: image/jpeg\n\n" + jpeg(20 + 10 * i) + "\n";
  }
  const std::vector<std::pair<std::string, std::string>> answers = {
      {"no first boundary", first_boundary_left_out},
      {"a Content-Length that is too small", too_short},
      {"a Content-Length that is too large", too_long},
      {"an absurd Content-Length", absurd},
      {"pictures only", bare},
      {"line ends of one byte", lines_of_one_byte},
      {"another boundary than announced",
       pictures(8,
                "HTTP/1.0 200 OK\r\nContent-Type: Multipart/X-Mixed-Replace;"
                "boundary=\"other\"\r\n\r\n")},
      {"no Content-Type", pictures(8, "HTTP/1.0 200 OK\r\n\r\n")},
      {"a wrong Content-Type",
       pictures(8, "HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n")}};
  for (const auto& [what, answer] : answers) {
    SCOPED_TRACE(what);
    const auto camera = serving(answer);
    std::string problem;
    try {
      expect_pictures_in_order(read_all(*open(camera.url("/mj"))), 8);
    } catch (const base::Error& error) {
      problem = error.what();
    }
    EXPECT_EQ(problem, "");
  }
}

TEST(StreamSource, TakesASchemeInAnyCase) {
  const auto camera = serving(pictures(3));
  for (const auto* scheme : {"HTTP", "Http", "hTTp"}) {
    EXPECT_EQ(read_all(*open(scheme + ("://" + camera.host() + "/mj"))).size(), 3U);
  }
}

/// What a source gives of a stream that shows a light picture of 160 x 120 and then a dark one
/// of 320 x 240: the two must never be mixed.
void expect_both_sizes(FrameSource& source, std::size_t at_least) {
  std::size_t light = 0, dark = 0;
  try {
    while (const auto frame = source.read()) {
      const bool is_light = mean_of(frame->image) > 120;
      EXPECT_EQ(frame->image.size(), is_light ? cv::Size(160, 120) : cv::Size(320, 240));
      EXPECT_TRUE(dark == 0 || !is_light) << "an old picture came again";
      ++(is_light ? light : dark);
      if (dark >= at_least) break;
    }
  } catch (const base::Error& error) {
    ADD_FAILURE() << error.what();
  }
  EXPECT_GE(light, at_least);
  EXPECT_GE(dark, at_least);
}

TEST(StreamSource, FollowsASizeThatChanges) {
  std::string answer = testing::kMjpegHead;
  for (int i = 0; i < 20; ++i) {
    answer += testing::mjpeg_part(
        i < 10 ? testing::jpeg_of(cv::Mat(120, 160, CV_8UC3, cv::Scalar::all(200)))
               : testing::jpeg_of(cv::Mat(240, 320, CV_8UC3, cv::Scalar::all(40))));
  }
  const auto camera = serving(answer);
  expect_both_sizes(*open(camera.url("/mj")), 10);
}

/// H.264 as cameras send it, the parameters before each whole picture: light and small, then
/// dark and large. `as` names the container.
std::string h264_of_two_sizes(const std::string& as) {
  const TempFolder folder;
  const auto part = [&](const std::string& name, const std::string& colour,
                        const std::string& size) {
    EXPECT_TRUE(run_ffmpeg("-f lavfi -i color=" + colour + ":s=" + size +
                           ":r=25:d=1.2 -c:v libx264 -tune zerolatency -g 5 -bf 0 "
                           "-pix_fmt yuv420p -bsf:v dump_extra=freq=keyframe -f " +
                           as + " " + (folder / name).string()));
    return read_file(folder / name);
  };
  return part("light", "white", "160x120") + part("dark", "0x202020", "320x240");
}

TEST(StreamSource, FollowsASizeThatChangesInATransportStream) {
  if (!have_ffmpeg()) GTEST_SKIP() << "ffmpeg is not installed";
  const auto bytes = h264_of_two_sizes("mpegts");
  const auto camera = serving("HTTP/1.0 200 OK\r\nContent-Type: video/mp2t\r\n\r\n" + bytes);
  expect_both_sizes(*open(camera.url("/live.ts")), 20);
}

TEST(StreamSource, FollowsASizeThatChangesOverRtsp) {
  if (!have_ffmpeg()) GTEST_SKIP() << "ffmpeg is not installed";
  const testing::RtspCamera camera(h264_of_two_sizes("h264"), 25);
  const auto source = open("RTSP://" + camera.host() + "/live");
  EXPECT_TRUE(source->info().live);
  expect_both_sizes(*source, 20);
}

TEST(StreamSource, SaysThatACertificateWasNotChecked) {
  const testing::TlsCamera camera(pictures(5));
  if (!camera.is_there()) GTEST_SKIP() << "openssl is not installed";
  const auto source = open("https://" + camera.host() + "/mj");
  EXPECT_THAT(source->remark(),
              HasSubstr("The certificate of " + camera.host() + " was not verified"));
  expect_pictures_in_order(read_all(*source), 5);
}

TEST(StreamSource, KeepsAPasswordOutOfItsSentence) {
  const testing::LoopbackPort port;
  const std::string sentence = refusal("http://user:secret@" + port.host() + "/cam@home");
  EXPECT_THAT(sentence, Not(HasSubstr("secret")));
  EXPECT_THAT(sentence, HasSubstr("/cam@home"));
}

TEST(StreamSource, RefusesOtherSchemes) {
  EXPECT_THAT(refusal("gopher://127.0.0.1/x"), HasSubstr("gopher is not supported"));
  EXPECT_THAT(refusal("file:///etc/passwd"), HasSubstr("file is not supported"));
}

}  // namespace
}  // namespace mien::sources
