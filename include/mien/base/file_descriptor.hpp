#pragma once

#include <filesystem>
#include <utility>

namespace mien::base {

/// An open file, socket or device, closed with its owner; -1 is none. One thread.
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int value) : value_(value) {}
  FileDescriptor(FileDescriptor&& other) noexcept : value_(other.release()) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept;
  ~FileDescriptor();

  int get() const { return value_; }
  bool valid() const { return value_ >= 0; }
  /// Gives it away: the caller closes it.
  int release() { return std::exchange(value_, -1); }
  /// errno, 0 when all is well: a file system may report there that a write has failed. None
  /// afterwards.
  int close();

 private:
  int value_ = -1;
};

/// A new file for writing, for the user alone (0600). Invalid, with errno set, when it cannot
/// be made or something has that name already, a link included.
FileDescriptor create_private_file(const std::filesystem::path& file);

/// Brings a file's content to the disk; `data_only`: without its times. Returns errno, 0 when
/// it is there or the file system has nothing to sync.
int sync_file(int descriptor, bool data_only = false);

}  // namespace mien::base
