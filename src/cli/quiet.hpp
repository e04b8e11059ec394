#pragma once

namespace mien {

/// Keeps libraries from writing on stderr, where people read what mien says: OpenCV's and
/// FFmpeg's messages become log lines of level debug. Sets up the log: stderr, warnings and
/// worse, or what MIEN_LOG says (trace, debug, info, warn, err, critical, off). Call it before
/// other threads start.
void set_up_logging();

}  // namespace mien
