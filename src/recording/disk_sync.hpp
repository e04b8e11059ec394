#pragma once

#include <atomic>
#include <condition_variable>
#include <thread>
#include <vector>

#include "mien/base/thread_annotations.hpp"

namespace mien {

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
  void add(int descriptor);

  /// The errno of what could not be brought to the disk; 0 for none.
  int problem() const { return problem_; }

 private:
  void run() MIEN_EXCLUDES(mutex_);

  Mutex mutex_;
  std::condition_variable_any changed_;
  std::vector<int> descriptors_ MIEN_GUARDED_BY(mutex_);  ///< its own
  bool stopping_ MIEN_GUARDED_BY(mutex_) = false;
  std::atomic<int> problem_{0};
  std::jthread thread_;
};

}  // namespace mien
