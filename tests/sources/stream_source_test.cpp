#include <arpa/inet.h>
#include <chrono>
#include <netinet/in.h>
#include <signal.h>
#include <thread>

#include <gmock/gmock.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "test_media.hpp"

namespace mien::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using namespace std::chrono_literals;

// A port of this machine, listening or closed. It stays taken, so that no other program gets
// it, but for a server that asks to share it, as ffmpeg does.
struct Port {
  explicit Port(bool listening) : socket(::socket(AF_INET, SOCK_STREAM, 0)) {
    const int yes = 1;
    ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address);
    socklen_t size = sizeof address;
    ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
    number = ntohs(address.sin_port);
    if (listening) ::listen(socket, 4);
  }
  ~Port() { ::close(socket); }
  Port(const Port&) = delete;
  Port& operator=(const Port&) = delete;
  std::string url(const std::string& path = "/stream") const {
    return "http://127.0.0.1:" + std::to_string(number) + path;
  }

  const int socket;
  int number = 0;
};

// A program of its own, ended with the object.
class Server {
 public:
  explicit Server(const std::string& command) {
    pid_ = ::fork();
    if (pid_ == 0) {
      ::setpgid(0, 0);
      ::execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
      ::_exit(127);
    }
  }
  void freeze() const { ::kill(-pid_, SIGSTOP); }
  ~Server() {
    ::kill(-pid_, SIGKILL);
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }

 private:
  pid_t pid_;
};

// Opens as soon as the server listens.
std::unique_ptr<FrameSource> open_when_ready(const std::string& url) {
  const auto deadline = std::chrono::steady_clock::now() + 20s;
  for (;;) {
    try {
      return open(url);
    } catch (const Error&) {
      if (std::chrono::steady_clock::now() > deadline) throw;
      std::this_thread::sleep_for(100ms);
    }
  }
}

TEST(StreamSource, ReadsANetworkCamera) {
  if (!have_ffmpeg()) GTEST_SKIP() << "ffmpeg is not installed";
  const Port port(false);
  const Server server(
      "exec ffmpeg -nostdin -loglevel quiet -re -f lavfi -i "
      "testsrc=r=25:s=160x120 -f mpjpeg -listen 1 " +
      port.url());
  const auto source = open_when_ready(port.url());
  EXPECT_EQ(source->info().kind, "stream");
  EXPECT_EQ(source->info().size, cv::Size(160, 120));
  EXPECT_TRUE(source->info().live);
  std::chrono::nanoseconds last{-1};
  for (std::uint64_t i = 0; i < 15; ++i) {
    const FramePtr frame = source->read();
    ASSERT_NE(frame, nullptr);
    EXPECT_EQ(frame->sequence, i);
    EXPECT_GT(frame->time, last);
    EXPECT_GT(mean_of(frame->image), 30);
    last = frame->time;
  }
  source->interrupt();
  EXPECT_EQ(source->read(), nullptr);
}

TEST(StreamSource, EndsWhereTheServerStops) {
  if (!have_ffmpeg()) GTEST_SKIP() << "ffmpeg is not installed";
  const Port port(false);
  const Server server(
      "exec ffmpeg -nostdin -loglevel quiet -f lavfi -i "
      "testsrc=r=25:s=160x120:d=1 -f mpjpeg -listen 1 " +
      port.url());
  const auto frames = read_all(*open_when_ready(port.url()));
  EXPECT_GE(frames.size(), 20U);
  EXPECT_LE(frames.size(), 25U);
}

TEST(StreamSource, SaysThatTheLineWentSilent) {
  if (!have_ffmpeg()) GTEST_SKIP() << "ffmpeg is not installed";
  const Port port(false);
  const Server server(
      "exec ffmpeg -nostdin -loglevel quiet -re -f lavfi -i "
      "testsrc=r=25:s=160x120 -f mpjpeg -listen 1 " +
      port.url());
  const auto source = open_when_ready(port.url());
  ASSERT_NE(source->read(), nullptr);
  server.freeze();
  try {
    read_all(*source);
    FAIL() << "it just ended";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("has sent nothing for 5 seconds"));
    EXPECT_THAT(error.what(), HasSubstr(port.url()));
  }
}

TEST(StreamSource, SaysThatNobodyAnswers) {
  const Port closed(false);
  EXPECT_THAT(refusal(closed.url()), HasSubstr("nobody answers"));
  EXPECT_THAT(refusal("rtsp://127.0.0.1:" + std::to_string(closed.number) + "/x"),
              HasSubstr("nobody answers"));
}

TEST(StreamSource, GivesUpOnAServerThatStaysSilent) {
  const Port silent(true);  // connects, and then nothing
  const auto before = std::chrono::steady_clock::now();
  EXPECT_THAT(refusal(silent.url()), HasSubstr(silent.url()));
  EXPECT_LT(std::chrono::steady_clock::now() - before, 60s) << "it never gave up";
}

TEST(StreamSource, KeepsAPasswordOutOfItsSentence) {
  const Port closed(false);
  const std::string sentence =
      refusal("http://user:secret@127.0.0.1:" + std::to_string(closed.number) + "/cam@home");
  EXPECT_THAT(sentence, Not(HasSubstr("secret")));
  EXPECT_THAT(sentence, HasSubstr("/cam@home"));
}

TEST(StreamSource, RefusesOtherSchemes) {
  EXPECT_THAT(refusal("gopher://127.0.0.1/x"), HasSubstr("gopher is not supported"));
  EXPECT_THAT(refusal("file:///etc/passwd"), HasSubstr("file is not supported"));
}

}  // namespace
}  // namespace mien::testing
