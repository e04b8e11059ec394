#pragma once

namespace mien::base {

/// What the window's first-run notice says, in a few lines on stderr: for those who read faces
/// without a window that could ask. Once for each user, and not to those who have accepted the
/// window's. Never waits and never throws for what cannot be kept.
void print_first_run_notice();

}  // namespace mien::base
