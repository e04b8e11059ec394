#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "mien/base/numbers.hpp"

namespace mien::cli {

/// One line on stderr, "mien: ...", whatever line ends `sentence` has; without the secrets of
/// addresses. It is logged, too.
void print_problem(const std::string& sentence);

/// Throws Error when stdout cannot be written (a closed pipe, a full disk).
void check_output();

/// On stdout. Throw Error when it cannot be written (a closed pipe, a full disk).
void print_line(const std::string& line);
void print_json(const nlohmann::ordered_json& json);

/// Columns padded to their widest cell, two spaces between; the first row is the heading.
void print_table(const std::vector<std::vector<std::string>>& rows);

/// "97 %"
std::string percent(double share);

}  // namespace mien::cli
