#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "mien/base/thread_annotations.hpp"
#include "mien/system/file_handle.hpp"

namespace mien::recording {

/// Throws Error when the disk of a folder, which need not be there yet, has less than
/// `min_free` bytes free.
void require_room(const std::filesystem::path& folder, std::uintmax_t min_free);

/// Watches the room on the session's disk, so that a recording ends in good order before it is
/// full, and keeps a little of it back for that end. One thread.
class DiskSpace {
 public:
  explicit DiskSpace(std::filesystem::path folder);
  /// Frees the reserve.
  ~DiskSpace() { release_reserve(); }
  DiskSpace(const DiskSpace&) = delete;
  DiskSpace& operator=(const DiskSpace&) = delete;

  /// Looks four times a second, however often it is called; `written`: the session's bytes so
  /// far. Throws Error when what is free lasts for two seconds or less.
  void look(std::uintmax_t written);

  [[noreturn]] void fail_full() const;

  /// Frees the reserve, for the files' last bytes. Idempotent.
  void release_reserve() noexcept;

  std::uintmax_t free_bytes() const { return free_; }
  /// Over the last ten seconds; 0 while not known.
  double bytes_per_second() const;

 private:
  using Clock = std::chrono::steady_clock;

  const std::filesystem::path folder_;
  const std::filesystem::path reserve_;
  std::uintmax_t free_ = 0;
  bool logged_low_ = false;
  Clock::time_point looked_{};
  std::deque<std::pair<Clock::time_point, std::uintmax_t>> written_;
};

/// Brings growing files to the disk once a second (fdatasync), in a thread of its own: a disk
/// that is slow to write must not make a recording stall. Members are for one thread.
class DiskSync {
 public:
  /// Throws Error when no thread can be had.
  DiskSync();
  ~DiskSync();
  DiskSync(const DiskSync&) = delete;
  DiskSync& operator=(const DiskSync&) = delete;

  /// A file to be taken care of; its owner may close it at any time.
  void add(const system::FileHandle& file);

  /// Why something could not be brought to the disk, if so.
  std::error_code problem() const { return {problem_, std::generic_category()}; }

 private:
  void run() MIEN_EXCLUDES(mutex_);

  base::Mutex mutex_;
  std::condition_variable_any changed_;
  /// Its own, which stay where they are.
  std::deque<system::FileHandle> files_ MIEN_GUARDED_BY(mutex_);
  bool stopping_ MIEN_GUARDED_BY(mutex_) = false;
  std::atomic<int> problem_{0};
  std::jthread thread_;
};

}  // namespace mien::recording
