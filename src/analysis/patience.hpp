#pragma once

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <utility>

#include "mien/base/threads.hpp"

namespace mien::analysis {

/// What `look` gives or throws, from a thread of its own; nothing when it has not come back
/// after `limit`, or when `stop` says so. The thread is then left behind, so `look` owns or
/// shares all that it uses. Throws Error when no thread can be had.
template <typename Result>
std::optional<Result> within(std::chrono::milliseconds limit, const std::function<bool()>& stop,
                             std::function<Result()> look) {
  auto promise = std::make_shared<std::promise<Result>>();
  auto result = promise->get_future();
  base::start_detached([promise, look = std::move(look)] {
    try {
      promise->set_value(look());
    } catch (...) {
      promise->set_exception(std::current_exception());
    }
  });
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (result.wait_for(std::chrono::milliseconds{20}) != std::future_status::ready) {
    if (stop() || std::chrono::steady_clock::now() >= deadline) return std::nullopt;
  }
  return result.get();
}

}  // namespace mien::analysis
