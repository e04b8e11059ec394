#pragma once

#include <filesystem>
#include <string>

#include <fcntl.h>
#include <sys/mount.h>
#include <unistd.h>

#include "support/temporary_folder.hpp"

namespace mien::testing {

/// A mounted file system whose other side never answers, as a network disk that is gone:
/// whoever looks into it waits until let_go(). FUSE without its program; needs the right to
/// mount.
class StalledDisk {
 public:
  StalledDisk() {
    device_ = ::open("/dev/fuse", O_RDWR | O_CLOEXEC);
    if (device_ < 0) return;
    const std::string options = "fd=" + std::to_string(device_) +
                                ",rootmode=40000,user_id=" + std::to_string(::getuid()) +
                                ",group_id=" + std::to_string(::getgid());
    mounted_ = ::mount("stalled", folder_.path().c_str(), "fuse", MS_NOSUID | MS_NODEV,
                       options.c_str()) == 0;
  }
  ~StalledDisk() { let_go(); }
  StalledDisk(const StalledDisk&) = delete;
  StalledDisk& operator=(const StalledDisk&) = delete;

  bool is_there() const { return mounted_; }
  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }

  /// All who wait get an error.
  void let_go() {
    if (mounted_) ::umount2(folder_.path().c_str(), MNT_FORCE | MNT_DETACH);
    mounted_ = false;
    if (device_ >= 0) ::close(device_);
    device_ = -1;
  }

 private:
  TemporaryFolder folder_;
  int device_ = -1;
  bool mounted_ = false;
};

}  // namespace mien::testing
