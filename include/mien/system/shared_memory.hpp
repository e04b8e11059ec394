#pragma once

#include <cstddef>

#include "mien/system/file_handle.hpp"

namespace mien::system {

/// Memory that two processes see, of a size that neither can change (a file that shrinks under
/// a mapping ends whoever touches it). Moved and freed by one thread; what two processes write
/// at once is theirs to agree on.
class SharedMemory {
 public:
  enum class Access { read, write };

  SharedMemory() = default;
  /// New memory, mapped here for writing. With Access::read for `other`, whoever maps it later
  /// can only read, where the system can promise that. Throws std::system_error whose what()
  /// reads on from "cannot be".
  SharedMemory(std::size_t size, Access other);
  /// Maps what came over a socket; nothing is mapped of size 0. Throws as the other one.
  SharedMemory(FileHandle handle, Access access);
  SharedMemory(SharedMemory&& other) noexcept;
  SharedMemory& operator=(SharedMemory&& other) noexcept;
  ~SharedMemory();

  const FileHandle& handle() const { return handle_; }
  std::size_t size() const { return size_; }  ///< bytes
  unsigned char* data() { return data_; }
  const unsigned char* data() const { return data_; }

 private:
  void unmap();

  FileHandle handle_;
  unsigned char* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace mien::system
