#include "mien/system/datagram_socket.hpp"

#include <gtest/gtest.h>

#include "support/datagram_receiver.hpp"

namespace mien::system {
namespace {

TEST(DatagramSockets, WhatIsSentArrives) {
  testing::DatagramReceiver receiver;
  ASSERT_TRUE(receiver.ok());
  DatagramSocket socket;
  ASSERT_EQ(socket.open("127.0.0.1", receiver.port()), std::error_code());
  EXPECT_EQ(socket.send("one"), std::error_code());
  EXPECT_EQ(socket.send(std::string(5000, 'x')), std::error_code());
  EXPECT_EQ(receiver.receive(), "one");
  EXPECT_EQ(receiver.receive(), std::string(5000, 'x'));
  EXPECT_EQ(socket.send(std::string(70'000, 'x')), std::errc::message_size);
}

TEST(DatagramSockets, WhereNobodyListensIsToldWithTheNextOne) {
  DatagramSocket socket;
  {
    testing::DatagramReceiver receiver;
    ASSERT_EQ(socket.open("127.0.0.1", receiver.port()), std::error_code());
  }
  EXPECT_EQ(socket.send("one"), std::error_code());
  EXPECT_EQ(socket.send("two"), std::errc::connection_refused);
}

TEST(DatagramSockets, WhatCannotBeOpenedIsSaid) {
  DatagramSocket socket;
  // A name that nobody has; where no server can be asked, that is another error.
  const auto error = socket.open("nobody.invalid", 9);
  EXPECT_TRUE(error == std::errc::host_unreachable ||
              error == std::errc::resource_unavailable_try_again)
      << error.message();
  EXPECT_TRUE(socket.send("never opened"));
}

}  // namespace
}  // namespace mien::system
