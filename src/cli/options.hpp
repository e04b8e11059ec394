#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "mien/base/numbers.hpp"
#include "mien/recording/session_writer.hpp"
#include "mien/reports/exports.hpp"

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

/// `--export FORMAT`, as often as wanted; another word than a format's is an error of the
/// command line.
inline CLI::Option* add_export_option(CLI::App& command, std::vector<std::string>& formats) {
  std::string known;
  std::vector<std::string> ids;
  for (const auto& format : export_formats()) {
    known += (known.empty() ? "" : ", ") + std::string(format.id);
    ids.emplace_back(format.id);
  }
  return command
      .add_option(
          "--export", formats,
          "Write the session for other programs, too; more than once for several:\n" + known)
      ->type_name("FORMAT")
      ->allow_extra_args(false)
      ->check(CLI::Validator(
          [ids, known](std::string& text) -> std::string {
            if (std::find(ids.begin(), ids.end(), text) != ids.end()) return {};
            return "\"" + text + "\" is no export format; choose one of " + known;
          },
          ""));
}

/// `--encoder WORD`: the name of that one of video_encoders() comes out, for
/// SessionOptions::encoder.
inline CLI::Option* add_encoder_option(CLI::App& command, std::string& value) {
  static const auto kThere = video_encoders();
  static const std::string kWords = [] {
    std::string words;
    for (std::size_t i = 0; i < kThere.size(); ++i) {
      words += (i == 0 ? "" : i + 1 < kThere.size() ? ", " : " or ") + kThere[i].word;
    }
    return words;
  }();
  return command
      .add_option("--encoder", value,
                  "How the video is written: " + kWords + "\n(default: the first)")
      ->type_name("WORD")
      ->transform(CLI::Validator(
          [](std::string& text) -> std::string {
            const auto found =
                std::find_if(kThere.begin(), kThere.end(),
                             [&](const auto& each) { return each.word == text; });
            if (found == kThere.end()) {
              return "\"" + text + "\" is no encoder of this system; choose " + kWords;
            }
            text = found->name;
            return {};
          },
          ""));
}

}  // namespace mien
