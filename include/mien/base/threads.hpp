#pragma once

#include <functional>
#include <thread>
#include <vector>

namespace mien::base {

/// Starts `body` in a thread, joined by its owner. Throws Error, with a sentence for the user,
/// when the system gives the program no more threads.
std::jthread start_thread(std::function<void()> body);

/// Starts `body` in `count` threads, or in fewer when the system gives no more: they share work
/// that one could do alone. Throws as start_thread() does when there is none at all.
std::vector<std::jthread> start_threads(std::size_t count, const std::function<void()>& body);

/// Starts `body` in a thread that nobody joins, for calls that may never return: opening a
/// device, reading a network file system. `body` owns, or shares, all that it uses. Throws as
/// start_thread() does.
void start_detached(std::function<void()> body);

/// How many detached threads have not ended yet. While there are some, the process must end by
/// end_process(): they use what static destructors would take away.
int detached_threads();

/// Ends the process with this exit code; destroys statics only when no detached thread is left.
[[noreturn]] void end_process(int code);

}  // namespace mien::base
