#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <system_error>

#include "mien/system/file_handle.hpp"

namespace mien::system {

/// What programs that ask a LineServer may take of it.
struct LineLimits {
  std::size_t bytes = 4096;                   ///< of a line, its end included
  std::size_t clients = 16;                   ///< at once
  std::chrono::milliseconds patience{2'000};  ///< from coming to having read the answer
};

/// Takes lines of text from programs of the same user on this machine, one from each, and
/// answers each with a line. It has a name in the file system. Whoever writes or reads nothing
/// keeps nobody waiting: they are sent away after `patience`, and before when others need their
/// place. One thread, but for interrupt().
class LineServer {
 public:
  explicit LineServer(LineLimits limits = {});
  /// Takes its name away.
  ~LineServer();
  LineServer(const LineServer&) = delete;
  LineServer& operator=(const LineServer&) = delete;

  /// Takes the name `file`, for this user alone (0600), and that of one which has ended without
  /// taking it away. The error is address_in_use when something else has it, and
  /// filename_too_long for names of more than about 100 bytes.
  std::error_code open(const std::filesystem::path& file);

  /// Answers until interrupt(). `answer` is given a line without its end, and what it returns,
  /// which has no line end in it, is sent back; for a line that is too long, or was cut short,
  /// `unfinished` is.
  void serve(const std::function<std::string(std::string_view line)>& answer,
             const std::string& unfinished);
  /// Ends serve(), now or as soon as it is called. Any thread.
  void interrupt() noexcept;

 private:
  class Client;

  const LineLimits limits_;
  std::filesystem::path file_;
  FileHandle listening_;
  FileHandle wake_;
};

/// Takes away the name of a server that has ended without doing so, and no other. Whether it
/// did. Any thread.
bool remove_left_over_server(const std::filesystem::path& file);

/// Sends a line to the server of that name and returns its answer without the line end. Waits
/// for it, but not for longer than `at_most`. The error is connection_refused or
/// no_such_file_or_directory when nobody serves there, timed_out when no answer came.
std::string ask_line(const std::filesystem::path& file, std::string_view line,
                     std::chrono::milliseconds at_most, std::error_code& error);

}  // namespace mien::system
