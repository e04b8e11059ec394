#include <cstdio>
#include <malloc.h>

#include "mien/base/error.hpp"
#include "mien/base/interruption.hpp"
#include "mien/base/threads.hpp"
#include "mien/cli/commands.hpp"
#include "mien/models/model_process.hpp"

#include "display.hpp"
#include "window_app.hpp"

int main(int argc, char** argv) {
  mien::base::install_signal_handlers();
  // The threads share two heaps instead of growing one each: 10 MB less while recording. There
  // is one thread yet.
  mallopt(M_ARENA_MAX, 2);  // NOLINT(concurrency-mt-unsafe)
  mien::models::set_model_worker("/proc/self/exe");
  int code = mien::cli::kFailed;
  try {
    code = mien::cli::run_command_line(
        argc, argv,
        {.open = mien::app::open_window, .look_at_display = mien::app::look_at_display});
  } catch (...) {
    std::fprintf(stderr, "mien: %s\n", mien::base::describe_current_exception().c_str());
  }
  mien::base::end_process(code);
}
