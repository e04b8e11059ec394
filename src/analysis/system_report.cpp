#include "mien/analysis/system_report.hpp"

#include <algorithm>
#include <string_view>

#include "mien/base/utf8.hpp"

namespace mien::analysis {
namespace {

constexpr std::size_t kValueColumn = 18;  // names are chosen to be shorter
constexpr std::size_t kReportWidth = 80;

const char* mark_of(Finding finding) {
  switch (finding) {
    case Finding::good:
      return "  ";
    case Finding::doubtful:
      return "? ";
    case Finding::broken:
      return "! ";
  }
  return "  ";
}

/// `words` behind `begin`, broken at spaces; the lines after the first begin at the column of
/// the values. A word that is longer than a line stays whole, so that it can be copied.
std::string filled_lines(std::string begin, std::string_view words) {
  begin.resize(std::max(begin.size(), kValueColumn), ' ');
  std::string lines;
  std::string line = std::move(begin);
  bool first = true;
  while (!words.empty()) {
    const auto end = std::min(words.find(' '), words.size());
    const auto word = words.substr(0, end);
    words.remove_prefix(std::min(end + 1, words.size()));
    const auto width = base::utf8_count(line) + 1 + base::utf8_count(word);
    if (!first && width > kReportWidth) {
      lines += line + '\n';
      line.assign(kValueColumn, ' ');
      first = true;
    }
    if (!first) line += ' ';
    line += word;
    first = false;
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return lines + line + '\n';
}

std::string times(int count, const char* one, const char* several) {
  return std::to_string(count) + ' ' + (count == 1 ? one : several);
}

}  // namespace

int SystemReport::count(Finding finding) const {
  int found = 0;
  for (const auto& section : sections) {
    found += static_cast<int>(
        std::count_if(section.rows.begin(), section.rows.end(),
                      [&](const SystemRow& row) { return row.finding == finding; }));
  }
  return found;
}

std::string text(const SystemSection& section) {
  std::string lines = section.title + '\n';
  for (const auto& row : section.rows) {
    lines += filled_lines(mark_of(row.finding) + row.name + ' ', row.value);
    if (!row.advice.empty()) lines += filled_lines("", row.advice);
  }
  return lines;
}

std::string verdict(const SystemReport& report) {
  const int broken = report.count(Finding::broken);
  const int doubtful = report.count(Finding::doubtful);
  if (broken == 0 && doubtful == 0) return "Everything works.";
  std::string words;
  if (broken > 0) words = times(broken, "thing is broken", "things are broken");
  if (doubtful > 0) {
    words +=
        (broken > 0 ? ", " : "") + times(doubtful, "thing is doubtful", "things are doubtful");
  }
  return words + (broken == 0 ? "; the rest works." : ".");
}

std::string text(const SystemReport& report) {
  std::string all = kSystemReportTitle + std::string(1, '\n');
  for (const auto& section : report.sections) all += '\n' + text(section);
  return all + '\n' + verdict(report) + '\n';
}

}  // namespace mien::analysis
