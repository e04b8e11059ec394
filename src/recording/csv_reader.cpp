#include "csv_reader.hpp"

namespace mien {

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
  // Whatever stands between the quote and the separator is no CSV; it is passed over.
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

}  // namespace mien
