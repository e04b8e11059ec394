#pragma once

#include <filesystem>
#include <optional>

#include "mien/system/process.hpp"

namespace mien::system {

/// A program of the desktop that was asked to open something. One thread at a time; wait() must
/// be called unless ended() has answered, or the system keeps a record of it.
class DesktopOpener {
 public:
  explicit DesktopOpener(ProcessId process) : process_(process) {}

  /// Nothing while it runs; then whether it says that it could open it. Not to be asked again.
  std::optional<bool> ended();
  /// Returns when it has ended: some desktops keep it running for as long as what it opened.
  void wait();

 private:
  ProcessId process_;
};

/// Asks the desktop (xdg-open) to open a file, a folder or an address with the program that the
/// user has for it. Nothing when this desktop has no such thing. It prints nothing.
std::optional<DesktopOpener> open_with_desktop(const std::filesystem::path& path);

}  // namespace mien::system
