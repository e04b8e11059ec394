#pragma once

#include <span>

namespace mien {

/// Starts the log of a program that was called with these words: the file of
/// log::default_file() gets `info` and worse, and stderr nothing, since errors are said there
/// in sentences of their own. MIEN_LOG sets stderr's level; `debug` is the file's, too, and
/// `off` leaves no file. Another word is told in a sentence on stderr and ignored. The
/// libraries' messages come under its control. Call it before other threads start.
void start_log(std::span<const char* const> words);

}  // namespace mien
