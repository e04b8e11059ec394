#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "child_process.hpp"

namespace mien::models {

/// Memory that a program and its model worker both see, of a size that neither can change (a
/// file that shrinks under a mapping ends whoever touches it).
class SharedMemory {
 public:
  enum class Access { read, write };

  SharedMemory() = default;
  /// New memory, mapped here for writing. With Access::read for `other`, whoever maps it later
  /// can only read. Throws Error.
  SharedMemory(std::size_t size, Access other);
  /// Maps what came over a socket, when it is at least `least` bytes large. Throws Error.
  SharedMemory(base::FileDescriptor descriptor, Access access, std::size_t least);
  SharedMemory(SharedMemory&& other) noexcept;
  SharedMemory& operator=(SharedMemory&& other) noexcept;
  ~SharedMemory();

  int descriptor() const { return descriptor_.get(); }
  std::size_t size() const { return size_; }
  unsigned char* data() { return data_; }
  const unsigned char* data() const { return data_; }

 private:
  void unmap();

  base::FileDescriptor descriptor_;
  unsigned char* data_ = nullptr;
  std::size_t size_ = 0;
};

/// A line in shared memory that says what a worker is doing: what is left of it when it
/// crashes.
constexpr std::size_t kNoteBytes = 512;
void write_note(SharedMemory& memory, std::string_view text);
/// Printable characters only, whatever stands there.
std::string read_note(const SharedMemory& memory);

}  // namespace mien::models
