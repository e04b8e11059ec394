#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "mien/overlay/palette.hpp"
#include "mien/sessions/faces_table.hpp"

namespace mien::reports {

/// Text that may come from anywhere (names, markers, sources, cards), safe in HTML, in
/// attributes as well. Bytes that are no UTF-8 and control characters become U+FFFD.
std::string html(std::string_view text);

/// "97 %", "0.3 %" for what is there but little, "0 %".
std::string percent_words(double share);
/// "12.3 s", "4 min 05 s", "1 h 02 min".
std::string length_words(double seconds);
/// A moment: "0:07.4", "12:05", "1:02:05"; tenths below ten minutes.
std::string moment(double seconds);
/// "1 frame", "12 frames", "108 000 frames" with thin spaces.
std::string count_words(std::uint64_t count, const char* one, const char* more);
std::string grouped(std::uint64_t count);
/// "22 November 2026, 07:15" from "2026-11-22T07:15:00+01:00"; other texts as they are.
std::string date_words(const std::string& iso);

/// Nearer to black, for outlines on white paper: `share` of each channel stays.
overlay::Color darker(overlay::Color color, double share);

/// A label's colour, its outline on white paper and its word for people.
struct LabelStyle {
  std::string fill;
  std::string outline;
  std::string ink;   ///< black or white, on the fill
  std::string word;  ///< escaped
};
LabelStyle label_look(std::string_view label, int index);

}  // namespace mien::reports
