#include "mien/system/signals.hpp"

#include <array>
#include <atomic>
#include <csignal>

#include <fcntl.h>
#include <unistd.h>

#include "mien/system/sanitized.hpp"

#include "native.hpp"

namespace mien::system {
namespace {

// What the handler may touch: atomics without locks.
std::atomic<bool> graceful{false};
std::atomic<bool> requested{false};
std::atomic<int> notify_end{-1};
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free);

constexpr char kRequest = 's';
constexpr char kStop = 'e';

void on_signal(int signal) {
  const int kept_errno = errno;
  if (graceful && !requested.exchange(true)) {
    if (const int pipe = notify_end; pipe >= 0) (void)!::write(pipe, &kRequest, 1);
    errno = kept_errno;
    return;
  }
  constexpr char kWords[] = "mien: Interrupted.\n";
  if (signal != SIGHUP) (void)!::write(STDERR_FILENO, kWords, sizeof kWords - 1);
  // As without a handler, so that a shell knows; it comes when this one returns.
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

/// Returns what was there before.
struct sigaction handle_signal(int signal) {
  struct sigaction before {};
  sigaction(signal, nullptr, &before);
  // Keep SIGHUP ignored under nohup. A script's background job ignores SIGINT too, but a
  // script that sends it there wants an orderly end.
  if (signal == SIGHUP && before.sa_handler == SIG_IGN) return before;
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  sigaction(signal, &action, nullptr);
  return before;
}

constexpr std::array<int, 3> kEndSignals = {SIGINT, SIGTERM, SIGHUP};

}  // namespace

void install_signal_handlers() {
  handle_signal(SIGINT);
  handle_signal(SIGTERM);
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
}

void leave_crashes_to_signals() {
  if (!kSanitized) return;
  for (const int each : {SIGSEGV, SIGBUS, SIGFPE, SIGILL}) std::signal(each, SIG_DFL);
}

struct EndRequests::Before {
  std::array<struct sigaction, kEndSignals.size()> actions{};
};

EndRequests::EndRequests() : before_(std::make_unique<Before>()) {
  std::array<int, 2> ends{-1, -1};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::system_error(last_error());
  wake_ = FileHandle(ends[0]);
  notify_ = FileHandle(ends[1]);
}

EndRequests::~EndRequests() = default;

void EndRequests::start() {
  requested = false;
  notify_end = descriptor_of(notify_);
  graceful = true;
  for (std::size_t i = 0; i < kEndSignals.size(); ++i) {
    before_->actions[i] = handle_signal(kEndSignals[i]);
  }
}

void EndRequests::stop() {
  graceful = false;
  notify_end = -1;
  for (std::size_t i = 0; i < kEndSignals.size(); ++i) {
    sigaction(kEndSignals[i], &before_->actions[i], nullptr);
  }
  std::error_code ignored;
  notify_.write({&kStop, 1}, ignored);
}

bool EndRequests::wait() {
  char byte = 0;
  std::error_code ignored;
  wake_.read(&byte, 1, ignored);
  return byte == kRequest;
}

bool EndRequests::asked() { return requested; }

}  // namespace mien::system
