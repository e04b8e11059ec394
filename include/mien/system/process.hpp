#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace mien::system {

/// A process, by the number that the system gives it.
struct ProcessId {
  std::int64_t number = 0;

  bool operator==(const ProcessId&) const = default;
  bool operator<(const ProcessId& other) const { return number < other.number; }
};

/// This one. Any thread, as all of these unless they say something else.
ProcessId own_process();

/// Whether there is a process of that number, also one of another user.
bool is_running(ProcessId process);

/// When this process was started, before its libraries were loaded; early by up to a hundredth
/// of a second. Now where the system does not tell.
std::chrono::steady_clock::time_point process_start();

/// Seconds of processor time of all threads; 0 when there is no such process.
double processor_seconds(ProcessId process);
/// The most memory that it has had, in units of 1024 x 1024 bytes; 0 when that is not known.
double peak_memory_mb(ProcessId process);

/// The threads share two heaps instead of growing one each: 10 MB less while recording, and 64
/// MB of address space for each further one. Before other threads start. May do nothing.
void use_few_heaps();
/// Gives freed memory back to the system. May do nothing.
void return_free_memory();

/// A limit on what this process may take from the system: so many bytes more than now. Beyond
/// it, memory is refused as when none is left. None with a sanitizer. One thread.
class MemoryLimit {
 public:
  explicit MemoryLimit(std::size_t more);
  void grow(std::size_t by);

 private:
  void set() const;

  std::size_t limit_ = 0;
};

/// The system ends this process when it has taken so much more processor time than now, also
/// when nobody waits for it any more; ProcessEnd::out_of_time then.
void limit_processor_time(std::uint64_t seconds);

/// From now on this process can write to no file, leaves no memory dump when it crashes, and
/// has at most `most_open` files open.
void limit_files(std::size_t most_open);

}  // namespace mien::system
