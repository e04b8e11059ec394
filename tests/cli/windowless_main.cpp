#include "mien/base/interruption.hpp"
#include "mien/cli/commands.hpp"
#include "mien/models/model_process.hpp"

int main(int argc, char** argv) {
  mien::base::install_signal_handlers();
  mien::models::set_model_worker("/proc/self/exe");
  return mien::cli::run_command_line(
      argc, argv, {.open = [](const mien::base::WindowOptions&) { return mien::cli::kDone; }});
}
