#include "shared_memory.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mien/base/error.hpp"
#include "mien/base/text.hpp"

namespace mien::models {
namespace {

[[noreturn]] void fail(const char* what) {
  throw base::Error(std::string("Memory for a third-party model cannot be ") + what + ": " +
                    std::generic_category().message(errno) +
                    "; close other programs and try again.");
}

}  // namespace

SharedMemory::SharedMemory(std::size_t size, Access other)
    : descriptor_(::memfd_create("mien-model", MFD_CLOEXEC | MFD_ALLOW_SEALING)), size_(size) {
  if (descriptor_.get() < 0 || ::ftruncate(descriptor_.get(), static_cast<off_t>(size)) != 0) {
    fail("had");
  }
  void* const mapped =
      ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor_.get(), 0);
  if (mapped == MAP_FAILED) fail("mapped");
  data_ = static_cast<unsigned char*>(mapped);
  const int fixed = F_SEAL_SHRINK | F_SEAL_GROW;
  // Kernels before 5.1 have no seal that keeps this mapping and forbids later ones to write;
  // the worker can then write into a picture that only the worker reads.
  if (other == Access::read) ::fcntl(descriptor_.get(), F_ADD_SEALS, F_SEAL_FUTURE_WRITE);
  if (::fcntl(descriptor_.get(), F_ADD_SEALS, fixed | F_SEAL_SEAL) != 0) {
    unmap();
    fail("sealed");
  }
}

SharedMemory::SharedMemory(base::FileDescriptor descriptor, Access access, std::size_t least)
    : descriptor_(std::move(descriptor)) {
  struct stat about {};
  if (::fstat(descriptor_.get(), &about) != 0) fail("had");
  size_ = static_cast<std::size_t>(about.st_size);
  if (size_ < least) throw base::Error("The memory for a picture is smaller than the picture.");
  const int mode = access == Access::write ? PROT_READ | PROT_WRITE : PROT_READ;
  void* const mapped = ::mmap(nullptr, size_, mode, MAP_SHARED, descriptor_.get(), 0);
  if (mapped == MAP_FAILED) fail("mapped");
  data_ = static_cast<unsigned char*>(mapped);
}

SharedMemory::SharedMemory(SharedMemory&& other) noexcept
    : descriptor_(std::move(other.descriptor_)),
      data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)) {}

SharedMemory& SharedMemory::operator=(SharedMemory&& other) noexcept {
  if (this != &other) {
    unmap();
    descriptor_ = std::move(other.descriptor_);
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

void write_note(SharedMemory& memory, std::string_view text) {
  if (memory.data() == nullptr) return;
  const std::size_t length = std::min({text.size(), kNoteBytes - 1, memory.size() - 1});
  std::memcpy(memory.data(), text.data(), length);
  memory.data()[length] = 0;
}

std::string read_note(const SharedMemory& memory) {
  if (memory.data() == nullptr) return "";
  const auto* const start = reinterpret_cast<const char*>(memory.data());
  // Copied once: the other side may still write.
  std::string text(start, std::min(kNoteBytes, memory.size()));
  if (const auto end = text.find('\0'); end != std::string::npos) text.resize(end);
  return base::clean_text(text, kNoteBytes);
}

}  // namespace mien::models
