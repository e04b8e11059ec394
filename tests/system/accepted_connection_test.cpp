#include "mien/system/accepted_connection.hpp"

#include <arpa/inet.h>
#include <array>
#include <netinet/in.h>
#include <thread>

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "mien/system/random.hpp"

namespace mien::system {
namespace {

using namespace std::chrono_literals;

/// Both ends of a connection over loopback.
struct BothEnds {
  BothEnds() {
    const int listening = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ::bind(listening, reinterpret_cast<sockaddr*>(&address), size);
    ::listen(listening, 1);
    ::getsockname(listening, reinterpret_cast<sockaddr*>(&address), &size);
    own_port = ntohs(address.sin_port);
    client = ::socket(AF_INET, SOCK_STREAM, 0);
    ::connect(client, reinterpret_cast<sockaddr*>(&address), size);
    ::getsockname(client, reinterpret_cast<sockaddr*>(&address), &size);
    client_port = ntohs(address.sin_port);
    accepted = ::accept(listening, nullptr, nullptr);
    ::close(listening);
  }
  ~BothEnds() {
    ::close(client);
    ::close(accepted);
  }

  int client = -1;
  int accepted = -1;
  std::uint16_t own_port = 0;
  std::uint16_t client_port = 0;
};

TEST(AcceptedConnections, AreFoundByTheirEnds) {
  const BothEnds ends;
  AcceptedConnection connection;
  ASSERT_EQ(connection.find(ends.own_port, "127.0.0.1", ends.client_port), std::error_code());
  ASSERT_EQ(::send(ends.client, "hello", 5, 0), 5);
  EXPECT_TRUE(connection.wait(5s).received);
  std::array<char, 3> bytes{};
  std::error_code error;
  EXPECT_EQ(connection.receive(bytes.data(), bytes.size(), error), 3U);
  EXPECT_EQ(std::string_view(bytes.data(), 3), "hel");
  EXPECT_EQ(connection.receive(bytes.data(), bytes.size(), error), 2U);
  EXPECT_EQ(connection.receive(bytes.data(), bytes.size(), error), 0U);
  EXPECT_EQ(error, std::errc::operation_would_block);
  ::shutdown(ends.client, SHUT_WR);
  EXPECT_TRUE(connection.wait(5s).received);
  EXPECT_EQ(connection.receive(bytes.data(), bytes.size(), error), 0U);
  EXPECT_EQ(error, std::error_code());
}

TEST(AcceptedConnections, OthersAreNotTakenForIt) {
  const BothEnds ends;
  const BothEnds others;
  AcceptedConnection connection;
  EXPECT_EQ(connection.find(ends.own_port, "127.0.0.1", others.client_port),
            std::errc::not_connected);
  EXPECT_EQ(connection.find(ends.own_port, "127.0.0.2", ends.client_port),
            std::errc::not_connected);
  EXPECT_EQ(connection.find(ends.own_port, "nowhere", ends.client_port),
            std::errc::invalid_argument);
}

TEST(AcceptedConnections, WaitEndsWhenAnotherThreadRings) {
  const BothEnds ends;
  AcceptedConnection connection;
  ASSERT_EQ(connection.find(ends.own_port, "127.0.0.1", ends.client_port), std::error_code());
  std::thread other([&] { connection.wake(); });
  EXPECT_TRUE(connection.wait(60s).woken);
  other.join();
  const auto again = connection.wait(0ms);
  EXPECT_FALSE(again.woken);
  EXPECT_FALSE(again.received);
}

TEST(AcceptedConnections, EndIsSeenByAllWhoHaveIt) {
  const BothEnds ends;
  AcceptedConnection connection;
  ASSERT_EQ(connection.find(ends.own_port, "127.0.0.1", ends.client_port), std::error_code());
  connection.end();
  char byte = 0;
  EXPECT_EQ(::recv(ends.accepted, &byte, 1, 0), 0);
  EXPECT_EQ(::recv(ends.client, &byte, 1, 0), 0);
}

TEST(Random, IsNotTheSameTwice) {
  std::array<std::byte, 64> first{};
  std::array<std::byte, 64> second{};
  ASSERT_EQ(fill_with_random(first), std::error_code());
  ASSERT_EQ(fill_with_random(second), std::error_code());
  EXPECT_NE(first, second);
  EXPECT_NE(first, (std::array<std::byte, 64>{}));
}

}  // namespace
}  // namespace mien::system
