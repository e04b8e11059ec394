#pragma once

#include <cstddef>
#include <span>
#include <system_error>

namespace mien::system {

/// Fills `bytes` with numbers that nobody can foresee, for secrets. Any thread; waits for
/// nothing once the machine has started.
std::error_code fill_with_random(std::span<std::byte> bytes);

}  // namespace mien::system
