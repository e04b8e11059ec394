#include "web_crowd.hpp"

namespace mien::outputs {
namespace {

/// Browsers open a few connections ahead that they may not use.
constexpr std::size_t kManySilent = 8;
/// They have so long to end; more than the server's patience with one.
constexpr std::chrono::seconds kLately{10};
constexpr std::chrono::seconds kFullFor{5};

}  // namespace

void WebCrowd::set_room(std::size_t threads) {
  const base::MutexLock lock(mutex_);
  room_ = threads;
}

void WebCrowd::arrived(const void* key, Clock::time_point now) {
  const base::MutexLock lock(mutex_);
  asked_[key] = false;
  if (asked_.size() >= room_) last_full_ = now;
}

void WebCrowd::asked(const void* key) {
  const base::MutexLock lock(mutex_);
  if (const auto found = asked_.find(key); found != asked_.end()) found->second = true;
}

void WebCrowd::left(const void* key, Clock::time_point now) {
  const base::MutexLock lock(mutex_);
  const auto found = asked_.find(key);
  if (found == asked_.end()) return;
  if (asked_.size() >= room_) last_full_ = now;
  if (!found->second) silent_ends_.push_back(now);
  if (silent_ends_.size() > kManySilent) silent_ends_.pop_front();
  asked_.erase(found);
}

std::string WebCrowd::problem(Clock::time_point now) const {
  const base::MutexLock lock(mutex_);
  const bool full = asked_.size() >= room_ || (last_full_ && now - *last_full_ < kFullFor);
  const bool silent =
      silent_ends_.size() >= kManySilent && now - silent_ends_.front() < kLately;
  if (!full || !silent) return {};
  return "Connections that ask for nothing fill the web output, so that others wait; close the "
         "program that makes them.";
}

}  // namespace mien::outputs
