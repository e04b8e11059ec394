#include "desktop.hpp"

#include <chrono>
#include <thread>

#include "mien/base/error.hpp"
#include "mien/base/threads.hpp"
#include "mien/system/desktop.hpp"

namespace mien::app {
namespace {

constexpr auto kFailureTimeout = std::chrono::milliseconds{1500};

}  // namespace

void open_with_desktop(const std::filesystem::path& path) {
  auto opener = system::open_with_desktop(path);
  if (!opener) {
    throw base::Error("This desktop has no xdg-open (package xdg-utils); open " +
                      path.string() + " yourself.");
  }
  // Where nothing opens folders or pages, it ends soon with an error.
  const auto deadline = std::chrono::steady_clock::now() + kFailureTimeout;
  while (std::chrono::steady_clock::now() < deadline) {
    if (const auto opened = opener->ended()) {
      if (*opened) return;
      throw base::Error("No program of this desktop opens " + path.string() +
                        "; open it yourself.");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
  }
  base::start_detached([opener = *opener]() mutable { opener.wait(); });
}

}  // namespace mien::app
