#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mien/base/files.hpp"

namespace mien::sessions {

/// Reads RFC 4180 from memory, a row at a time: quoted fields, CRLF or LF, any number of
/// columns, a byte order mark in front. `text` must outlive it. One thread.
class CsvReader {
 public:
  explicit CsvReader(std::string_view text, char separator = ',');

  /// The next row's cells, valid until the next call; false at the end. Empty lines are passed
  /// over.
  bool next(std::vector<std::string_view>& cells);

  /// Of the row that next() gave, from 1.
  std::size_t line() const { return row_line_; }
  /// Whether that row ended in a line end outside quotes: a crash cuts the last one short.
  bool complete() const { return complete_; }
  /// How many bytes of the text have been read, up to behind that row.
  std::size_t position() const { return at_; }

 private:
  std::string_view quoted_field();

  std::string_view text_;
  char separator_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  std::size_t row_line_ = 0;
  bool complete_ = false;
  std::deque<std::string> unquoted_;  ///< fields whose quotes had to be taken out; never move
  std::size_t used_ = 0;
};

/// Reads a CSV file a row at a time, in memory that does not grow with it. The file may come
/// from anybody: it must be a regular one, and no row of it may be longer than a megabyte. One
/// thread.
class CsvFile {
 public:
  /// Throws Error when it cannot be opened.
  explicit CsvFile(const std::filesystem::path& file);

  /// The next row's cells, valid until the next call; false at the end. The last row need not
  /// be complete(). Throws Error.
  bool next(std::vector<std::string_view>& cells);

  /// As CsvReader has them.
  std::size_t line() const { return first_line_ + reader_->line() - 1; }
  bool complete() const { return reader_->complete(); }
  /// The offset in the file behind the row that next() gave.
  std::uint64_t end() const { return offset_ + reader_->position(); }
  /// Whether nothing follows that row.
  bool at_end() const { return ended_ && reader_->position() == buffer_.size(); }

 private:
  void refill(std::size_t keep_from);

  const std::filesystem::path path_;
  base::RegularFile file_;
  std::string buffer_;
  std::uint64_t offset_ = 0;         ///< of the buffer in the file
  std::size_t first_line_ = 1;       ///< of the buffer
  std::optional<CsvReader> reader_;  ///< over the buffer
  bool ended_ = false;               ///< the buffer holds the file's end
};

}  // namespace mien::sessions
