#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "mien/system/shared_memory.hpp"

namespace mien::models {

/// Memory that a program and its model worker both see: new, mapped here for writing. Throws
/// Error.
system::SharedMemory new_worker_memory(std::size_t size, system::SharedMemory::Access worker);

/// Maps what came over the socket, when it is at least `least` bytes large. Throws Error.
system::SharedMemory received_memory(system::FileHandle handle,
                                     system::SharedMemory::Access access, std::size_t least);

/// A line in shared memory that says what a worker is doing: what is left of it when it
/// crashes.
constexpr std::size_t kNoteBytes = 512;
void write_note(system::SharedMemory& memory, std::string_view text);
/// Printable characters only, whatever stands there.
std::string read_note(const system::SharedMemory& memory);

}  // namespace mien::models
