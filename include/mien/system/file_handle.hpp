#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

namespace mien::system {

/// The system's own number for something that is open: a file descriptor on Linux. Only an
/// implementation of this room, and tests, look at it.
using NativeHandle = std::intptr_t;
inline constexpr NativeHandle kNoHandle = -1;

enum class FileKind { regular, folder, other };

/// Which file it is, whatever its name: two that are equal are one.
struct FileIdentity {
  std::uint64_t disk = 0;
  std::uint64_t number = 0;

  bool operator==(const FileIdentity&) const = default;
};

struct FileStatus {
  FileKind kind = FileKind::other;
  std::uintmax_t size = 0;       ///< bytes
  std::int64_t modified_ns = 0;  ///< nanoseconds since 1970
  bool deleted = false;          ///< open, but without a name
  FileIdentity identity;
};

/// An open file, socket or device, closed with its owner; no program that is started inherits
/// it. One thread, but for sync() and duplicate(), which any thread may call while it is open.
///
/// Here and in the whole room an error is an std::error_code of std::generic_category(), which
/// compares with std::errc and whose message() ends sentences. Nothing throws unless it says
/// so.
class FileHandle {
 public:
  FileHandle() = default;
  explicit FileHandle(NativeHandle native) : native_(native) {}
  FileHandle(FileHandle&& other) noexcept : native_(other.release()) {}
  FileHandle& operator=(FileHandle&& other) noexcept;
  ~FileHandle();

  NativeHandle native() const { return native_; }
  bool valid() const { return native_ != kNoHandle; }
  /// Gives it away: the caller closes it.
  NativeHandle release() { return std::exchange(native_, kNoHandle); }
  /// Not valid afterwards. A file system may report here that a write has failed.
  std::error_code close();

  /// Up to `count` bytes; 0 at the end, and when there is an error.
  std::size_t read(char* to, std::size_t count, std::error_code& error);
  /// One write of the system's, which may take fewer bytes. Returns how many it took. To a
  /// file that was opened with open_to_append(), processes' writes do not mix.
  std::size_t write(std::string_view bytes, std::error_code& error);
  /// Writes until all is written or one write fails, and adds what was written to `written`.
  std::error_code write_all(std::string_view bytes, std::size_t& written);
  /// As std::fseek(), with its SEEK_SET, SEEK_CUR and SEEK_END. Returns the new place.
  std::int64_t seek(std::int64_t offset, int origin, std::error_code& error);
  /// Makes the file `size` bytes long.
  std::error_code resize(std::uint64_t size);
  /// Takes room on the disk for the first `bytes` bytes, so that writing them later cannot find
  /// it full.
  std::error_code reserve(std::uint64_t bytes);

  /// Brings the content to the disk, so that it is there after a power cut; `data_only`:
  /// without its times. Waits for the disk. No error for what has nothing to sync, as a pipe.
  std::error_code sync(bool data_only = false) const;
  FileStatus status(std::error_code& error) const;
  /// Another handle of the same open file; not valid when the system has none left.
  FileHandle duplicate() const;

 private:
  NativeHandle native_ = kNoHandle;
};

/// A new file for writing, for the user alone (0600). Not valid, with an error, when it cannot
/// be made or something has that name already, a link included.
FileHandle create_private_file(const std::filesystem::path& file, std::error_code& error);

/// Opens what is there, or a link to it. Never waits, as opening a FIFO for reading would, and
/// never makes a terminal this process's own: look at status() before reading.
FileHandle open_to_read(const std::filesystem::path& file, std::error_code& error);

/// Opens what is there for reading and writing, not through a link. Never waits.
FileHandle open_to_change(const std::filesystem::path& file, std::error_code& error);

/// Opens a file, made for the user alone when it is missing, to which every write() goes behind
/// what is there, whoever else writes. Never waits: look at status() before writing.
FileHandle open_to_append(const std::filesystem::path& file, std::error_code& error);

}  // namespace mien::system
