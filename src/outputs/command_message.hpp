#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "mien/outputs/output.hpp"

namespace mien::outputs {

// What goes through a CommandSocket; see there. Any thread.

/// A message may have so many bytes, its line end included.
inline constexpr std::size_t kLongestMessage = 4096;
/// A command that is older than this was not given by somebody who waits for it.
inline constexpr std::chrono::seconds kOldestCommand{60};

/// The command in a message of unknown origin. A marker's text is on one line and valid UTF-8.
/// Throws base::Error with a sentence, also when it is too old at `now`, or later than that.
Command parse_command(std::string_view message, std::chrono::steady_clock::time_point now);

/// The message for a command of a kind that has one, without a line end. Throws base::Error
/// when its text is too long.
std::string command_message(const Command& command);

/// The answer to a message; `problem` is empty when it was taken.
std::string command_answer(const std::string& problem);

/// The problem in an answer, or empty. Throws base::Error when it is no answer.
std::string problem_in_answer(std::string_view answer);

}  // namespace mien::outputs
