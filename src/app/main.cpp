#include <cstdio>

#include "mien/base/error.hpp"
#include "mien/base/threads.hpp"
#include "mien/cli/commands.hpp"
#include "mien/models/model_process.hpp"
#include "mien/system/folders.hpp"
#include "mien/system/process.hpp"
#include "mien/system/signals.hpp"

#include "display.hpp"
#include "window_app.hpp"

int main(int argc, char** argv) {
  mien::system::install_signal_handlers();
  mien::system::use_few_heaps();
  mien::models::set_model_worker(mien::system::program_to_start_anew());
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
