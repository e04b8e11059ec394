#pragma once

#include <cstdlib>
#include <string>

#include <climits>

namespace fake_camera {

/// Frames `first` to `last`, counted from 0; none unless told.
struct FrameRange {
  int first = INT_MAX;
  int last = INT_MAX;

  bool holds(int frame) const { return frame >= first && frame <= last; }
};

/// What FAKE_CAMERA_<n> tells a camera to do. README.md beside lists the words.
struct Script {
  std::string text;  ///< as it was written
  std::string name;
  std::string formats = "MJPG+YUYV";
  bool missing = false;
  bool busy = false;
  bool forbidden = false;
  bool endless = false;
  bool planar = false;
  bool lying_memory = false;
  bool output = false;
  bool full = false;
  bool numbered = false;
  int fixed_width = 0;
  int fixed_height = 0;
  int padding = 0;
  int offset = 0;
  int unplug = INT_MAX;
  int stall = INT_MAX;
  int slow = INT_MAX;
  int restart = INT_MAX;
  std::string intervals = "all";
  FrameRange cut;
  FrameRange empty;
  FrameRange flagged;
  FrameRange lying;
  FrameRange lying_offset;
};

inline FrameRange parse_range(const std::string& text) {
  const auto dash = text.find('-');
  const int first = std::atoi(text.c_str());
  return {first, dash == std::string::npos ? first : std::atoi(text.c_str() + dash + 1)};
}

/// Reads the environment anew, so that a test may change it between two openings.
inline Script read_script(int camera) {
  Script script;
  script.name = camera == 0 ? "Fake Camera One" : "Fake Camera Two";
  const char* variable = std::getenv(("FAKE_CAMERA_" + std::to_string(camera)).c_str());
  script.text = variable != nullptr ? variable : "";
  std::string rest = script.text;
  while (!rest.empty()) {
    const auto comma = rest.find(',');
    const std::string item = rest.substr(0, comma);
    rest = comma == std::string::npos ? "" : rest.substr(comma + 1);
    const auto equals = item.find('=');
    const std::string word = item.substr(0, equals);
    const std::string value = equals == std::string::npos ? "" : item.substr(equals + 1);
    if (word == "name") script.name = value;
    if (word == "formats") script.formats = value;
    if (word == "missing") script.missing = true;
    if (word == "busy") script.busy = true;
    if (word == "forbidden") script.forbidden = true;
    if (word == "endless") script.endless = true;
    if (word == "planar") script.planar = true;
    if (word == "lying-memory") script.lying_memory = true;
    if (word == "output") script.output = true;
    if (word == "full") script.full = true;
    if (word == "numbered") script.numbered = true;
    if (word == "size") {
      script.fixed_width = std::atoi(value.c_str());
      script.fixed_height = std::atoi(value.c_str() + value.find('x') + 1);
    }
    if (word == "padding") script.padding = std::atoi(value.c_str());
    if (word == "offset") script.offset = std::atoi(value.c_str());
    if (word == "lying") script.lying = parse_range(value);
    if (word == "lying-offset") script.lying_offset = parse_range(value);
    if (word == "unplug") script.unplug = std::atoi(value.c_str());
    if (word == "stall") script.stall = std::atoi(value.c_str());
    if (word == "restart") script.restart = std::atoi(value.c_str());
    if (word == "intervals") script.intervals = value;
    if (word == "slow") script.slow = std::atoi(value.c_str());
    if (word == "short") script.cut = parse_range(value);
    if (word == "empty") script.empty = parse_range(value);
    if (word == "flagged") script.flagged = parse_range(value);
  }
  return script;
}

}  // namespace fake_camera
