#include "mien/cli/commands.hpp"
#include "mien/models/model_process.hpp"
#include "mien/system/folders.hpp"
#include "mien/system/signals.hpp"

int main(int argc, char** argv) {
  mien::system::install_signal_handlers();
  mien::models::set_model_worker(mien::system::program_to_start_anew());
  return mien::cli::run_command_line(
      argc, argv, {.open = [](const mien::base::WindowOptions&) { return mien::cli::kDone; }});
}
