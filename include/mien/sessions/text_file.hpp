#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

#include "mien/system/file_handle.hpp"

namespace mien::sessions {

/// A new text file that grows, readable by its owner only. Collects in memory until flush();
/// every failure is an Error. Closed with the object, without writing what was not flushed. One
/// thread.
class TextFile {
 public:
  /// Throws Error when `file` exists already or cannot be made.
  explicit TextFile(std::filesystem::path file);

  void append(std::string_view text) { waiting_ += text; }
  /// Hands what was appended to the system. What could not be written stays for the next try.
  void flush();
  /// Flushes, brings it to the disk and closes. Idempotent.
  void close();

  /// Not valid once closed.
  const system::FileHandle& handle() const { return handle_; }
  std::uintmax_t bytes_written() const { return written_; }

 private:
  [[noreturn]] void fail(const std::error_code& error) const;

  std::filesystem::path file_;
  system::FileHandle handle_;
  std::string waiting_;
  std::uintmax_t written_ = 0;
};

}  // namespace mien::sessions
