#include "mien/base/threads.hpp"

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <system_error>
#include <utility>

#include "mien/base/error.hpp"

namespace mien::base {
namespace {

std::atomic<int> running{0};

}  // namespace

std::jthread start_thread(std::function<void()> body) {
  try {
    return std::jthread(std::move(body));
  } catch (const std::system_error& error) {
    throw Error("The program cannot start another thread (" + error.code().message() +
                "); close other programs, or ask for a higher limit of processes.");
  }
}

std::vector<std::jthread> start_threads(std::size_t count, const std::function<void()>& body) {
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < count; ++i) {
    try {
      threads.push_back(start_thread(body));
    } catch (const Error&) {
      if (threads.empty()) throw;
      break;
    }
  }
  return threads;
}

void start_detached(std::function<void()> body) {
  ++running;
  try {
    start_thread([body = std::move(body)]() mutable {
      body();
      body = nullptr;  // what it owns goes before it counts as ended
      --running;
    }).detach();
  } catch (...) {
    --running;
    throw;
  }
}

int detached_threads() { return running; }

void end_process(int code) {
  std::cout << std::flush;
  std::cerr << std::flush;
  std::fflush(nullptr);
  if (detached_threads() > 0) std::_Exit(code);
  std::exit(code);  // NOLINT(concurrency-mt-unsafe): other threads have ended
}

}  // namespace mien::base
