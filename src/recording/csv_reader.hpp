#pragma once

#include <charconv>
#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace mien {

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

/// The whole cell as a number, whatever the locale; false when it is something else.
template <typename Number>
bool csv_value(std::string_view cell, Number& value) {
  const auto* end = cell.data() + cell.size();
  const auto result = std::from_chars(cell.data(), end, value);
  return result.ec == std::errc() && result.ptr == end && !cell.empty();
}

}  // namespace mien
