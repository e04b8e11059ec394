#include <cstdio>

#include "mien/base/error.hpp"
#include "mien/cli/commands.hpp"

#include "window_app.hpp"

int main(int argc, char** argv) {
  try {
    return mien::run_command_line(argc, argv, mien::open_window);
  } catch (...) {
    std::fprintf(stderr, "mien: %s\n", mien::describe_current_exception().c_str());
    return mien::kFailed;
  }
}
