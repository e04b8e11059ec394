#include "mien/system/message_socket.hpp"

#include <thread>

#include <gtest/gtest.h>
#include <sys/socket.h>

#include "mien/system/shared_memory.hpp"

namespace mien::system {
namespace {

using namespace std::chrono_literals;

class MessageSockets : public ::testing::Test {
 protected:
  MessageSockets() {
    int ends[2];
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    here_ = MessageSocket(FileHandle(ends[0]));
    there_ = MessageSocket(FileHandle(ends[1]));
  }

  MessageSocket here_, there_;
  std::error_code error_;
};

TEST_F(MessageSockets, WaitForNothingUnlessTold) {
  char byte = 0;
  EXPECT_EQ(here_.receive(&byte, 1, nullptr, error_), 0U);
  EXPECT_EQ(error_, std::errc::operation_would_block);
  EXPECT_FALSE(here_.wait(MessageSocket::Ready::to_receive, 1ms, error_));
  EXPECT_FALSE(error_);
  const std::string much(1 << 16, 'x');
  while (here_.send(much, nullptr, error_) > 0) {
  }
  EXPECT_EQ(error_, std::errc::operation_would_block);
  EXPECT_FALSE(here_.wait(MessageSocket::Ready::to_send, 1ms, error_));
  EXPECT_TRUE(there_.wait(MessageSocket::Ready::to_receive, std::nullopt, error_));
}

TEST_F(MessageSockets, CarryAHandle) {
  SharedMemory memory(4096, SharedMemory::Access::read);
  memory.data()[7] = 42;
  EXPECT_EQ(here_.send("ab", &memory.handle(), error_), 2U);
  char bytes[2];
  FileHandle received;
  EXPECT_EQ(there_.receive(bytes, 2, &received, error_), 2U);
  ASSERT_TRUE(received.valid());
  EXPECT_NE(received.native(), memory.handle().native());
  const SharedMemory same(std::move(received), SharedMemory::Access::read);
  ASSERT_EQ(same.size(), 4096U);
  EXPECT_EQ(same.data()[7], 42);
  memory.data()[7] = 43;
  EXPECT_EQ(same.data()[7], 43);
}

TEST_F(MessageSockets, TellThatTheOtherSideIsGone) {
  EXPECT_FALSE(here_.is_closed());
  EXPECT_EQ(there_.send("z", nullptr, error_), 1U);
  std::thread waiting([this] { here_.wait_until_closed(); });
  there_ = MessageSocket();
  waiting.join();
  EXPECT_FALSE(here_.is_closed()) << "there is a byte to take";
  char byte = 0;
  EXPECT_EQ(here_.receive(&byte, 1, nullptr, error_), 1U);
  EXPECT_TRUE(here_.is_closed());
  EXPECT_EQ(here_.receive(&byte, 1, nullptr, error_), 0U);
  EXPECT_FALSE(error_);
  EXPECT_EQ(here_.send("z", nullptr, error_), 0U);
  EXPECT_TRUE(error_) << "and no signal";
}

}  // namespace
}  // namespace mien::system
