#include "output.hpp"

#include <algorithm>
#include <iostream>

#include "mien/base/error.hpp"
#include "mien/base/log.hpp"
#include "mien/base/redaction.hpp"
#include "mien/base/text.hpp"
#include "mien/base/utf8.hpp"

namespace mien::cli {

void print_problem(const std::string& sentence) {
  const auto line = base::on_one_line(base::redact_addresses(sentence));
  std::cerr << "mien: " + line + '\n' << std::flush;
  base::log::write(base::log::Level::error, "cli", line);
}

void check_output() {
  if (std::cout.flush()) return;
  std::cout.clear();
  throw base::Error("The output cannot be written: the pipe was closed or the disk is full.");
}

void print_line(const std::string& line) {
  std::cout << line << '\n';
  check_output();
}

void print_json(const nlohmann::ordered_json& json) {
  print_line(json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
}

void print_table(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], base::utf8_count(row[i]));
    }
  }
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += row[i];
      if (i + 1 < row.size()) line.append(widths[i] - base::utf8_count(row[i]) + 2, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    print_line(line);
  }
}

std::string percent(double share) { return base::decimal(share * 100, 0) + " %"; }

}  // namespace mien::cli
