#pragma once

#include <span>
#include <string>

namespace mien::cli {

/// The processor's name, "unknown processor" when the system has none.
std::string machine_name();

/// Starts the log of a program that was called with these words: the file of
/// log::default_file() gets `info` and worse, and stderr nothing, since errors are printed
/// there as sentences. MIEN_LOG sets stderr's level; `debug` is the file's, too, and
/// `off` leaves no file. An unknown word is reported on stderr and ignored. The
/// libraries' messages come under its control. Call it before other threads start.
void start_log(std::span<const char* const> words);

}  // namespace mien::cli
