#include "mien/system/process.hpp"

#include <algorithm>
#include <csignal>
#include <ctime>
#include <fstream>
#include <malloc.h>
#include <sstream>
#include <string>

#include <sys/resource.h>
#include <unistd.h>

#include "mien/system/sanitized.hpp"

#include "key_value_file.hpp"
#include "native.hpp"

namespace mien::system {
namespace {

constexpr int kLooksAtClocks = 20;
constexpr std::chrono::microseconds kClocksAtOnce{200};

void set_limit(int resource, rlim_t value) {
  rlimit limit{};
  ::getrlimit(static_cast<__rlimit_resource>(resource), &limit);
  limit.rlim_cur = std::min(value, limit.rlim_max);
  ::setrlimit(static_cast<__rlimit_resource>(resource), &limit);
}

}  // namespace

ProcessId own_process() { return {::getpid()}; }

bool is_running(ProcessId process) {
  return ::kill(static_cast<pid_t>(process.number), 0) == 0 || errno != ESRCH;
}

std::chrono::steady_clock::time_point process_start() {
  using std::chrono::steady_clock;
  std::ifstream in("/proc/self/stat");
  std::string text;
  std::getline(in, text);
  // The name, in parentheses, may have anything in it; the state is field 3, the start 22.
  std::istringstream fields(text.substr(std::min(text.size(), text.rfind(')') + 1)));
  std::string skipped;
  for (int field = 3; field < 22; ++field) fields >> skipped;
  long long ticks = -1;
  fields >> ticks;
  // Both clocks at once: another process may run between two looks, on a busy machine for long.
  timespec since_boot{};
  auto now = steady_clock::now();
  for (int attempt = 0; attempt < kLooksAtClocks; ++attempt) {
    const auto before = now;
    if (::clock_gettime(CLOCK_BOOTTIME, &since_boot) != 0) return now;
    now = steady_clock::now();
    if (now - before < kClocksAtOnce) break;
  }
  if (ticks < 0) return now;
  const double age = static_cast<double>(since_boot.tv_sec) +
                     static_cast<double>(since_boot.tv_nsec) * 1e-9 -
                     static_cast<double>(ticks) / static_cast<double>(::sysconf(_SC_CLK_TCK));
  if (!(age > 0)) return now;
  return now -
         std::chrono::duration_cast<steady_clock::duration>(std::chrono::duration<double>(age));
}

double processor_seconds(ProcessId process) {
  clockid_t clock{};
  timespec time{};
  if (::clock_getcpuclockid(static_cast<pid_t>(process.number), &clock) != 0 ||
      ::clock_gettime(clock, &time) != 0) {
    return 0;
  }
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

double peak_memory_mb(ProcessId process) {
  const auto text =
      value_in_file("/proc/" + std::to_string(process.number) + "/status", "VmHWM");
  return text.empty() ? 0 : std::stod(text) / 1024;  // in kB
}

void use_few_heaps() { ::mallopt(M_ARENA_MAX, 2); }  // NOLINT(concurrency-mt-unsafe)

void return_free_memory() { ::malloc_trim(0); }

MemoryLimit::MemoryLimit(std::size_t more) {
  std::ifstream in("/proc/self/statm");
  std::size_t pages = 0;
  in >> pages;
  limit_ = pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)) + more;
  set();
}

void MemoryLimit::grow(std::size_t by) {
  limit_ += by;
  set();
}

// Of the address space.
void MemoryLimit::set() const {
  if (!kSanitized) set_limit(RLIMIT_AS, limit_);
}

void limit_processor_time(std::uint64_t seconds) {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  set_limit(RLIMIT_CPU,
            static_cast<std::uint64_t>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) + seconds);
}

void limit_files(std::size_t most_open) {
  set_limit(RLIMIT_CORE, 0);
  set_limit(RLIMIT_FSIZE, 0);
  set_limit(RLIMIT_NOFILE, most_open);
}

}  // namespace mien::system
