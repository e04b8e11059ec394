#pragma once

#include <map>
#include <string>

#include <CLI/CLI.hpp>

namespace mien {

/// `--encoder NAME`: what FFmpeg calls it comes out, for SessionOptions::encoder. That this
/// system has it is found out when a session begins.
inline CLI::Option* add_encoder_option(CLI::App& command, std::string& value) {
  static const std::map<std::string, std::string> kEncoders = {
      {"h264", "libx264"}, {"vp8", "libvpx"}, {"mjpeg", "mjpeg"}};
  return command
      .add_option("--encoder", value,
                  "How the video is written: h264, vp8 or mjpeg (default: the\n"
                  "first of these that this system has)")
      ->type_name("NAME")
      ->transform(CLI::Validator(
          [](std::string& text) -> std::string {
            const auto found = kEncoders.find(text);
            if (found == kEncoders.end()) {
              return "\"" + text + "\" is no encoder; choose h264, vp8 or mjpeg";
            }
            text = found->second;
            return {};
          },
          ""));
}

}  // namespace mien
