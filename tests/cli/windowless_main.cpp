#include "mien/cli/commands.hpp"

int main(int argc, char** argv) {
  return mien::run_command_line(argc, argv,
                                [](const mien::WindowOptions&) { return mien::kDone; });
}
