#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include "mien/system/file_handle.hpp"

struct AVIOContext;

namespace mien::media {

/// A new file for FFmpeg's muxers, for the user alone: avio_open() makes files that everybody
/// may read, and hides short writes. One thread.
class AvFile {
 public:
  /// `make_room` is called when the disk is full, once; then the write is tried again. Throws
  /// Error when `file` exists already or cannot be made.
  explicit AvFile(std::filesystem::path file, std::function<void()> make_room = {});
  ~AvFile();
  AvFile(const AvFile&) = delete;
  AvFile& operator=(const AvFile&) = delete;

  /// Null once closed.
  AVIOContext* io() const { return io_; }
  /// Not valid once closed.
  const system::FileHandle& handle() const { return handle_; }
  /// It had to make room.
  bool was_full() const { return was_full_; }

  /// Discards what is buffered and truncates the file to `size` bytes. Later writes fail.
  void cut(std::int64_t size);
  /// Flushes, brings it to the disk and closes. Returns FFmpeg's error code, 0 for none.
  /// Idempotent.
  int close();

 private:
  static std::int64_t seek(void* self, std::int64_t offset, int whence);
  int write(const std::uint8_t* data, int size);

  const std::filesystem::path file_;
  std::function<void()> make_room_;
  system::FileHandle handle_;
  AVIOContext* io_ = nullptr;
  bool was_full_ = false;
  bool cut_ = false;
};

}  // namespace mien::media
