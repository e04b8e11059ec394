#include "mien/base/interruption.hpp"

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <set>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "mien/base/error.hpp"
#include "mien/base/thread_annotations.hpp"
#include "mien/base/threads.hpp"

namespace mien::base {
namespace {

// What the handler may touch: atomics without locks.
std::atomic<bool> graceful{false};
std::atomic<bool> requested{false};
std::atomic<int> wake_end{-1};
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free);

void on_signal(int signal) {
  const int kept_errno = errno;
  if (graceful && !requested.exchange(true)) {
    const char byte = 's';
    if (const int pipe = wake_end; pipe >= 0) (void)!::write(pipe, &byte, 1);
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
struct sigaction handle(int signal) {
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

constexpr std::array<int, 3> kSignals = {SIGINT, SIGTERM, SIGHUP};

}  // namespace

void install_signal_handlers() {
  handle(SIGINT);
  handle(SIGTERM);
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
}

struct Interruption::State {
  std::array<struct sigaction, kSignals.size()> before{};
  std::array<int, 2> pipe{-1, -1};
  std::function<void()> on_request;
  Mutex mutex;
  std::set<const std::function<void()>*> watched MIEN_GUARDED_BY(mutex);
  bool told MIEN_GUARDED_BY(mutex) = false;
  std::jthread thread;

  void run() {
    char byte = 0;
    while (::read(pipe[0], &byte, 1) < 0 && errno == EINTR) {
    }
    if (byte != 's') return;  // the object ends
    {
      const MutexLock lock(mutex);
      told = true;
      for (const auto* wake : watched) (*wake)();
    }
    if (on_request) on_request();
  }
};

Interruption::Interruption(std::function<void()> on_request)
    : state_(std::make_unique<State>()) {
  state_->on_request = std::move(on_request);
  if (::pipe2(state_->pipe.data(), O_CLOEXEC) != 0) {
    throw Error("The program has too many files open; close other programs.");
  }
  try {
    state_->thread = start_thread([state = state_.get()] { state->run(); });
  } catch (...) {
    for (const int end : state_->pipe) ::close(end);
    throw;
  }
  requested = false;
  wake_end = state_->pipe[1];
  graceful = true;
  for (std::size_t i = 0; i < kSignals.size(); ++i) state_->before[i] = handle(kSignals[i]);
}

Interruption::~Interruption() {
  graceful = false;
  wake_end = -1;
  for (std::size_t i = 0; i < kSignals.size(); ++i) {
    sigaction(kSignals[i], &state_->before[i], nullptr);
  }
  const char byte = 'e';
  (void)!::write(state_->pipe[1], &byte, 1);
  state_->thread.join();
  for (const int end : state_->pipe) ::close(end);
}

bool Interruption::asked() const { return requested; }

Interruption::Watch::Watch(Interruption& interruption, std::function<void()> wake)
    : interruption_(interruption), wake_(std::move(wake)) {
  const MutexLock lock(interruption_.state_->mutex);
  interruption_.state_->watched.insert(&wake_);
  if (interruption_.state_->told) wake_();
}

Interruption::Watch::~Watch() {
  const MutexLock lock(interruption_.state_->mutex);
  interruption_.state_->watched.erase(&wake_);
}

}  // namespace mien::base
