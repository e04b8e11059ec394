// A camera for machines that have none: a library for LD_PRELOAD that answers open, ioctl,
// mmap, write and close for /dev/video*, as V4L2 would. Everything else goes to the kernel as
// it is.
//
//   LD_PRELOAD=.../libfake_camera.so mien --source camera:0
//
// Environment, read at each opening:
//   FAKE_CAMERAS          how many there are, 0 to 8; 2 unless told. Camera n is
//   /dev/video<2n>, and
//                         /dev/video<2n+1> is its metadata node, as UVC webcams have.
//   FAKE_CAMERA_PICTURE   the picture that drifts before them; else the demo's portrait below
//                         MIEN_DATA_DIR, else a pattern
//   FAKE_CAMERA_WRITTEN   the file to which pictures go that are written to one that takes them
//   FAKE_CAMERA_LATE      the file to which goes how late they are, as README.md says
//   FAKE_CAMERA_<n>       what befalls camera n, words with commas between; README.md lists
//   them

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <mutex>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fake_camera_device.hpp"

namespace {

using fake_camera::Device;

constexpr int kMaxDescriptors = 4096;
constexpr int kMaxCameras = 8;
constexpr int kNotOurs = -2;

// Which descriptors are ours is known without the lock, because threads below a fake device's
// own calls (OpenCV's workers) come through here too.
std::array<std::atomic<bool>, kMaxDescriptors> ours{};
std::array<std::shared_ptr<Device>, kMaxDescriptors> devices;
std::recursive_mutex mutex;

bool is_ours(int fd) { return fd >= 0 && fd < kMaxDescriptors && ours[fd]; }

std::shared_ptr<Device> device_of(int fd) {
  const std::lock_guard lock(mutex);
  return devices[fd];
}

int fail(int error) {
  errno = error;
  return -1;
}

// The descriptor, -1 with errno, or kNotOurs.
int open_fake(const char* path) {
  constexpr char kPrefix[] = "/dev/video";
  if (path == nullptr || std::strncmp(path, kPrefix, sizeof kPrefix - 1) != 0) return kNotOurs;
  char* end = nullptr;
  const long number = std::strtol(path + sizeof kPrefix - 1, &end, 10);
  if (end == path + sizeof kPrefix - 1 || *end != 0) return kNotOurs;
  const char* request = std::getenv("FAKE_CAMERAS");
  const long cameras = request != nullptr ? std::min<long>(std::atol(request), kMaxCameras) : 2;
  if (number < 0 || number >= 2 * cameras) return fail(ENOENT);

  const std::lock_guard lock(mutex);
  const int camera = static_cast<int>(number / 2);
  const auto script = fake_camera::read_script(camera);
  if (script.missing || fake_camera::is_unplugged(camera, script)) return fail(ENOENT);
  // The kernel's files tell which node is the first; for a fake there are none, so that its
  // second one, which may not be opened either, is left out.
  if (script.forbidden) return fail(number % 2 == 0 ? EACCES : ENOENT);
  auto device = std::make_shared<Device>(camera, number % 2 == 1);
  const int fd = device->descriptor();
  if (fd < 0 || fd >= kMaxDescriptors) return fail(EMFILE);
  devices[fd] = std::move(device);
  ours[fd] = true;
  return fd;
}

int open_at(int folder, const char* path, int flags, mode_t mode) {
  const int fd = open_fake(path);
  if (fd != kNotOurs) return fd;
  return static_cast<int>(::syscall(SYS_openat, folder, path, flags, mode));
}

mode_t mode_argument(int flags, va_list& arguments) {
  const bool has_mode = (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE;
  return has_mode ? va_arg(arguments, mode_t) : 0;
}

}  // namespace

extern "C" {

int open(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_argument(flags, arguments);
  va_end(arguments);
  return open_at(AT_FDCWD, path, flags, mode);
}

int open64(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_argument(flags, arguments);
  va_end(arguments);
  return open_at(AT_FDCWD, path, flags, mode);
}

int openat(int folder, const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_argument(flags, arguments);
  va_end(arguments);
  return open_at(folder, path, flags, mode);
}

int openat64(int folder, const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_argument(flags, arguments);
  va_end(arguments);
  return open_at(folder, path, flags, mode);
}

// What open() becomes when the caller was compiled with _FORTIFY_SOURCE.
int __open_2(const char* path, int flags) { return open_at(AT_FDCWD, path, flags, 0); }
int __open64_2(const char* path, int flags) { return open_at(AT_FDCWD, path, flags, 0); }

int close(int fd) {
  std::shared_ptr<Device> gone;  // after the lock
  if (is_ours(fd)) {
    const std::lock_guard lock(mutex);
    ours[fd] = false;
    gone = std::move(devices[fd]);
  }
  return static_cast<int>(::syscall(SYS_close, fd));
}

ssize_t write(int fd, const void* bytes, size_t count) {
  if (!is_ours(fd)) return ::syscall(SYS_write, fd, bytes, count);
  const std::lock_guard lock(mutex);
  const auto device = device_of(fd);
  const std::int64_t taken = device ? device->take(bytes, count) : -EBADF;
  return taken >= 0 ? taken : fail(static_cast<int>(-taken));
}

int ioctl(int fd, unsigned long request, ...) {
  va_list arguments;
  va_start(arguments, request);
  void* argument = va_arg(arguments, void*);
  va_end(arguments);
  if (!is_ours(fd)) return static_cast<int>(::syscall(SYS_ioctl, fd, request, argument));
  const std::lock_guard lock(mutex);
  const auto device = device_of(fd);
  const int error = device ? device->control(request, argument) : EBADF;
  return error == 0 ? 0 : fail(error);
}

void* mmap(void* address, size_t length, int protection, int flags, int fd, off_t offset) {
  if (is_ours(fd)) {
    if (const auto device = device_of(fd)) {
      return device->map(address, length, protection, flags, offset);
    }
  }
  return reinterpret_cast<void*>(
      ::syscall(SYS_mmap, address, length, protection, flags, fd, offset));
}

void* mmap64(void* address, size_t length, int protection, int flags, int fd, off64_t offset) {
  return mmap(address, length, protection, flags, fd, offset);
}

}  // extern "C"
