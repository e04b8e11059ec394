#include "mien/system/shared_memory.hpp"

#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "native.hpp"

namespace mien::system {
namespace {

[[noreturn]] void fail_with_memory(const char* what) {
  throw std::system_error(last_error(), what);
}

}  // namespace

SharedMemory::SharedMemory(std::size_t size, Access other)
    : handle_(::memfd_create("mien-model", MFD_CLOEXEC | MFD_ALLOW_SEALING)), size_(size) {
  if (!handle_.valid() || ::ftruncate(descriptor_of(handle_), static_cast<off_t>(size)) != 0) {
    fail_with_memory("had");
  }
  void* const mapped =
      ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor_of(handle_), 0);
  if (mapped == MAP_FAILED) fail_with_memory("mapped");
  data_ = static_cast<unsigned char*>(mapped);
  const int fixed = F_SEAL_SHRINK | F_SEAL_GROW;
  // Kernels before 5.1 have no seal that keeps this mapping and forbids later ones to write;
  // the worker can then write into a picture that only the worker reads.
  if (other == Access::read) ::fcntl(descriptor_of(handle_), F_ADD_SEALS, F_SEAL_FUTURE_WRITE);
  if (::fcntl(descriptor_of(handle_), F_ADD_SEALS, fixed | F_SEAL_SEAL) != 0) {
    unmap();
    fail_with_memory("sealed");
  }
}

SharedMemory::SharedMemory(FileHandle handle, Access access) : handle_(std::move(handle)) {
  struct stat about {};
  if (::fstat(descriptor_of(handle_), &about) != 0) fail_with_memory("had");
  size_ = static_cast<std::size_t>(about.st_size);
  if (size_ == 0) return;
  const int mode = access == Access::write ? PROT_READ | PROT_WRITE : PROT_READ;
  void* const mapped = ::mmap(nullptr, size_, mode, MAP_SHARED, descriptor_of(handle_), 0);
  if (mapped == MAP_FAILED) fail_with_memory("mapped");
  data_ = static_cast<unsigned char*>(mapped);
}

SharedMemory::SharedMemory(SharedMemory&& other) noexcept
    : handle_(std::move(other.handle_)),
      data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)) {}

SharedMemory& SharedMemory::operator=(SharedMemory&& other) noexcept {
  if (this != &other) {
    unmap();
    handle_ = std::move(other.handle_);
    data_ = std::exchange(other.data_, nullptr);
    size_ = std::exchange(other.size_, 0);
  }
  return *this;
}

SharedMemory::~SharedMemory() { unmap(); }

void SharedMemory::unmap() {
  if (data_ != nullptr) ::munmap(data_, size_);
  data_ = nullptr;
}

}  // namespace mien::system
