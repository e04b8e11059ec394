#pragma once

namespace mien::system {

/// Whether stderr is a terminal, where a line can be drawn anew, and no file or pipe. Any
/// thread.
bool errors_go_to_terminal();

}  // namespace mien::system
