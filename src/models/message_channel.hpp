#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "mien/system/message_socket.hpp"

namespace mien::models {

/// What passes between a program and its model worker. Both are the same build, so numbers are
/// in the machine's own form; each message is a kind, a length and so many bytes.
enum class MessageKind : std::uint32_t {
  load = 1,  ///< to the worker: an order in JSON; with it the memory for the progress note
  picture,   ///< to the worker: a PictureMessage; with it the memory, when that is new
  ready,     ///< from the worker: loaded; a text
  answer,    ///< from the worker: floats
  failure,   ///< from the worker: a sentence
};

struct Message {
  MessageKind kind = MessageKind::failure;
  std::string body;
  system::FileHandle memory;  ///< received by the worker only
};

/// A picture of 8-bit BGR in the shared memory, rows without gaps.
struct PictureMessage {
  std::int32_t rows = 0;
  std::int32_t cols = 0;
};

/// Why a conversation ended; thrown by MessageChannel.
enum class ChannelEnd { closed, late, invalid_message, interrupted };

/// Messages over a socket. Nothing waits beyond its deadline, and no length that the other side
/// names is believed beyond a bound. One thread at a time; does not own the socket.
class MessageChannel {
 public:
  using Deadline = std::chrono::steady_clock::time_point;
  static constexpr Deadline kNever = Deadline::max();

  explicit MessageChannel(system::MessageSocket& socket) : socket_(socket) {}

  /// A copy of the handle `memory` goes along unless that is null. Throws ChannelEnd.
  void send(MessageKind kind, std::string_view body, Deadline deadline,
            const system::FileHandle* memory = nullptr);
  /// The next message, with a body of at most `most` bytes. Throws ChannelEnd.
  Message receive(std::size_t most, Deadline deadline, bool with_memory = false);

 private:
  void wait_for(system::MessageSocket::Ready ready, Deadline deadline) const;
  void receive_bytes(char* into, std::size_t size, Deadline deadline,
                     system::FileHandle* memory);

  system::MessageSocket& socket_;
};

}  // namespace mien::models
