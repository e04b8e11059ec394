#include "mien/system/line_server.hpp"

#include <thread>

#include <gmock/gmock.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "support/temporary_folder.hpp"

namespace mien::system {
namespace {

using namespace std::chrono_literals;

constexpr auto kLong = 60s;  // for an answer that comes

/// A server in a thread that answers with the line in brackets.
class Echo {
 public:
  explicit Echo(std::filesystem::path file, LineLimits limits = {}) : server_(limits) {
    error = server_.open(file);
    if (!error) {
      thread_ = std::jthread([this] {
        server_.serve([](std::string_view line) { return "[" + std::string(line) + "]"; },
                      "unfinished");
      });
    }
  }
  ~Echo() { server_.interrupt(); }

  std::error_code error;

 private:
  LineServer server_;
  std::jthread thread_;
};

/// A client that does what it should not.
class RawClient {
 public:
  explicit RawClient(const std::filesystem::path& file)
      : socket_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    file.native().copy(address.sun_path, sizeof address.sun_path - 1);
    EXPECT_EQ(::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  }
  ~RawClient() { ::close(socket_); }

  void send(const std::string& bytes) const {
    EXPECT_EQ(::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
  }
  /// As send(), but the server may have closed before.
  void try_to_send(const std::string& bytes) const {
    [[maybe_unused]] const auto sent =
        ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }
  void end_sending() const { ::shutdown(socket_, SHUT_WR); }
  /// Everything until the server closes.
  std::string received() const {
    std::string all;
    char bytes[256];
    for (ssize_t got = 0; (got = ::recv(socket_, bytes, sizeof bytes, 0)) > 0;) {
      all.append(bytes, static_cast<std::size_t>(got));
    }
    return all;
  }

 private:
  int socket_;
};

class LineServerTest : public ::testing::Test {
 protected:
  std::string ask(const std::string& line) { return ask_line(file_, line, kLong, error_); }

  const testing::TemporaryFolder folder_;
  const std::filesystem::path file_ = folder_ / "socket";
  std::error_code error_;
};

TEST_F(LineServerTest, AnswersEachLine) {
  const Echo echo(file_);
  ASSERT_FALSE(echo.error) << echo.error.message();
  EXPECT_EQ(ask("hello"), "[hello]");
  EXPECT_EQ(ask(""), "[]");
  EXPECT_FALSE(error_);
  struct stat status {};
  ASSERT_EQ(::stat(file_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
}

TEST_F(LineServerTest, ItsNameGoesWithIt) {
  { const Echo echo(file_); }
  EXPECT_FALSE(std::filesystem::exists(file_));
  ask("hello");
  EXPECT_EQ(error_, std::errc::no_such_file_or_directory);
}

TEST_F(LineServerTest, ANameInUseIsNotTaken) {
  const Echo first(file_);
  const Echo second(file_);
  EXPECT_EQ(second.error, std::errc::address_in_use);
  EXPECT_EQ(ask("x"), "[x]");
  folder_.write("file", "mine");
  const Echo third(folder_ / "file");
  EXPECT_EQ(third.error, std::errc::address_in_use);
  EXPECT_TRUE(std::filesystem::is_regular_file(folder_ / "file"));
}

TEST_F(LineServerTest, ANameThatWasLeftOverIsTaken) {
  {
    const int crashed = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    file_.native().copy(address.sun_path, sizeof address.sun_path - 1);
    ASSERT_EQ(::bind(crashed, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    ::close(crashed);
  }
  ask("x");
  EXPECT_EQ(error_, std::errc::connection_refused);
  const Echo echo(file_);
  EXPECT_FALSE(echo.error);
  EXPECT_EQ(ask("x"), "[x]");
  EXPECT_FALSE(remove_left_over_server(file_)) << "it is in use now";
  EXPECT_EQ(ask("x"), "[x]");
  folder_.write("file", "mine");
  EXPECT_FALSE(remove_left_over_server(folder_ / "file"));
  EXPECT_FALSE(remove_left_over_server(folder_ / "none"));
  EXPECT_TRUE(std::filesystem::exists(folder_ / "file"));
}

TEST_F(LineServerTest, ANameThatIsTooLongIsAnError) {
  const auto file = folder_ / std::string(120, 'x');
  const Echo echo(file);
  EXPECT_EQ(echo.error, std::errc::filename_too_long);
  ask_line(file, "x", kLong, error_);
  EXPECT_EQ(error_, std::errc::filename_too_long);
}

TEST_F(LineServerTest, LinesHaveABound) {
  const Echo echo(file_, {.bytes = 100});
  EXPECT_EQ(ask(std::string(99, 'x')), "[" + std::string(99, 'x') + "]") << "with its end, 100";
  EXPECT_EQ(ask(std::string(100, 'x')), "unfinished");
  RawClient endless(file_);
  endless.send(std::string(101, 'x'));
  EXPECT_EQ(endless.received(), "unfinished\n") << "without waiting for an end";
}

TEST_F(LineServerTest, ALineThatIsCutShortIsNoLine) {
  const Echo echo(file_);
  RawClient client(file_);
  client.send("half a li");
  client.end_sending();
  EXPECT_EQ(client.received(), "unfinished\n");
  RawClient silent(file_);
  silent.end_sending();
  EXPECT_EQ(silent.received(), "");
}

TEST_F(LineServerTest, OnlyTheFirstLineCounts) {
  const Echo echo(file_);
  RawClient client(file_);
  client.send("one\ntwo\n");
  EXPECT_EQ(client.received().substr(0, 6), "[one]\n");
  EXPECT_EQ(ask("x"), "[x]");
}

TEST_F(LineServerTest, WhoIsSilentKeepsNobodyWaiting) {
  const Echo echo(file_, {.clients = 4, .patience = 1h});
  std::vector<std::unique_ptr<RawClient>> silent;
  for (int i = 0; i < 40; ++i) {
    silent.push_back(std::make_unique<RawClient>(file_));
    silent.back()->send("half");
    ASSERT_EQ(ask("x"), "[x]") << i;
  }
  EXPECT_EQ(silent.front()->received(), "") << "the first ones had to go";
}

TEST_F(LineServerTest, PatienceEnds) {
  const Echo echo(file_, {.patience = 20ms});
  RawClient silent(file_);
  silent.try_to_send("half");
  EXPECT_EQ(silent.received(), "");
}

TEST_F(LineServerTest, AnAnswerThatNobodyReadsDoesNotStopIt) {
  LineServer server({.patience = 1h});
  ASSERT_FALSE(server.open(file_));
  const std::string huge(10'000'000, 'x');
  std::jthread thread([&] {
    server.serve([&](std::string_view line) { return line == "huge" ? huge : "small"; }, "");
  });
  RawClient deaf(file_);
  deaf.send("huge\n");
  EXPECT_EQ(ask("x"), "small");
  EXPECT_EQ(deaf.received().size(), huge.size() + 1);
  server.interrupt();
}

TEST_F(LineServerTest, WhoAsksWaitsNoLongerThanTheySay) {
  LineServer server;  // it has a name, and answers nothing
  ASSERT_FALSE(server.open(file_));
  ask_line(file_, "x", 20ms, error_);
  EXPECT_EQ(error_, std::errc::timed_out);
}

TEST_F(LineServerTest, InterruptedBeforeItServesItDoesNotServe) {
  LineServer server;
  ASSERT_FALSE(server.open(file_));
  server.interrupt();
  server.serve([](std::string_view) { return ""; }, "");
}

}  // namespace
}  // namespace mien::system
