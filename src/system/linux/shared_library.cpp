#include "mien/system/shared_library.hpp"

#include <dlfcn.h>

namespace mien::system {

std::optional<SharedLibrary> SharedLibrary::load(const std::string& name,
                                                 std::string& problem) {
  // Its names stay its own: a library that brings another version of something that the program
  // uses must not take its place.
  void* const handle = ::dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (handle == nullptr) {
    const char* const said = ::dlerror();  // NOLINT(concurrency-mt-unsafe): a thread's own
    problem = said != nullptr ? said : "it cannot be loaded";
    return std::nullopt;
  }
  problem.clear();
  return SharedLibrary(handle);
}

void* SharedLibrary::address(const char* name) const { return ::dlsym(handle_, name); }

}  // namespace mien::system
