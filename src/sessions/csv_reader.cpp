#include "mien/sessions/csv_reader.hpp"

#include <algorithm>

#include "mien/base/error.hpp"

namespace mien::sessions {
namespace {

constexpr std::size_t kBlock = 1 << 18;
constexpr std::size_t kMaxRowLength = 1 << 20;

}  // namespace

CsvReader::CsvReader(std::string_view text, char separator)
    : text_(text), separator_(separator) {
  if (text_.substr(0, 3) == "\xEF\xBB\xBF") at_ = 3;
}

bool CsvReader::next(std::vector<std::string_view>& cells) {
  while (at_ < text_.size() && (text_[at_] == '\n' || text_[at_] == '\r')) {
    if (text_[at_++] == '\n') ++line_;
  }
  cells.clear();
  used_ = 0;
  complete_ = false;
  row_line_ = line_;
  if (at_ >= text_.size()) return false;
  for (;;) {
    if (at_ < text_.size() && text_[at_] == '"') {
      cells.push_back(quoted_field());
    } else {
      const auto start = at_;
      while (at_ < text_.size() && text_[at_] != separator_ && text_[at_] != '\n' &&
             text_[at_] != '\r') {
        ++at_;
      }
      cells.push_back(text_.substr(start, at_ - start));
    }
    if (at_ >= text_.size()) return true;
    if (text_[at_] == separator_) {
      ++at_;
      continue;
    }
    if (text_[at_] == '\r') ++at_;
    if (at_ < text_.size() && text_[at_] == '\n') {
      ++at_;
      ++line_;
      complete_ = true;
    }
    return true;
  }
}

std::string_view CsvReader::quoted_field() {
  const auto start = ++at_;
  bool doubled = false;
  while (at_ < text_.size()) {
    if (text_[at_] == '\n') ++line_;
    if (text_[at_] == '"') {
      if (at_ + 1 >= text_.size() || text_[at_ + 1] != '"') break;
      doubled = true;
      ++at_;
    }
    ++at_;
  }
  const auto field = text_.substr(start, at_ - start);
  if (at_ < text_.size()) ++at_;  // the closing quote
  // Characters between a closing quote and the separator are invalid and skipped.
  while (at_ < text_.size() && text_[at_] != separator_ && text_[at_] != '\n' &&
         text_[at_] != '\r') {
    ++at_;
  }
  if (!doubled) return field;
  if (used_ == unquoted_.size()) unquoted_.emplace_back();
  auto& plain = unquoted_[used_++];
  plain.clear();
  for (std::size_t i = 0; i < field.size(); ++i) {
    plain += field[i];
    if (field[i] == '"') ++i;
  }
  return plain;
}

CsvFile::CsvFile(const std::filesystem::path& file) : path_(file), file_(file) { refill(0); }

bool CsvFile::next(std::vector<std::string_view>& cells) {
  for (;;) {
    const auto start = reader_->position();
    const auto found = reader_->next(cells);
    if (ended_ || (found && reader_->complete())) return found;
    // The row goes on, or the next one begins, behind what is in memory.
    if (buffer_.size() - start > kMaxRowLength) {
      throw base::Error("The table " + path_.string() + " is damaged in line " +
                        std::to_string(line()) + ": it is longer than any that mien writes.");
    }
    refill(start);
  }
}

void CsvFile::refill(std::size_t keep_from) {
  const auto dropped = buffer_.begin() + static_cast<std::ptrdiff_t>(keep_from);
  first_line_ += static_cast<std::size_t>(std::count(buffer_.begin(), dropped, '\n'));
  buffer_.erase(buffer_.begin(), dropped);
  offset_ += keep_from;
  for (std::size_t got = 0; got < kBlock && !ended_;) {
    const auto size = buffer_.size();
    buffer_.resize(size + kBlock - got);
    const auto count = file_.read(buffer_.data() + size, kBlock - got);
    buffer_.resize(size + count);
    got += count;
    ended_ = count == 0;
  }
  reader_.emplace(buffer_);
}

}  // namespace mien::sessions
