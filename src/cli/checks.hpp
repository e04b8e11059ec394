#pragma once

#include <cmath>
#include <string>

#include <CLI/CLI.hpp>

#include "mien/base/numbers.hpp"

namespace mien {

/// What option values must be; the text says what is wrong, for the command line's error.
inline const CLI::Validator kSeconds(
    [](std::string& text) -> std::string {
      double value = 0;
      if (!parse_number(text, value) || !std::isfinite(value) || value < 0) {
        return "\"" + text + "\" is not a number of seconds";
      }
      return {};
    },
    "");

inline const CLI::Validator kNotEmpty(
    [](std::string& text) -> std::string { return text.empty() ? "it must not be empty" : ""; },
    "");

}  // namespace mien
