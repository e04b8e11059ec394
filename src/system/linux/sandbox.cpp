#include "mien/system/sandbox.hpp"

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <sched.h>

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "mien/system/sanitized.hpp"

#include "native.hpp"

namespace mien::system {
namespace {

// ---- Landlock: which files may be read ------------------------------------------------------

constexpr std::uint64_t kRead = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;

// The rights that this kernel's version of Landlock knows: those that are named are denied
// unless a rule grants them.
std::uint64_t known_rights(long version) {
  std::uint64_t rights = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;  // all of version 1
  if (version >= 2) rights |= std::uint64_t{1} << 13;             // refer
  if (version >= 3) rights |= std::uint64_t{1} << 14;             // truncate
  return rights;
}

void allow_reading_only(const std::vector<std::filesystem::path>& readable) {
  const long version =
      ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  if (version < 1) return;
  landlock_ruleset_attr attributes{};
  attributes.handled_access_fs = known_rights(version);
  const FileHandle rules(
      ::syscall(SYS_landlock_create_ruleset, &attributes, sizeof(attributes), 0));
  if (!rules.valid()) return;
  const auto allow = [&](const char* path) {
    const FileHandle folder(::open(path, O_PATH | O_CLOEXEC));
    if (!folder.valid()) return;
    landlock_path_beneath_attr rule{};
    rule.allowed_access = kRead;
    rule.parent_fd = descriptor_of(folder);
    ::syscall(SYS_landlock_add_rule, descriptor_of(rules), LANDLOCK_RULE_PATH_BENEATH, &rule,
              0);
  };
  // Libraries that load others when they are first needed, and what they ask of the machine.
  for (const char* path : {"/usr", "/lib", "/lib64", "/etc", "/proc", "/sys"}) allow(path);
  for (const auto& path : readable) allow(path.c_str());
  ::syscall(SYS_landlock_restrict_self, descriptor_of(rules), 0);
}

// ---- seccomp: which calls the kernel takes --------------------------------------------------

#if defined(__x86_64__)
constexpr std::uint32_t kMachine = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t kMachine = AUDIT_ARCH_AARCH64;
#endif

#if defined(__x86_64__) || defined(__aarch64__)

constexpr std::uint32_t kWriting = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND;

// What computing in threads and reading files take. Everything else is answered with EPERM,
// which libraries take for "not here".
constexpr int kAllowed[] = {
    // memory
    __NR_mmap,
    __NR_munmap,
    __NR_mprotect,
    __NR_mremap,
    __NR_madvise,
    __NR_brk,
    __NR_mincore,
    __NR_membarrier,
    // threads and time
    __NR_futex,
    __NR_set_robust_list,
    __NR_get_robust_list,
    __NR_rseq,
    __NR_set_tid_address,
    __NR_sched_yield,
    __NR_sched_getaffinity,
    __NR_sched_setaffinity,
    __NR_sched_getparam,
    __NR_sched_getscheduler,
    __NR_gettid,
    __NR_getpid,
    __NR_getppid,
    __NR_getcpu,
    __NR_exit,
    __NR_exit_group,
    __NR_nanosleep,
    __NR_clock_nanosleep,
    __NR_clock_gettime,
    __NR_clock_getres,
    __NR_gettimeofday,
    __NR_times,
    __NR_getrusage,
    __NR_getrandom,
    __NR_restart_syscall,
    __NR_sysinfo,
    __NR_uname,
    __NR_prlimit64,
    __NR_getrlimit,
    __NR_setrlimit,
    __NR_getuid,
    __NR_geteuid,
    __NR_getgid,
    __NR_getegid,
    // signals to itself; those that end it come from the kernel
    __NR_rt_sigaction,
    __NR_rt_sigprocmask,
    __NR_rt_sigreturn,
    __NR_sigaltstack,
    __NR_tgkill,
    // what is open already
    __NR_read,
    __NR_readv,
    __NR_pread64,
    __NR_write,
    __NR_writev,
    __NR_lseek,
    __NR_close,
    __NR_fstat,
    __NR_fcntl,
    __NR_dup,
    __NR_ppoll,
    __NR_pselect6,
    __NR_sendmsg,
    __NR_recvmsg,
    __NR_sendto,
    __NR_recvfrom,
    __NR_shutdown,
    __NR_getdents64,
    __NR_fadvise64,
    // what may be read (Landlock says what)
    __NR_newfstatat,
    __NR_statx,
    __NR_faccessat,
    __NR_readlinkat,
    __NR_getcwd,
    __NR_statfs,
    __NR_fstatfs,
#if defined(__NR_faccessat2)
    __NR_faccessat2,
#endif
#if defined(__x86_64__)
    __NR_poll,
    __NR_select,
    __NR_stat,
    __NR_lstat,
    __NR_access,
    __NR_readlink,
    __NR_time,
    __NR_arch_prctl,
    __NR_getdents,
#endif
};

constexpr std::uint32_t offset_of(std::size_t argument) {
  // The lower half of a 64-bit argument on these little-endian machines.
  return static_cast<std::uint32_t>(offsetof(seccomp_data, args) + argument * 8);
}

constexpr sock_filter load(std::uint32_t offset) {
  return BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset);
}
constexpr sock_filter answer(std::uint32_t action) { return BPF_STMT(BPF_RET | BPF_K, action); }
// The next instruction only when the loaded word is (or has any bit of) `value`, else skip
// `count`.
constexpr sock_filter unless_is(std::uint32_t value, std::uint8_t count) {
  return BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, count);
}
constexpr sock_filter unless_has(std::uint32_t bits, std::uint8_t count) {
  return BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, bits, 0, count);
}

constexpr std::uint32_t kNo = SECCOMP_RET_ERRNO | EPERM;

void allow_computing_only() {
  std::vector<sock_filter> filter = {
      load(offsetof(seccomp_data, arch)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, kMachine, 1, 0),
      answer(SECCOMP_RET_KILL_PROCESS),
      load(offsetof(seccomp_data, nr)),
  };
  const auto call = [&](int number, std::initializer_list<sock_filter> then) {
    filter.push_back(
        unless_is(static_cast<std::uint32_t>(number), static_cast<std::uint8_t>(then.size())));
    filter.insert(filter.end(), then);
  };
  for (const int number : kAllowed) call(number, {answer(SECCOMP_RET_ALLOW)});
  // Threads, no processes. clone3 keeps its flags where a filter cannot look; without it the C
  // library uses clone.
  call(__NR_clone3, {answer(SECCOMP_RET_ERRNO | ENOSYS)});
  call(__NR_clone, {load(offset_of(0)), unless_has(CLONE_THREAD, 1), answer(SECCOMP_RET_ALLOW),
                    answer(kNo)});
  call(__NR_openat, {load(offset_of(2)), unless_has(kWriting, 1),
                     answer(SECCOMP_RET_ERRNO | EACCES), answer(SECCOMP_RET_ALLOW)});
#if defined(__x86_64__)
  call(__NR_open, {load(offset_of(1)), unless_has(kWriting, 1),
                   answer(SECCOMP_RET_ERRNO | EACCES), answer(SECCOMP_RET_ALLOW)});
#endif
  // The undefined behaviour sanitizer finds out by a pipe whether an object's memory is there.
  if (kSanitized) {
    call(__NR_pipe2, {answer(SECCOMP_RET_ALLOW)});
#if defined(__x86_64__)
    call(__NR_pipe, {answer(SECCOMP_RET_ALLOW)});
#endif
  }
  // Naming a thread.
  call(__NR_prctl,
       {load(offset_of(0)), unless_is(PR_SET_NAME, 1), answer(SECCOMP_RET_ALLOW), answer(kNo)});
  filter.push_back(answer(kNo));
  sock_fprog program{static_cast<unsigned short>(filter.size()), filter.data()};
  if (::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program) !=
      0) {
    ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
  }
}

#else
void allow_computing_only() {}
#endif

}  // namespace

void enter_sandbox(const std::vector<std::filesystem::path>& readable) {
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  allow_reading_only(readable);
  allow_computing_only();
}

}  // namespace mien::system
