#include "worker_memory.hpp"

#include <algorithm>
#include <cstring>
#include <system_error>
#include <utility>

#include "mien/base/error.hpp"
#include "mien/base/text.hpp"

namespace mien::models {
namespace {

template <typename Make>
system::SharedMemory with_sentence(const Make& make) {
  try {
    return make();
  } catch (const std::system_error& failed) {
    throw base::Error(std::string("Memory for a third-party model cannot be ") + failed.what() +
                      "; close other programs and try again.");
  }
}

}  // namespace

system::SharedMemory new_worker_memory(std::size_t size, system::SharedMemory::Access worker) {
  return with_sentence([&] { return system::SharedMemory(size, worker); });
}

system::SharedMemory received_memory(system::FileHandle handle,
                                     system::SharedMemory::Access access, std::size_t least) {
  auto memory = with_sentence([&] { return system::SharedMemory(std::move(handle), access); });
  if (memory.size() < least) {
    throw base::Error("The memory for a picture is smaller than the picture.");
  }
  return memory;
}

void write_note(system::SharedMemory& memory, std::string_view text) {
  if (memory.data() == nullptr) return;
  const std::size_t length = std::min({text.size(), kNoteBytes - 1, memory.size() - 1});
  std::memcpy(memory.data(), text.data(), length);
  memory.data()[length] = 0;
}

std::string read_note(const system::SharedMemory& memory) {
  if (memory.data() == nullptr) return "";
  const auto* const start = reinterpret_cast<const char*>(memory.data());
  // Copied once: the other side may still write.
  std::string text(start, std::min(kNoteBytes, memory.size()));
  if (const auto end = text.find('\0'); end != std::string::npos) text.resize(end);
  return base::clean_text(text, kNoteBytes);
}

}  // namespace mien::models
