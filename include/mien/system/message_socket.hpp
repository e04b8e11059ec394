#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>
#include <system_error>

#include "mien/system/file_handle.hpp"

namespace mien::system {

/// One end of a connection between two processes of this machine: bytes in order, and handles
/// along with them. Nothing but wait() waits. One thread at a time; wait_until_closed() is for
/// another one.
class MessageSocket {
 public:
  MessageSocket() = default;
  explicit MessageSocket(FileHandle handle) : handle_(std::move(handle)) {}

  NativeHandle native() const { return handle_.native(); }

  /// Sends what can be sent now, with the first byte a copy of the handle `along` unless that
  /// is null, and returns how many bytes that were. The error is operation_would_block when
  /// none can, another one when the other side is gone (no signal comes).
  std::size_t send(std::string_view bytes, const FileHandle* along, std::error_code& error);

  /// Takes up to `size` bytes; 0 without an error when the other side has closed. A handle that
  /// came along goes into `along` unless that is null. The error is operation_would_block when
  /// nothing is there yet.
  std::size_t receive(char* to, std::size_t size, FileHandle* along, std::error_code& error);

  enum class Ready { to_send, to_receive };
  /// Waits until it is ready, or closed, or `at_most` is over (nothing: for ever). False when
  /// that is over, or a signal came.
  bool wait(Ready what, std::optional<std::chrono::milliseconds> at_most,
            std::error_code& error) const;

  /// Returns when nobody holds the other end any more.
  void wait_until_closed() const;

  /// Whether the other side has closed and all that it sent was taken.
  bool is_closed() const;

 private:
  FileHandle handle_;
};

}  // namespace mien::system
