#include "mien/base/interruption.hpp"
#include "mien/cli/commands.hpp"
#include "mien/models/model_process.hpp"

int main(int argc, char** argv) {
  mien::install_signal_handlers();
  mien::set_model_worker("/proc/self/exe");
  return mien::run_command_line(argc, argv,
                                [](const mien::WindowOptions&) { return mien::kDone; });
}
