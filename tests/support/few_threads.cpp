// A system without threads to spare: a library for LD_PRELOAD with which pthread_create()
// fails, as it does at a limit of processes (which does not bind root, who runs many tests).
//
//   FEW_THREADS=3 LD_PRELOAD=.../libfew_threads.so mien ...   each process may start three

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <dlfcn.h>
#include <pthread.h>

namespace {

std::atomic<int> started{0};

int allowed() {
  const char* const text = std::getenv("FEW_THREADS");
  return text != nullptr ? std::atoi(text) : 0;
}

}  // namespace

extern "C" int pthread_create(pthread_t* thread, const pthread_attr_t* attributes,
                              void* (*body)(void*), void* argument) noexcept {
  using Create = int (*)(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);
  static const auto create = reinterpret_cast<Create>(::dlsym(RTLD_NEXT, "pthread_create"));
  if (started++ >= allowed()) return EAGAIN;
  return create(thread, attributes, body, argument);
}
