#include "disk.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <system_error>
#include <utility>

#include "mien/base/error.hpp"
#include "mien/base/log.hpp"
#include "mien/base/threads.hpp"

namespace mien::recording {
namespace {

using namespace std::chrono_literals;

constexpr auto kCheckInterval = 250ms;
constexpr auto kRateOver = 10s;
/// Enough for half a second of video, the tables and the document.
constexpr std::uintmax_t kReserve = 1 << 20;
/// What must be free, at least, to go on; and how many seconds of writing.
constexpr std::uintmax_t kMinFree = 1 << 20;
constexpr double kMinSeconds = 2;
/// Logged once when less is free.
constexpr std::uintmax_t kLowSpace = 200'000'000;

std::string megabytes(std::uintmax_t bytes) {
  return std::to_string(bytes / 1'000'000) + " MB";
}

/// Milliseconds of a sync after which it is logged.
constexpr double kSlowSync = 2000;

}  // namespace

void require_room(const std::filesystem::path& folder, std::uintmax_t min_free) {
  std::error_code code;
  auto there = folder;
  while (!std::filesystem::exists(there, code) && there.has_relative_path()) {
    there = there.parent_path();
  }
  const auto space = std::filesystem::space(there, code);
  const auto free = space.available;
  // A capacity of 0 says nothing: it is that of the kernel's own file systems.
  if (code || space.capacity == 0 || free >= min_free) return;
  throw base::Error("The disk of " + folder.string() + " has " + megabytes(free) +
                    " free, and a recording needs " + megabytes(min_free) +
                    "; make room or choose another folder.");
}

DiskSpace::DiskSpace(std::filesystem::path folder)
    : folder_(std::move(folder)), reserve_(folder_ / "session.json.room.partial") {
  std::error_code code;
  free_ = std::filesystem::space(folder_, code).available;
  system::FileHandle reserve = system::create_private_file(reserve_, code);
  if (code) return;  // later writes report the error
  if (reserve.reserve(kReserve)) release_reserve();
}

void DiskSpace::look(std::uintmax_t written) {
  const auto now = Clock::now();
  if (now - looked_ < kCheckInterval) return;
  looked_ = now;
  written_.emplace_back(now, written);
  while (written_.size() > 2 && now - written_.front().first > kRateOver) written_.pop_front();
  std::error_code code;
  const auto space = std::filesystem::space(folder_, code);
  if (code) return;
  free_ = space.available;
  const auto needed =
      std::max(kMinFree, static_cast<std::uintmax_t>(kMinSeconds * bytes_per_second()));
  if (free_ < kLowSpace && !std::exchange(logged_low_, true)) {
    base::log::warn("recording", "The disk of ", folder_, " has ", megabytes(free_), " free");
  }
  if (free_ < needed) fail_full();
}

void DiskSpace::fail_full() const {
  throw base::Error("The disk of " + folder_.string() +
                    " is full; make room on it or choose another folder.");
}

void DiskSpace::release_reserve() noexcept {
  std::error_code ignored;
  std::filesystem::remove(reserve_, ignored);
}

double DiskSpace::bytes_per_second() const {
  if (written_.size() < 2) return 0;
  const std::chrono::duration<double> passed = written_.back().first - written_.front().first;
  if (passed < 1s) return 0;
  return static_cast<double>(written_.back().second - written_.front().second) / passed.count();
}

DiskSync::DiskSync() : thread_(base::start_thread([this] { run(); })) {}

DiskSync::~DiskSync() {
  {
    base::MutexLock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void DiskSync::add(const system::FileHandle& file) {
  system::FileHandle own = file.duplicate();
  if (!own.valid()) return;  // the files are synced when they are closed, at least
  base::MutexLock lock(mutex_);
  files_.push_back(std::move(own));
}

void DiskSync::run() {
  base::log::Period minute(std::chrono::minutes(1));
  for (;;) {
    std::vector<const system::FileHandle*> files;
    {
      base::MutexLock lock(mutex_);
      const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{1};
      while (!stopping_ &&
             changed_.wait_until(mutex_, deadline) == std::cv_status::no_timeout) {
      }
      if (stopping_) return;
      for (const auto& each : files_) files.push_back(&each);
    }
    const base::log::Elapsed took;
    for (const auto* file : files) {
      if (const auto error = file->sync(true)) problem_ = error.value();
    }
    if (took() > kSlowSync && minute.over()) {
      base::log::warn("recording", "The disk is slow: it took ", took,
                      " ms to write what waited");
    }
  }
}

}  // namespace mien::recording
