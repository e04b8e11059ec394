#include "mien/base/file_descriptor.hpp"

#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

namespace mien::base {

FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept {
  if (this != &other) {
    close();
    value_ = other.release();
  }
  return *this;
}

FileDescriptor::~FileDescriptor() { close(); }

int FileDescriptor::close() {
  if (!valid()) return 0;
  return ::close(release()) == 0 ? 0 : errno;
}

FileDescriptor create_private_file(const std::filesystem::path& file) {
  return FileDescriptor(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
}

int sync_file(int descriptor, bool data_only) {
  int result = 0;
  do {
    result = data_only ? ::fdatasync(descriptor) : ::fsync(descriptor);
  } while (result != 0 && errno == EINTR);
  return result == 0 || errno == EINVAL ? 0 : errno;
}

}  // namespace mien::base
