#include "mien/outputs/command_socket.hpp"

#include <mutex>
#include <thread>

#include <gmock/gmock.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "mien/base/error.hpp"
#include "mien/system/line_server.hpp"

#include "command_message.hpp"
#include "support/temporary_folder.hpp"

namespace mien::outputs {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Clock = std::chrono::steady_clock;

/// A window as far as commands are concerned.
class Window {
 public:
  explicit Window(const std::filesystem::path& folder)
      : socket_(
            [this](const Command& command) {
              const std::lock_guard lock(mutex_);
              taken_.push_back(command);
              return problem_;
            },
            folder) {}

  std::vector<Command> taken() const {
    const std::lock_guard lock(mutex_);
    return taken_;
  }
  void refuse(const std::string& problem) {
    const std::lock_guard lock(mutex_);
    problem_ = problem;
  }
  const std::filesystem::path& file() const { return socket_.file(); }

 private:
  mutable std::mutex mutex_;
  std::vector<Command> taken_;
  std::string problem_;
  CommandSocket socket_;
};

class CommandSocketTest : public ::testing::Test {
 protected:
  static Command marker(const std::string& text) {
    Command command;
    command.text = text;
    return command;
  }
  std::string problem_of(const Command& command) const {
    try {
      send_command(command, folder_);
    } catch (const base::Error& error) {
      return error.what();
    }
    return "";
  }
  static mode_t mode_of(const std::filesystem::path& file) {
    struct stat status {};
    EXPECT_EQ(::stat(file.c_str(), &status), 0) << file;
    return status.st_mode & 0777;
  }

  const testing::TemporaryFolder root_;
  const std::filesystem::path folder_ = root_ / "a" / "mien";
};

TEST_F(CommandSocketTest, AMarkerArrivesWithItsTime) {
  const Window window(folder_);
  auto command = marker("stimulus 3");
  command.at = Clock::now() - 5s;
  EXPECT_EQ(send_command(command, folder_), 1U);
  const auto taken = window.taken();
  ASSERT_THAT(taken, SizeIs(1));
  EXPECT_EQ(taken[0].kind, Command::Kind::marker);
  EXPECT_EQ(taken[0].text, "stimulus 3");
  EXPECT_EQ(taken[0].at, command.at);
}

TEST_F(CommandSocketTest, WithoutATimeItIsNow) {
  const Window window(folder_);
  const auto before = Clock::now();
  Command command;
  command.kind = Command::Kind::record_start;
  send_command(command, folder_);
  ASSERT_THAT(window.taken(), SizeIs(1));
  EXPECT_GE(window.taken()[0].at, before);
  EXPECT_LE(window.taken()[0].at, Clock::now());
}

TEST_F(CommandSocketTest, IsTheUsersAlone) {
  std::filesystem::create_directories(folder_);
  std::filesystem::permissions(folder_, std::filesystem::perms::all);
  const Window window(folder_);
  EXPECT_EQ(mode_of(folder_), 0700U);
  EXPECT_EQ(mode_of(window.file()), 0600U);
}

TEST_F(CommandSocketTest, EveryWindowGetsIt) {
  const Window first(folder_);
  Window second(folder_);
  EXPECT_NE(first.file(), second.file());
  EXPECT_EQ(send_command(marker("a"), folder_), 2U);
  second.refuse("Accept the notice first.");
  EXPECT_EQ(problem_of(marker("b")), "Accept the notice first.");
  EXPECT_THAT(first.taken(), SizeIs(2)) << "although the other refused";
}

TEST_F(CommandSocketTest, WithoutAWindowItIsASentence) {
  EXPECT_THAT(problem_of(marker("a")), HasSubstr("No window of mien is open"));
  { const Window window(folder_); }
  EXPECT_THAT(problem_of(marker("a")), HasSubstr("No window of mien is open"));
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

TEST_F(CommandSocketTest, WhateverOneWindowAnswersTheOthersGetIt) {
  std::filesystem::create_directories(folder_);
  for (const std::string answer :
       {"", "nonsense", "[]", R"({"error": 3})", R"({"ok": "no"})"}) {
    system::LineServer odd;
    ASSERT_FALSE(odd.open(folder_ / "0.socket"));  // the first of them
    const std::jthread thread(
        [&] { odd.serve([&](std::string_view) { return answer; }, answer); });
    const Window window(folder_);
    EXPECT_THAT(problem_of(marker("a")), HasSubstr("window")) << answer;
    EXPECT_THAT(window.taken(), SizeIs(1)) << answer;
    odd.interrupt();
  }
}

TEST_F(CommandSocketTest, SocketsOfCrashedWindowsAreTakenAway) {
  std::filesystem::create_directories(folder_);
  const auto crash = [&] {
    const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const auto file = folder_ / "1.socket";
    file.native().copy(address.sun_path, sizeof address.sun_path - 1);
    EXPECT_EQ(::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    ::close(socket);
    return file;
  };
  const auto first = crash();
  EXPECT_THAT(problem_of(marker("a")), HasSubstr("No window of mien is open"));
  EXPECT_FALSE(std::filesystem::exists(first));
  const auto second = crash();
  const Window window(folder_);
  EXPECT_FALSE(std::filesystem::exists(second));
  const Window another(folder_);
  EXPECT_EQ(send_command(marker("a"), folder_), 2U) << "those that are open stay";
}

TEST_F(CommandSocketTest, MalformedMessagesAreAnsweredAndDropped) {
  const Window window(folder_);
  std::error_code error;
  for (const std::string message :
       {"", "{", "{}", "[[[[[[", "{\"mien\":1,\"command\":\"marker\"}"}) {
    EXPECT_THAT(system::ask_line(window.file(), message, 60s, error), HasSubstr("\"error\""))
        << message;
    EXPECT_FALSE(error);
  }
  EXPECT_THAT(system::ask_line(window.file(), std::string(kLongestMessage, 'x'), 60s, error),
              HasSubstr("too long"));
  EXPECT_THAT(window.taken(), IsEmpty());
  EXPECT_EQ(send_command(marker("still there"), folder_), 1U);
}

TEST_F(CommandSocketTest, AHandlerThatThrowsIsAnAnswer) {
  const CommandSocket socket(
      [](const Command&) -> std::string { throw std::runtime_error("no memory"); }, folder_);
  EXPECT_THAT(problem_of(marker("a")), HasSubstr("no memory"));
}

TEST_F(CommandSocketTest, AFolderThatCannotBeIsASentence) {
  root_.write("file", "");
  const auto made = [](const std::filesystem::path& folder) {
    try {
      CommandSocket([](const Command&) { return std::string(); }, folder);
    } catch (const base::Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_THAT(made(root_ / "file"), HasSubstr("it is no folder"));
  EXPECT_THAT(made(root_ / "file" / "mien"), HasSubstr("XDG_RUNTIME_DIR"));
  EXPECT_THAT(made(root_ / std::string(120, 'x')), HasSubstr("XDG_RUNTIME_DIR"));
  // A link to somewhere else is no folder of one's own.
  std::filesystem::create_directory_symlink(root_.path(), root_ / "link");
  EXPECT_THAT(made(root_ / "link"), HasSubstr("it is no folder"));
}

TEST_F(CommandSocketTest, ItsFolderIsInTheRuntimeFolderOrBesideTheLog) {
  const testing::ScopedEnvironment state("XDG_STATE_HOME", (root_ / "state").string());
  {
    const testing::ScopedEnvironment runtime("XDG_RUNTIME_DIR", root_.path().string());
    EXPECT_EQ(command_folder(), root_ / "mien");
  }
  const testing::ScopedEnvironment runtime("XDG_RUNTIME_DIR", "not/absolute");
  EXPECT_EQ(command_folder(), root_ / "state/mien/run");
}

}  // namespace
}  // namespace mien::outputs
