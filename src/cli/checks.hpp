#pragma once

#include <charconv>
#include <cmath>
#include <string>

#include <CLI/CLI.hpp>

namespace mien {

/// What option values must be; the text says what is wrong, for the command line's error.
inline const CLI::Validator kSeconds(
    [](std::string& text) -> std::string {
      double value = 0;
      const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
      if (end.ec != std::errc() || end.ptr != text.data() + text.size() ||
          !std::isfinite(value) || value < 0) {
        return "\"" + text + "\" is not a number of seconds";
      }
      return {};
    },
    "");

inline const CLI::Validator kNotEmpty(
    [](std::string& text) -> std::string { return text.empty() ? "it must not be empty" : ""; },
    "");

}  // namespace mien
