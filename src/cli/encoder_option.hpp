#pragma once

#include <algorithm>
#include <string>

#include <CLI/CLI.hpp>

#include "mien/recording/session_writer.hpp"

namespace mien {

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
