#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <system_error>

#include "mien/system/file_handle.hpp"

namespace mien::system {

/// A second handle of a TCP connection that a library in this process has accepted and does not
/// give away: to wait for it and for other threads at once, to take what comes in pieces of
/// one's own size, and to end it. The library's handle stays the library's.
///
/// One thread, but for wake() and end(), which are for any. Errors as in file_handle.hpp.
class AcceptedConnection {
 public:
  /// Looks among what this process has open for the connection between `own_port` of this
  /// computer and `peer_port` of `peer`, an address as "127.0.0.1". Whoever calls knows that it
  /// is open and stays so meanwhile. The error is not_connected when there is none.
  std::error_code find(std::uint16_t own_port, const std::string& peer,
                       std::uint16_t peer_port);

  /// How much the system keeps for a peer that does not read; it may keep twice as much.
  void limit_unread(std::size_t bytes);

  struct Ready {
    bool received = false;  ///< something came, or the other side has closed
    bool woken = false;     ///< by wake(), since the last wait()
  };
  /// Waits until one of both, at most so long.
  Ready wait(std::chrono::milliseconds at_most);
  void wake();

  /// Takes up to `size` bytes; 0 without an error when the other side has closed. Never waits:
  /// the error is operation_would_block when nothing is there.
  std::size_t receive(char* to, std::size_t size, std::error_code& error);

  /// Ends the connection in both directions; the handles stay open.
  void end();

 private:
  FileHandle socket_;
  FileHandle bell_;
};

}  // namespace mien::system
