#pragma once

#include <mutex>

// Clang's -Wthread-safety proves that guarded members are touched under their lock; other
// compilers see nothing. Words as in Clang's manual.
#if defined(__clang__)
#define MIEN_TS(x) __attribute__((x))
#else
#define MIEN_TS(x)
#endif
#define MIEN_GUARDED_BY(mutex) MIEN_TS(guarded_by(mutex))
#define MIEN_REQUIRES(mutex) MIEN_TS(requires_capability(mutex))
#define MIEN_EXCLUDES(mutex) MIEN_TS(locks_excluded(mutex))

namespace mien::base {

/// std::mutex that Clang's analysis understands. Wait on it with std::condition_variable_any.
class MIEN_TS(capability("mutex")) Mutex {
 public:
  void lock() MIEN_TS(acquire_capability()) { mutex_.lock(); }
  void unlock() MIEN_TS(release_capability()) { mutex_.unlock(); }

 private:
  std::mutex mutex_;
};

class MIEN_TS(scoped_lockable) MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) MIEN_TS(acquire_capability(mutex)) : mutex_(mutex) {
    mutex_.lock();
  }
  ~MutexLock() MIEN_TS(release_capability()) { mutex_.unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

}  // namespace mien::base
