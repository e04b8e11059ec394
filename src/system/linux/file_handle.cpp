#include "mien/system/file_handle.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file_status.hpp"
#include "native.hpp"

namespace mien::system {
namespace {

FileHandle opened(const std::filesystem::path& file, int flags, std::error_code& error,
                  mode_t mode = 0) {
  FileHandle handle(::open(file.c_str(), flags | O_CLOEXEC, mode));
  error = handle.valid() ? std::error_code() : last_error();
  return handle;
}

}  // namespace

FileHandle& FileHandle::operator=(FileHandle&& other) noexcept {
  if (this != &other) {
    close();
    native_ = other.release();
  }
  return *this;
}

FileHandle::~FileHandle() { close(); }

std::error_code FileHandle::close() {
  if (!valid()) return {};
  return ::close(static_cast<int>(release())) == 0 ? std::error_code() : last_error();
}

std::size_t FileHandle::read(char* to, std::size_t count, std::error_code& error) {
  for (;;) {
    const ssize_t got = ::read(descriptor_of(*this), to, count);
    error = got >= 0 ? std::error_code() : last_error();
    if (got >= 0) return static_cast<std::size_t>(got);
    if (error != std::errc::interrupted) return 0;
  }
}

std::size_t FileHandle::write(std::string_view bytes, std::error_code& error) {
  for (;;) {
    const ssize_t count = ::write(descriptor_of(*this), bytes.data(), bytes.size());
    error = count >= 0 ? std::error_code() : last_error();
    if (count >= 0) return static_cast<std::size_t>(count);
    if (error != std::errc::interrupted) return 0;
  }
}

std::error_code FileHandle::write_all(std::string_view bytes, std::size_t& written) {
  while (!bytes.empty()) {
    std::error_code error;
    const std::size_t count = write(bytes, error);
    if (error) return error;
    bytes.remove_prefix(count);
    written += count;
  }
  return {};
}

std::int64_t FileHandle::seek(std::int64_t offset, int origin, std::error_code& error) {
  const auto place = ::lseek(descriptor_of(*this), offset, origin);
  error = place >= 0 ? std::error_code() : last_error();
  return place;
}

std::error_code FileHandle::resize(std::uint64_t size) {
  for (;;) {
    if (::ftruncate(descriptor_of(*this), static_cast<off_t>(size)) == 0) return {};
    if (errno != EINTR) return last_error();
  }
}

// Where the file system cannot reserve, glibc writes the bytes.
std::error_code FileHandle::reserve(std::uint64_t bytes) {
  return {::posix_fallocate(descriptor_of(*this), 0, static_cast<off_t>(bytes)),
          std::generic_category()};
}

std::error_code FileHandle::sync(bool data_only) const {
  const int descriptor = descriptor_of(*this);
  for (;;) {
    if ((data_only ? ::fdatasync(descriptor) : ::fsync(descriptor)) == 0) return {};
    if (errno == EINVAL) return {};  // a pipe, and file systems without it
    if (errno != EINTR) return last_error();
  }
}

FileStatus FileHandle::status(std::error_code& error) const {
  struct stat told {};
  if (::fstat(descriptor_of(*this), &told) != 0) {
    error = last_error();
    return {};
  }
  error.clear();
  return status_from(told);
}

FileHandle FileHandle::duplicate() const {
  return FileHandle(::fcntl(descriptor_of(*this), F_DUPFD_CLOEXEC, 0));
}

FileHandle create_private_file(const std::filesystem::path& file, std::error_code& error) {
  return opened(file, O_WRONLY | O_CREAT | O_EXCL, error, 0600);
}

// Without O_NONBLOCK, a FIFO is not open before somebody writes to it.
FileHandle open_to_read(const std::filesystem::path& file, std::error_code& error) {
  return opened(file, O_RDONLY | O_NONBLOCK | O_NOCTTY, error);
}

FileHandle open_to_change(const std::filesystem::path& file, std::error_code& error) {
  return opened(file, O_RDWR | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW, error);
}

FileHandle open_to_append(const std::filesystem::path& file, std::error_code& error) {
  return opened(file, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK | O_NOCTTY, error, 0600);
}

}  // namespace mien::system
