#pragma once

#include <optional>
#include <string>
#include <type_traits>

namespace mien::system {

/// A library that is looked for while the program runs, because it may not be there. It stays
/// loaded until the program ends: what it has started, threads for instance, needs its code.
/// Any thread.
class SharedLibrary {
 public:
  /// `name`: of a file, "libx.so.2", which is looked for where the system has its libraries, or
  /// a path. It runs the library's own code. Nothing when it cannot be loaded, with what the
  /// system says of that in `problem`, which has no end of a sentence.
  static std::optional<SharedLibrary> load(const std::string& name, std::string& problem);

  /// The function of that name; null when the library has none. `Function` has to be its type:
  /// nobody checks that.
  template <typename Function>
  Function* function(const char* name) const {
    static_assert(std::is_function_v<Function>);
    return reinterpret_cast<Function*>(address(name));
  }

 private:
  explicit SharedLibrary(void* handle) : handle_(handle) {}
  void* address(const char* name) const;

  void* handle_;
};

}  // namespace mien::system
