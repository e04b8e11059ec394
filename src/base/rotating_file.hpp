#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "mien/system/file_handle.hpp"

namespace mien::base {

/// A file to which several processes append lines, and which starts anew when it has become
/// large: FILE becomes FILE.1, FILE.1 becomes FILE.2, and FILE.2 goes. spdlog's own rotating
/// sink is for one process: two of them would truncate each other's file.
///
/// Each line is one write of a handle in append mode, so that lines of several processes
/// stay whole on a local disk. Rotation is done by the process that gets the file's lock; the
/// others notice that the name belongs to another file and follow. One thread.
class RotatingFile {
 public:
  /// Opens nothing yet.
  RotatingFile(std::filesystem::path file, std::uintmax_t largest);

  /// Opens the file where that is needed, for the user alone, with the folders above it, and
  /// rotates it. True when what is appended next is this object's first line in that file.
  /// Throws Error when it cannot be opened.
  bool prepare();

  /// Appends to what prepare() opened; `line` has its line end. Throws Error when it cannot be
  /// written.
  void append(std::string_view line);

 private:
  void open();
  void close();
  void rotate();
  bool is_moved() const;

  const std::filesystem::path file_;
  const std::uintmax_t largest_;
  system::FileHandle handle_;
  bool partial_line_ = false;  ///< the disk was full in the middle of a line
};

}  // namespace mien::base
